/** Layers without parameters that change height and width: average pooling, pixel shuffle, enlarging. */
import { tf } from "../dependencies/tensorflow.ts";
import { requireNumbers } from "../formats/numbers.ts";
import { asFeatures, type Features, type Tensor4D } from "../tensor/features.ts";
import type { Empty } from "../tensor/tree.ts";
import { fromFunction, type Layer } from "./layer.ts";
import { resizeBilinear } from "./resize.ts";
import { sumOverTaps } from "./taps.ts";

const size = { type: "integer", least: 1, most: 1_000_000 } as const;

/** How an average pooling moves over its input.
 * @category Layers */
export interface AveragePoolOptions {
  /** Step between outputs in pixels, as large as the window by default. */
  readonly stride?: number;
  /** Zeros at every side, which count as pixels as in PyTorch; 0 by default. */
  readonly padding?: number;
}

/**
 * The mean of windows of `windowSize`² pixels: (batch, h, w, C) → (batch, ⌊(h + 2 padding − windowSize) / stride⌋ + 1, …, C).
 *
 * @throws RangeError for sizes that are no whole numbers from 1, or a padding that is none from 0.
 * @category Layers
 */
export const averagePool = <C extends number>(
  channels: C,
  windowSize: number,
  { stride = windowSize, padding = 0 }: AveragePoolOptions = {},
): Layer<Features<C>, Features<C>, Empty, Empty> => {
  const limits = { windowSize: size, stride: size, padding: { ...size, least: 0 } } as const;
  requireNumbers("an average pooling", limits, { windowSize, stride, padding });
  const window = { size: windowSize, stride, dilation: 1, padding };
  return fromFunction((input) =>
    asFeatures(channels, tf.div(sumOverTaps(input, window, "zeros", (seen) => seen), windowSize ** 2))
  );
};

/**
 * Pixel shuffle (Shi et al., CVPR 2016): (batch, h, w, C · factor²) → (batch, h · factor, w · factor, C). Channel
 * c · factor² + i · factor + j is the pixel in row i and column j of each cell, as in PyTorch.
 *
 * @throws RangeError if the input's channels are not factor² times the output's.
 * @category Layers
 */
export const pixelShuffle = <I extends number, O extends number>(
  inputChannels: I,
  outputChannels: O,
  factor: number,
): Layer<Features<I>, Features<O>, Empty, Empty> => {
  requireNumbers("a pixel shuffle", { factor: size }, { factor });
  if (inputChannels !== outputChannels * factor ** 2) {
    throw new RangeError(
      `a pixel shuffle by ${factor} makes ${outputChannels} of ${outputChannels * factor ** 2} channels, ` +
        `found ${inputChannels}`,
    );
  }
  return fromFunction((input) => {
    const [batch, height, width] = input.shape;
    const cells = tf.reshape(input, [batch * height * width, outputChannels, factor ** 2]);
    const pixels = tf.reshape(tf.transpose(cells, [0, 2, 1]), [batch * height, width, factor, factor * outputChannels]);
    const rows = tf.transpose(pixels, [0, 2, 1, 3]);
    return asFeatures(outputChannels, tf.reshape(rows, [batch, height * factor, width * factor, outputChannels]));
  });
};

/** (from, to): a column has its 1 where the output's pixel is read, ⌊pixel · from / to⌋. */
const selection = (from: number, to: number): tf.Tensor2D => {
  const values = new Float32Array(from * to);
  for (let pixel = 0; pixel < to; pixel++) values[Math.floor(pixel * from / to) * to + pixel] = 1;
  return tf.tensor2d(values, [from, to]);
};

/**
 * Resizes (batch, h, w, C) to (batch, height, width, C): output pixel i is input pixel ⌊i · h / height⌋, as PyTorch's
 * "nearest". It is a product with 0 and 1, whose gradient is right at every scale; values must be finite.
 * @category Layers
 */
export const resizeNearest = (x: Tensor4D, [height, width]: readonly [height: number, width: number]): Tensor4D => {
  const [batch, h, w, channels] = x.shape;
  const columnsLast = tf.reshape(tf.transpose(x, [0, 1, 3, 2]), [batch * h * channels, w]);
  const wide = tf.reshape(tf.matMul(columnsLast, selection(w, width)), [batch, h, channels, width]);
  const rowsLast = tf.reshape(tf.transpose(wide, [0, 2, 3, 1]), [batch * channels * width, h]);
  const high = tf.reshape<tf.Rank.R4>(tf.matMul(rowsLast, selection(h, height)), [batch, channels, width, height]);
  return tf.transpose(high, [0, 3, 2, 1]);
};

/**
 * (batch, h, w, C) → (batch, h · factor, w · factor, C), each pixel repeated, or bilinear with half-pixel centres.
 *
 * @throws RangeError for a factor that is no whole number from 1.
 * @category Layers
 */
export const upsample = <C extends number>(
  channels: C,
  factor: number,
  how: "nearest" | "bilinear" = "bilinear",
): Layer<Features<C>, Features<C>, Empty, Empty> => {
  requireNumbers("an upsampling", { factor: size }, { factor });
  const resize = how === "nearest" ? resizeNearest : resizeBilinear;
  return fromFunction((input) =>
    asFeatures(channels, resize(input, [input.shape[1] * factor, input.shape[2] * factor]))
  );
};
