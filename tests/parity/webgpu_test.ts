/** On the GPU, or on a software adapter, the network computes what the published one does, forward and backward. */
import { type Device, openDevice } from "../../lib/backend/device.ts";
import type { CliffNetParams, CliffNetStatistics } from "../../lib/cliffnet/network.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import type { Embedding } from "../../lib/embedding/embedding.ts";
import { describe, orThrow } from "../../lib/errors.ts";
import type { Variables } from "../../lib/nn/layer.ts";
import { assertEquals } from "../../tasks/std.ts";
import { assertGradients, assertLoss, assertSummaries } from "./compare.ts";
import { filledEmbedding, filledVariables } from "./filled.ts";
import { forwardAndBackward, forwardLevels } from "./passes.ts";
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
  readonly device: Device;
  readonly variables: Variables<CliffNetParams, CliffNetStatistics>;
  readonly embedding: Embedding;
}

const opened = await openDevice("webgpu")();
if (opened._tag === "Left") console.log(`skipped: ${describe(opened.left)}`);

const fillAll = async (): Promise<Filled> => ({
  device: orThrow(opened),
  variables: filledVariables(await readPublishedShapes()),
  embedding: filledEmbedding(),
});

const filled = referencePresent && opened._tag === "Right" ? await fillAll() : undefined;

const firstSize = (behaviour: string, run: (filled: Filled, reference: Reference, size: Size) => Promise<void>): void =>
  sizes.slice(0, 1).forEach((size) =>
    Deno.test({
      name: `webgpu, ${sizeText(size)}: ${behaviour}`,
      ignore: filled === undefined,
      fn: async () => {
        if (filled === undefined) return;
        const before = tf.memory().numTensors;
        await run(filled, await readReference(size), size);
        orThrow(await filled.device.health());
        assertEquals(tf.memory().numTensors, before, "tensors left over");
      },
    })
  );

firstSize(
  "the levels of backbone and pyramid and the depth are the published ones",
  async (filled, reference, size) => {
    const { backbone, pyramid, depth } = await forwardLevels(filled.variables, size);
    assertSummaries(reference.eval.backbone, backbone, 1e-4, "C");
    assertSummaries(reference.eval.pyramid, pyramid, 1e-4, "P");
    assertSummaries([reference.eval.depth], [depth], 1e-4, "depth");
  },
);

firstSize(
  "losses and all gradients are the published ones with tracked statistics",
  async (filled, reference, size) => {
    const pass = await forwardAndBackward(filled.variables, filled.embedding, size, "inference");
    assertSummaries([reference.frozen.depth], [pass.depth], 1e-4, "depth");
    assertLoss(reference.frozen, pass, 1e-4);
    assertGradients(reference.frozen, pass, 1e-4);
    assertEquals(pass.gradients.size, 230);
  },
);

firstSize("losses and gradients of training agree but for rounding", async (filled, reference, size) => {
  assertTraining(reference.train, await forwardAndBackward(filled.variables, filled.embedding, size, "training"));
});
