/** The kernels that take the network's time, at its real shapes. */
import { tf } from "../lib/dependencies/tensorflow.ts";
import { normalizeBatch } from "../lib/nn/batch_norm.ts";
import { resizeBilinear } from "../lib/nn/resize.ts";
import { adam } from "../lib/optim/adam.ts";
import { constant } from "../lib/optim/transformation.ts";
import type { Tensor } from "../lib/tensor/features.ts";
import type { Work } from "./measure.ts";

/** A convolution of the network at an input of 228×304: its input's size, its kernel, its channels, its stride. */
interface Convolution {
  readonly size: readonly [height: number, width: number];
  readonly kernel: number;
  readonly from: number;
  readonly to: number;
  readonly stride: number;
}

const convolutions: readonly Convolution[] = [
  { size: [228, 304], kernel: 7, from: 3, to: 64, stride: 2 },
  { size: [57, 76], kernel: 3, from: 256, to: 256, stride: 1 },
  { size: [57, 76], kernel: 1, from: 256, to: 64, stride: 1 },
  { size: [57, 76], kernel: 1, from: 64, to: 256, stride: 1 },
  { size: [29, 38], kernel: 3, from: 128, to: 128, stride: 1 },
  { size: [57, 76], kernel: 1, from: 256, to: 512, stride: 2 },
  { size: [8, 10], kernel: 3, from: 512, to: 512, stride: 1 },
  { size: [8, 10], kernel: 1, from: 512, to: 2048, stride: 1 },
];

const random = (shape: readonly number[], seed: number): Tensor => tf.randomUniform([...shape], -1, 1, "float32", seed);

const outputSize = (size: number, stride: number): number => Math.ceil(size / stride);

const one = (result: tf.Tensor | tf.Tensor[]): tf.Tensor => {
  if (!Array.isArray(result)) return result;
  throw new Error(`found a kernel with ${result.length} results, expected one`);
};

const titleOf = ({ size: [height, width], kernel, from, to, stride }: Convolution): string =>
  `${kernel}×${kernel}${stride === 1 ? "" : `/${stride}`} ${from}→${to} at ${height}×${width}`;

const convolutionWorks = (convolution: Convolution, shrink: number): readonly Work[] => {
  const { size, kernel, from, to, stride } = convolution;
  const [height, width] = [outputSize(size[0], shrink), outputSize(size[1], shrink)];
  const x = random([1, height, width, from], 1);
  const filter = random([kernel, kernel, from, to], 2);
  const dy = random([1, outputSize(height, stride), outputSize(width, stride), to], 3);
  const attributes = {
    strides: stride,
    pad: Math.floor(kernel / 2),
    dataFormat: "NHWC",
    dilations: 1,
    dimRoundingMode: "floor",
  };
  const runs: readonly (readonly [string, string, tf.NamedTensorMap, tf.NamedAttrMap])[] = [
    ["forward", "Conv2D", { x, filter }, attributes],
    ["input gradient", "Conv2DBackpropInput", { dy, filter }, { ...attributes, inputShape: x.shape }],
    ["filter gradient", "Conv2DBackpropFilter", { x, dy }, { ...attributes, filterShape: filter.shape }],
  ];
  return runs.map(([title, name, inputs, attrs]) => ({
    name: `${titleOf({ ...convolution, size: [height, width] })}, ${title}`,
    run: () => one(tf.engine().runKernel(name, inputs, attrs)),
  }));
};

const batchNormWork = (shrink: number): Work => {
  const x = tf.randomUniform<tf.Rank.R4>([1, outputSize(57, shrink), outputSize(76, shrink), 256], -1, 1, "float32", 4);
  const [gamma, beta] = [tf.ones<tf.Rank.R1>([256]), tf.zeros<tf.Rank.R1>([256])];
  const gradient = tf.grad((input) =>
    tf.sum(tf.square(normalizeBatch(input as tf.Tensor4D, gamma, beta, 1e-5).output))
  );
  return { name: `batch norm in training, 256 at ${x.shape[1]}×${x.shape[2]}, both ways`, run: () => gradient(x) };
};

const adamWork = (): Work => {
  const params = { kernel: random([3, 3, 256, 256], 5) };
  const gradients = { kernel: random([3, 3, 256, 256], 6) };
  const optimizer = adam(constant(1e-3), 1e-4);
  const state = optimizer.init(params);
  return { name: "Adam, 589,824 numbers", run: () => optimizer.update(gradients, state, params, 3)[0].kernel };
};

const poolWork = (shrink: number): Work => {
  const x = tf.randomUniform<tf.Rank.R4>([1, outputSize(114, shrink), outputSize(152, shrink), 64], 0, 1, "float32", 7);
  const gradient = tf.grad((input) => tf.sum(tf.square(tf.maxPool(input as tf.Tensor4D, 3, 2, 1))));
  return { name: `max pool 3×3/2, 64 at ${x.shape[1]}×${x.shape[2]}, both ways`, run: () => gradient(x) };
};

const resizeWork = (shrink: number): Work => {
  const [height, width] = [outputSize(29, shrink), outputSize(38, shrink)];
  const x = tf.randomUniform<tf.Rank.R4>([1, height, width, 256], 0, 1, "float32", 8);
  const larger = (input: tf.Tensor) => resizeBilinear(input as tf.Tensor4D, [2 * height, 2 * width]);
  const gradient = tf.grad((input) => tf.sum(tf.square(larger(input))));
  return { name: `bilinear ×2, 256 at ${height}×${width}, both ways`, run: () => gradient(x) };
};

/** All of them, on the current backend; `shrink` divides height and width. Their tensors live as long as the process. */
export const hotKernels = (shrink = 1): readonly Work[] => [
  ...convolutions.flatMap((convolution) => convolutionWorks(convolution, shrink)),
  batchNormWork(shrink),
  poolWork(shrink),
  resizeWork(shrink),
  adamWork(),
];
