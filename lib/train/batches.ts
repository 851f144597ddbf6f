import type { Sample } from "../data/sample.ts";
import { depthTensor, imagesTensor } from "../data/tensors.ts";
import { validMask } from "../tensor/features.ts";
import { scope } from "../tensor/scope.ts";
import type { DepthBatch } from "./learners.ts";

/** Samples of one size as a batch for a depth network. The caller owns its tensors. */
export const depthBatch = (samples: readonly Sample[]): DepthBatch =>
  scope(() => {
    const depth = depthTensor(samples.map((sample) => sample.depth));
    return { images: imagesTensor(samples.map(({ image }) => image)), depth, mask: validMask(depth) };
  });
