/** Convolutions of each channel by itself, and their transpose, which enlarges. */
import { pipe } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import { requireNumbers } from "../formats/numbers.ts";
import { asFeatures, type Features, type Tensor4D } from "../tensor/features.ts";
import type { Empty } from "../tensor/tree.ts";
import { conv, type ConvOptions, type ConvParams, heNormal, windowOf } from "./conv.ts";
import { inputFeatures, type Layer, layer } from "./layer.ts";
import { convolveDepthwise } from "./taps.ts";

const size = { type: "integer", least: 1, most: 1_000_000 } as const;

/** How a depthwise convolution moves over its input.
 * @category Layers */
export type DepthwiseOptions = Omit<ConvOptions, "groups">;

/**
 * Depthwise convolution without a bias: channel c by its own weights (kernel, kernel, c, 0). (batch, height, width, C) →
 * (batch, ⌈height / stride⌉, ⌈width / stride⌉, C) for odd kernels.
 *
 * @throws RangeError for sizes that are no whole numbers from 1.
 * @category Layers
 */
export const depthwiseConv = <C extends number>(
  channels: C,
  kernelSize: number,
  options: DepthwiseOptions = {},
): Layer<Features<C>, Features<C>, ConvParams, Empty> => {
  const limits = { channels: size, kernelSize: size, stride: size, dilation: size } as const;
  const { stride, dilation, padding = "zeros" } = options;
  requireNumbers("a depthwise convolution", limits, { channels, kernelSize, stride, dilation });
  const window = windowOf(kernelSize, options);
  return {
    init: (key) => {
      const drawn = heNormal(key, [kernelSize, kernelSize, 1, channels]);
      return { params: { kernel: tf.reshape(drawn, [kernelSize, kernelSize, channels, 1]) }, statistics: {} };
    },
    form: { params: { kernel: [kernelSize, kernelSize, channels, 1] }, statistics: {} },
    apply: ({ params }, input) => [asFeatures(channels, convolveDepthwise(input, params.kernel, window, padding)), {}],
  };
};

/** Weights of the depthwise and of the 1×1 convolution after it.
 * @category Layers */
export type SeparableConvParams = { readonly depthwise: ConvParams; readonly pointwise: ConvParams };

/** {@link depthwiseConv}, then a 1×1 convolution from I to O channels (Chollet, CVPR 2017).
 * @category Layers */
export const separableConv = <I extends number, O extends number>(
  inputChannels: I,
  outputChannels: O,
  kernelSize: number,
  options: DepthwiseOptions = {},
): Layer<
  Features<I>,
  Features<O>,
  SeparableConvParams,
  { readonly depthwise: Empty; readonly pointwise: Empty }
> =>
  pipe(
    inputFeatures(inputChannels),
    layer("depthwise", depthwiseConv(inputChannels, kernelSize, options)),
    layer("pointwise", conv(inputChannels, outputChannels, 1)),
  );

/** How a transposed convolution moves over its output.
 * @category Layers */
export interface TransposedConvOptions {
  /** By how much it enlarges, 2 by default. */
  readonly stride?: number;
  /** Pixels that are cut from every side of the output, below the kernel's size; 0 by default. */
  readonly padding?: number;
  /** Rows and columns that are added at the end, below the stride: which of the sizes that a convolution of it halves; 0 by default. */
  readonly outputPadding?: number;
}

/** `stride` − 1 zeros after each pixel, in both directions. */
const spaced = (x: Tensor4D, stride: number): Tensor4D => {
  if (stride === 1) return x;
  const [batch, height, width, channels] = x.shape;
  const wide = tf.pad2d(tf.reshape(x, [x.size / channels, channels]), [[0, 0], [0, (stride - 1) * channels]]);
  const row = width * stride * channels;
  const high = tf.pad2d(tf.reshape(wide, [batch * height, row]), [[0, 0], [0, (stride - 1) * row]]);
  return tf.reshape(high, [batch, height * stride, width * stride, channels]);
};

/**
 * Transposed convolution without a bias, as PyTorch's: (batch, h, w, I) → (batch, (h − 1) · stride + kernel − 2 padding +
 * outputPadding, …, O), in which pixel a adds its product with weights (i, j) to pixel stride · a + (i, j) − padding.
 *
 * @throws RangeError for sizes that are no whole numbers from 1, a padding that is none from 0 to kernel − 1, or an output
 * padding that is none from 0 to stride − 1.
 * @category Layers
 */
export const transposedConv = <I extends number, O extends number>(
  inputChannels: I,
  outputChannels: O,
  kernelSize: number,
  { stride = 2, padding = 0, outputPadding = 0 }: TransposedConvOptions = {},
): Layer<Features<I>, Features<O>, ConvParams, Empty> => {
  const limits = {
    ...{ inputChannels: size, outputChannels: size, kernelSize: size, stride: size },
    padding: { ...size, least: 0, most: kernelSize - 1 },
    outputPadding: { ...size, least: 0, most: stride - 1 },
  } as const;
  const sizes = { inputChannels, outputChannels, kernelSize, stride, padding, outputPadding };
  requireNumbers("a transposed convolution", limits, sizes);
  const shape = [kernelSize, kernelSize, inputChannels, outputChannels] as const;
  return {
    init: (key) => ({ params: { kernel: heNormal(key, shape) }, statistics: {} }),
    form: { params: { kernel: shape }, statistics: {} },
    apply: ({ params }, input) => {
      const [, height, width] = input.shape;
      const [before, cut] = [kernelSize - 1 - padding, stride - 1];
      const zeros = tf.pad4d(spaced(input, stride), [[0, 0], [before, before], [before, before], [0, 0]]);
      const used = (side: number): number => side * stride - cut + 2 * before + outputPadding;
      const seen = tf.slice4d(zeros, [0, 0, 0, 0], [input.shape[0], used(height), used(width), inputChannels]);
      const flipped: Tensor4D = tf.reverse(params.kernel, [0, 1]);
      return [asFeatures(outputChannels, tf.conv2d(seen, flipped, 1, 0, "NHWC", 1, "floor")), {}];
    },
  };
};
