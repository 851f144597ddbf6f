/** Gradients of poolings, which TensorFlow.js has wrong with padding or not at all, and of transposed 3-D convolutions. */
import { tf } from "../../dependencies/tensorflow.ts";
import { fourSizes, poolingGeometry } from "../kernel_arguments.ts";
import { along, kept, single, sizeOf } from "./parts.ts";

/** Windows along one axis: their number, distance, size and the zeros before the first pixel. */
interface Windows {
  readonly count: number;
  readonly stride: number;
  readonly size: number;
  readonly before: number;
  readonly pixels: number;
}

/** How many pixels of the picture each window holds. */
const held = ({ count, stride, size, before, pixels }: Windows): readonly number[] =>
  Array.from({ length: count }, (_, k) => {
    const begin = k * stride - before;
    return Math.max(1, Math.min(begin + size, pixels) - Math.max(begin, 0));
  });

/** Each window's number added to all pixels that the window holds, along one axis. */
const spread = (dy: tf.Tensor, axis: number, { count, stride, size, before, pixels }: Windows): tf.Tensor => {
  const [outer, inner] = [sizeOf(dy.shape.slice(0, axis)), sizeOf(dy.shape.slice(axis + 1))];
  const apart = tf.pad(tf.reshape(dy, [outer * count, 1, inner]), [[0, 0], [0, stride - 1], [0, 0]]);
  const rest = Math.max(0, before + pixels - count * stride);
  const framed = tf.pad(tf.reshape(apart, [outer, count * stride, inner]), [[0, 0], [size, rest], [0, 0]]);
  const taps = Array.from(
    { length: size },
    (_, tap) => tf.slice(framed, [0, size + before - tap, 0], [outer, pixels, inner]),
  );
  return tf.reshape(taps.reduce((total, tap) => tf.add(total, tap)), along(dy.shape, axis, pixels));
};

/** The gradient of means of windows along the dimensions from the second on. */
const ofMeans = (dy: tf.Tensor, windows: readonly Windows[]): tf.Tensor => {
  const counts = windows.map(held).reduce((all, next) => all.flatMap((a) => next.map((b) => a * b)), [1]);
  const shares = tf.div(dy, tf.tensor(counts, [1, ...windows.map(({ count }) => count), 1]));
  return windows.reduce((sum, each, k) => spread(sum, k + 1, each), shares);
};

const avgPool: tf.GradConfig = {
  kernelName: "AvgPool",
  inputsToSave: ["x"],
  gradFunc: (dy, saved, attrs) => ({
    x: () => {
      const g = poolingGeometry(attrs, fourSizes("x", kept(saved, 0).shape));
      const [before, pixels] = [[g.padInfo.top, g.padInfo.left], [g.inHeight, g.inWidth]];
      return ofMeans(
        tf.reshape(single(dy), g.outShape),
        windowsOf(
          [g.outHeight, g.outWidth],
          [g.strideHeight, g.strideWidth],
          [g.filterHeight, g.filterWidth],
          before,
          pixels,
        ),
      );
    },
  }),
};

const windowsOf = (...lists: readonly [number[], number[], number[], number[], number[]]): readonly Windows[] => {
  const [counts, strides, sizes, before, pixels] = lists;
  return counts.map((count, k) => ({
    count,
    stride: strides[k] ?? NaN,
    size: sizes[k] ?? NaN,
    before: before[k] ?? NaN,
    pixels: pixels[k] ?? NaN,
  }));
};

type Three = [number, number, number];

const avgPool3d: tf.GradConfig = {
  kernelName: "AvgPool3D",
  inputsToSave: ["x"],
  gradFunc: (dy, saved, attrs) => ({
    x: () => {
      const g = tf.backend_util.computePool3DInfo(
        kept(saved, 0).shape as [number, number, number, number, number],
        attrs.filterSize as Three,
        attrs.strides as Three,
        1,
        attrs.pad as "same" | "valid" | number,
        attrs.dimRoundingMode as "floor" | "round" | "ceil",
      );
      return ofMeans(
        single(dy),
        windowsOf(
          [g.outDepth, g.outHeight, g.outWidth],
          [g.strideDepth, g.strideHeight, g.strideWidth],
          [g.filterDepth, g.filterHeight, g.filterWidth],
          [g.padInfo.front, g.padInfo.top, g.padInfo.left],
          [g.inDepth, g.inHeight, g.inWidth],
        ),
      );
    },
  }),
};

const run = (name: string, inputs: tf.NamedTensorMap, attrs: tf.NamedAttrMap): tf.Tensor =>
  single(tf.engine().runKernel(name, inputs, attrs));

const maxPoolWithArgmax: tf.GradConfig = {
  kernelName: "MaxPoolWithArgmax",
  inputsToSave: ["x"],
  outputsToSave: [true, false],
  gradFunc: (dy, saved, attrs) => ({
    x: () => run("MaxPoolGrad", { dy: single(dy), input: kept(saved, 0), output: kept(saved, 1) }, attrs),
  }),
};

const conv3dTranspose: tf.GradConfig = {
  kernelName: "Conv3DBackpropInputV2",
  inputsToSave: ["dy", "filter"],
  gradFunc: (gradient, saved, attrs) => {
    const [dy, filter, x] = [kept(saved, 0), kept(saved, 1), single(gradient)];
    return {
      dy: () => run("Conv3D", { x, filter }, { ...attrs, dataFormat: "NDHWC", dilations: [1, 1, 1] }),
      filter: () => run("Conv3DBackpropFilterV2", { x, dy }, { ...attrs, filterShape: filter.shape }),
    };
  },
};

/** Of windows of pixels. */
export const windows: readonly tf.GradConfig[] = [avgPool, avgPool3d, maxPoolWithArgmax, conv3dTranspose];
