import { tf } from "../dependencies/tensorflow.ts";
import type { Tensor1D, Tensor2D } from "../tensor/features.ts";
import type { Empty } from "../tensor/tree.ts";
import { linearUniform } from "./initializers.ts";
import type { Layer } from "./layer.ts";

/** Weights (input channels, output channels) and a bias for each output channel. */
export type LinearParams = {
  readonly weight: Tensor2D;
  readonly bias: Tensor1D;
};

/** x · weight + bias: (batch, input channels) → (batch, output channels). */
export const linear = (
  inputChannels: number,
  outputChannels: number,
): Layer<Tensor2D, Tensor2D, LinearParams, Empty> => ({
  init: (key) => ({
    params: {
      weight: linearUniform(key, inputChannels, outputChannels),
      bias: tf.zeros([outputChannels]),
    },
    statistics: {},
  }),
  form: { params: { weight: [inputChannels, outputChannels], bias: [outputChannels] }, statistics: {} },
  apply: ({ params }, input) => [tf.add(tf.matMul(input, params.weight), params.bias), {}],
});
