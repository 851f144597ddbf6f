/** What is asked of a backend: the whole ResNet-50 with filled weights computes what the published network does. */
import type { Device } from "../../lib/backend/device.ts";
import type { CliffNetParams, CliffNetStatistics } from "../../lib/cliffnet/network.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import type { Embedding } from "../../lib/embedding/embedding.ts";
import { orThrow } from "../../lib/errors.ts";
import type { Variables } from "../../lib/nn/layer.ts";
import { assertEquals } from "../std.ts";
import { assertGradients, assertLoss, assertSummaries } from "./compare.ts";
import { filledEmbedding, filledVariables } from "./filled.ts";
import { forwardAndBackward, forwardLevels } from "./passes.ts";
import {
  readPublishedShapes,
  readReference,
  type Reference,
  referencePresent,
  type Size,
  sizeText,
} from "./reference.ts";
import { assertTraining } from "./rounding.ts";

interface Filled {
  readonly variables: Variables<CliffNetParams, CliffNetStatistics>;
  readonly embedding: Embedding;
}

interface Case {
  readonly behaviour: string;
  readonly run: (filled: Filled, reference: Reference, size: Size) => Promise<void>;
}

const levels: Case = {
  behaviour: "the levels of backbone and pyramid and the depth are the published ones",
  run: async ({ variables }, reference, size) => {
    const { backbone, pyramid, depth } = await forwardLevels(variables, size);
    assertSummaries(reference.eval.backbone, backbone, 1e-4, "C");
    assertSummaries(reference.eval.pyramid, pyramid, 1e-4, "P");
    assertSummaries([reference.eval.depth], [depth], 1e-4, "depth");
  },
};

const frozen: Case = {
  behaviour: "losses and all gradients are the published ones with tracked statistics",
  run: async ({ variables, embedding }, reference, size) => {
    const pass = await forwardAndBackward(variables, embedding, size, "inference");
    assertSummaries([reference.frozen.depth], [pass.depth], 1e-4, "depth");
    assertLoss(reference.frozen, pass, 1e-4);
    assertGradients(reference.frozen, pass, 1e-4);
    assertEquals(pass.gradients.size, 230);
  },
};

const training: Case = {
  behaviour: "losses and gradients of training agree but for rounding",
  run: async ({ variables, embedding }, reference, size) =>
    assertTraining(reference.train, await forwardAndBackward(variables, embedding, size, "training")),
};

/** Declares the tests of a backend, open already, at some sizes; skipped where the backend or the numbers are missing. */
export const declareAgreement = async (
  backend: string,
  device: Device | undefined,
  sizes: readonly Size[],
): Promise<void> => {
  const filled = referencePresent && device !== undefined
    ? { device, variables: filledVariables(await readPublishedShapes()), embedding: filledEmbedding() }
    : undefined;
  [levels, frozen, training].forEach(({ behaviour, run }) =>
    sizes.forEach((size) =>
      Deno.test({
        name: `${backend}, ${sizeText(size)}: ${behaviour}`,
        ignore: filled === undefined,
        fn: async () => {
          if (filled === undefined) return;
          const before = tf.memory().numTensors;
          await run(filled, await readReference(size), size);
          orThrow(await filled.device.health());
          assertEquals(tf.memory().numTensors, before, "tensors left over");
        },
      })
    )
  );
};
