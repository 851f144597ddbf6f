/** Gradients where a function has none, as PyTorch has them. */
import type { tf } from "../../../lib/dependencies/tensorflow.ts";
import { absolute, leakyRelu, relu, stopGradient } from "../../../lib/nn/operations.ts";
import { asFeatures } from "../../../lib/tensor/features.ts";

/** A function of feature maps, and its gradient at −2, 0 and 2. */
export interface Kink {
  readonly name: string;
  readonly tensors: (x: tf.Tensor) => tf.Tensor;
  readonly gradient: readonly [below: number, there: number, above: number];
}

const nothing = { params: {}, statistics: {} };

/** The gradients below, at and above 0. */
export const kinks: readonly Kink[] = [
  { name: "ReLU", tensors: (x) => relu(1).apply(nothing, asFeatures(1, x), "training")[0], gradient: [0, 0, 1] },
  {
    name: "leaky ReLU",
    tensors: (x) => leakyRelu(1, 0.25).apply(nothing, asFeatures(1, x), "training")[0],
    gradient: [0.25, 0.25, 1],
  },
  { name: "|x|", tensors: absolute, gradient: [-1, 0, 1] },
  { name: "what is held constant", tensors: stopGradient, gradient: [0, 0, 0] },
];
