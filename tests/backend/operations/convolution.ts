/** Convolutions: of the network, of the Sobel pair, and at inference in one pass with what follows them. */
import { sobel } from "../../../lib/embedding/embedding.ts";
import { biasedConv, conv } from "../../../lib/nn/conv.ts";
import { asFeatures, type Features, type Tensor } from "../../../lib/tensor/features.ts";
import { convolutionShape, convolve as reference } from "../reference.ts";
import { fourOf } from "../support.ts";
import { at, generate, type Numbers, sumOver } from "./numbers.ts";
import { curved, fixed, linear, type Operation, operation } from "./operation.ts";

type Four = readonly [number, number, number, number];

/** A tensor of four dimensions as feature maps. */
export const featuresOf = (x: Tensor): Features<number> => asFeatures(x.shape[3] ?? 0, x);

/** Σ x · w over all taps, ⌊size / 2⌋ zeros around the picture. */
export const convolve = (x: Numbers, w: Numbers, stride: number): Numbers => {
  const [input, filter] = [fourOf(x.shape), fourOf(w.shape)];
  const [rows, columns] = [Math.floor(filter[0] / 2), Math.floor(filter[1] / 2)];
  const form = { input, filter, stride: [stride, stride], padding: [rows, rows, columns, columns] } as const;
  return { shape: convolutionShape(form), values: reference(form, x.values, w.values, []).y };
};

/** Pixels that a convolution of this stride makes. */
export const pixelsMade = ([batch, height, width]: Four, stride: number): number =>
  batch * Math.ceil(height / stride) * Math.ceil(width / stride);

const plain = (input: Four, size: number, outputs: number, stride = 1): Operation => {
  const taps = size * size;
  const kernel = [size, size, input[3], outputs];
  return operation(
    `convolution of [${input}] with [${kernel}], stride ${stride}`,
    [linear(input, taps * outputs), linear(kernel, pixelsMade(input, stride))],
    (x, w) => {
      const layer = conv<number, number>(input[3], outputs, size, { stride });
      return layer.apply({ params: { kernel: featuresOf(w) }, statistics: {} }, featuresOf(x), "training")[0];
    },
    (x, w) => convolve(x, w, stride),
    { terms: taps * input[3] },
  );
};

const biased = (input: Four, size: number, outputs: number): Operation => {
  const kernel = [size, size, input[3], outputs];
  return operation(
    `convolution of [${input}] with [${kernel}] and a bias`,
    [fixed(input), fixed(kernel), curved([outputs], pixelsMade(input, 1))],
    (x, w, b) => {
      const params = { kernel: featuresOf(w), bias: b.as1D() };
      return biasedConv<number, number>(input[3], outputs, size).apply(
        { params, statistics: {} },
        featuresOf(x),
        "training",
      )[0];
    },
    (x, w, b) => {
      const y = convolve(x, w, 1);
      return generate(y.shape, (n, i, j, k) => at(y, n, i, j, k) + at(b, k));
    },
    { terms: size * size * input[3] },
  );
};

/** PAPER, "Hierarchical embedding loss": left minus right, and above minus below. */
const sobelWeights: readonly (readonly (readonly number[])[])[] = [
  [[1, 0, -1], [2, 0, -2], [1, 0, -1]],
  [[1, 2, 1], [0, 0, 0], [-1, -2, -1]],
];

/** The responses of the Sobel pair to depth maps, zeros around them. */
export const sobelOf = (depth: Numbers): Numbers =>
  generate([...depth.shape.slice(0, 3), 2], (n, i, j, k) =>
    sumOver(9, (tap) => {
      const [down, across] = [Math.floor(tap / 3), tap % 3];
      const value = at(depth, n, i + down - 1, j + across - 1, 0);
      return Number.isNaN(value) ? 0 : value * (sobelWeights[k]?.[down]?.[across] ?? NaN);
    }));

const gradientOfDepth = (shape: Four): Operation =>
  operation(`Sobel pair of [${shape}]`, [linear(shape, 12)], (x) => sobel(asFeatures(1, x))[0] ?? x, sobelOf, {
    terms: 6,
  });

/**
 * Sizes of the pyramid, strides, kernels, and channels that fill vectors and such that do not; of these only some pairs,
 * as a GPU compiles for each pair anew.
 */
export const convolutions: readonly Operation[] = [
  plain([1, 57, 76, 3], 7, 8, 2),
  plain([3, 15, 19, 3], 7, 8, 2),
  plain([1, 57, 76, 8], 3, 8),
  plain([1, 57, 76, 3], 1, 64),
  plain([3, 29, 38, 1], 3, 4),
  plain([3, 29, 38, 4], 3, 1),
  plain([3, 29, 38, 8], 1, 8, 2),
  plain([3, 15, 19, 5], 3, 6, 2),
  plain([1, 15, 19, 8], 3, 8, 2),
  plain([3, 8, 10, 5], 1, 3, 2),
  plain([1, 8, 10, 68], 3, 4),
  plain([3, 8, 10, 7], 1, 1),
  plain([1, 5, 3, 5], 3, 6),
  plain([3, 1, 1, 1], 3, 4, 2),
  biased([3, 8, 10, 5], 3, 6),
  biased([1, 15, 19, 4], 3, 1),
  gradientOfDepth([1, 57, 76, 1]),
  gradientOfDepth([3, 8, 10, 1]),
];
