/**
 * Convolution, batch norm and ReLU of more than one input: of feature maps that are joined along channels, and plus
 * other feature maps. Where all of it is one kernel, nothing is joined, multiplied, resized or added in its own pass.
 */
import { tf } from "../dependencies/tensorflow.ts";
import { asFeatures, type Features } from "../tensor/features.ts";
import type { BatchNormOptions } from "./batch_norm.ts";
import {
  type BiasedConvNormParams,
  biasedConvNormRelu,
  type ConvNormParams,
  convNormRelu,
  type ConvNormStatistics,
} from "./conv_norm.ts";
import { alone, constantsOf, fusable, joinedWith, type Reads, rectified } from "./fused_convolution.ts";
import { compose, fromFunction, type Layer } from "./layer.ts";
import { resizeBilinear } from "./resize.ts";

/** {@link convNormRelu} of joined feature maps, 2 · `channels` in all. */
export const joinedConvNormRelu = <C extends number, O extends number>(
  channels: C,
  outputChannels: O,
  kernelSize: number,
  options: BatchNormOptions = {},
): Layer<JoinedFeatures<C>, Features<O>, ConvNormParams, ConvNormStatistics> => {
  const layer = compose(fromFunction(concatenated<C>), convNormRelu(2 * channels, outputChannels, kernelSize, options));
  return fusable(layer, (input) => ({ input }), outputChannels, rectified, constantsOf(options));
};

/** {@link joinedConvNormRelu}, then the sum with feature maps of its output's shape. */
export const joinedConvNormReluAdd = <C extends number, O extends number>(
  channels: C,
  outputChannels: O,
  kernelSize: number,
  options: BatchNormOptions = {},
): Layer<
  readonly [joined: JoinedFeatures<C>, identity: Features<O>],
  Features<O>,
  ConvNormParams,
  ConvNormStatistics
> => {
  const layer = joinedWith(
    joinedConvNormRelu(channels, outputChannels, kernelSize, options),
    (output, identity: Features<O>) => asFeatures(outputChannels, tf.add(output, identity)),
  );
  const reads = ([input, identity]: readonly [JoinedFeatures<C>, Features<O>]): Reads => ({
    input,
    residual: { features: identity, added: "after activation" },
  });
  return fusable(layer, reads, outputChannels, rectified, constantsOf(options));
};

/** {@link biasedConvNormRelu}, then the sum with coarser feature maps, bilinearly upsampled to its output's size. */
export const biasedConvNormReluAddUpsampled = <I extends number, O extends number>(
  inputChannels: I,
  outputChannels: O,
  kernelSize: number,
  options: BatchNormOptions = {},
): Layer<
  readonly [fine: Features<I>, coarse: Features<O>],
  Features<O>,
  BiasedConvNormParams,
  ConvNormStatistics
> => {
  const layer = joinedWith(
    biasedConvNormRelu(inputChannels, outputChannels, kernelSize, options),
    (output, coarse: Features<O>) => {
      const upsampled = resizeBilinear(coarse, [output.shape[1], output.shape[2]]);
      return asFeatures(outputChannels, tf.add(output, upsampled));
    },
  );
  const reads = ([fine, coarse]: readonly [Features<I>, Features<O>]): Reads => ({
    ...alone(fine),
    residual: { features: coarse, added: "after activation" },
  });
  return fusable(layer, reads, outputChannels, rectified, constantsOf(options));
};

/**
 * Feature maps that are to be joined along channels, (batch, height, width, 2 C): [first, second], or [first, second ⊙
 * gain] if there is a gain. They are a description, so that what reads them can do so where they are.
 */
export interface JoinedFeatures<C extends number> {
  /** (batch, height, width, C). */
  readonly first: Features<C>;
  /** Of the shape of `first`. */
  readonly second: Features<C>;
  /** Of the shape of `first`: what `second` is multiplied by, element by element. */
  readonly gain?: Features<C>;
}

/** The tensor that joined feature maps describe. */
export const concatenated = <C extends number>({ first, second, gain }: JoinedFeatures<C>): Features<number> =>
  asFeatures<number>(
    first.shape[3] + second.shape[3],
    tf.concat([first, gain === undefined ? second : tf.mul(second, gain)], 3),
  );
