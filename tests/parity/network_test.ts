/** This library's network computes what the published one does: the whole ResNet-50 with filled weights, on wasm. */
import { openDevice } from "../../lib/backend/device.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { orThrow } from "../../lib/errors.ts";
import type { Embedding } from "../../lib/embedding/embedding.ts";
import type { CliffNetParams, CliffNetStatistics } from "../../lib/cliffnet/network.ts";
import type { Variables } from "../../lib/nn/layer.ts";
import { assertEquals } from "../../tasks/std.ts";
import { filledEmbedding, filledVariables } from "./filled.ts";
import { forwardAndBackward, forwardLevels } from "./passes.ts";
import { assertGradients, assertLoss, assertSummaries } from "./compare.ts";
import {
  readPublishedShapes,
  readReference,
  type Reference,
  referencePresent,
  type Size,
  sizes,
  sizeText,
} from "./reference.ts";
import { assertTraining } from "./rounding.ts";

interface Filled {
  readonly variables: Variables<CliffNetParams, CliffNetStatistics>;
  readonly embedding: Embedding;
}

const fillAll = async (): Promise<Filled> => {
  orThrow(await openDevice("wasm")());
  return { variables: filledVariables(await readPublishedShapes()), embedding: filledEmbedding() };
};

const filled = referencePresent ? await fillAll() : undefined;

const eachSize = (behaviour: string, run: (filled: Filled, reference: Reference, size: Size) => Promise<void>): void =>
  sizes.forEach((size) =>
    Deno.test({
      name: `wasm, ${sizeText(size)}: ${behaviour}`,
      ignore: filled === undefined,
      fn: async () => {
        if (filled === undefined) return;
        const before = tf.memory().numTensors;
        await run(filled, await readReference(size), size);
        assertEquals(tf.memory().numTensors, before, "tensors left over");
      },
    })
  );

eachSize("the levels of backbone and pyramid and the depth are the published ones", async (filled, reference, size) => {
  const { backbone, pyramid, depth } = await forwardLevels(filled.variables, size);
  assertSummaries(reference.eval.backbone, backbone, 1e-4, "C");
  assertSummaries(reference.eval.pyramid, pyramid, 1e-4, "P");
  assertSummaries([reference.eval.depth], [depth], 1e-4, "depth");
});

eachSize("losses and all gradients are the published ones with tracked statistics", async (filled, reference, size) => {
  const pass = await forwardAndBackward(filled.variables, filled.embedding, size, "inference");
  assertSummaries([reference.frozen.depth], [pass.depth], 1e-4, "depth");
  assertLoss(reference.frozen, pass, 1e-4);
  assertGradients(reference.frozen, pass, 1e-4);
  assertEquals(pass.gradients.size, 230);
});

eachSize("losses and gradients of training agree but for rounding", async (filled, reference, size) => {
  const pass = await forwardAndBackward(filled.variables, filled.embedding, size, "training");
  assertTraining(reference.train, pass);
});
