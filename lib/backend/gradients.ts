/**
 * Gradients that TensorFlow.js has wrong or not at all, composed of its operations, so that they are right on every backend.
 * TensorFlow.js's table of gradients holds for all backends at once.
 */
import { tf } from "../dependencies/tensorflow.ts";
import { fourSizes, poolingGeometry } from "./kernel_arguments.ts";
import { convolutionGradients } from "./convolution_gradients.ts";
import type { KernelChoice } from "./kernels.ts";

type Axis = 1 | 2;

const single = (dy: tf.Tensor | tf.Tensor[]): tf.Tensor => Array.isArray(dy) ? tf.addN(dy) : dy;

/** What is compared has the gradient 0: without one, `tf.where` of a comparison could not be trained through. */
const noGradient = (kernelName: string, inputs: readonly string[]): tf.GradConfig => ({
  kernelName,
  inputsToSave: [...inputs],
  gradFunc: (_, saved) =>
    Object.fromEntries(inputs.map((name, k) => [name, () => tf.zeros(saved[k]?.shape ?? [], "float32")])),
});

const along = (sizes: readonly number[], axis: number, size: number): number[] => [...sizes].with(axis, size);

/** A part of a tensor along an axis, in reverse, at its place among zeros. */
const mirrored = (dy: tf.Tensor, axis: number, from: number, count: number, to: number, size: number): tf.Tensor => {
  const part = tf.slice(dy, along(dy.shape.map(() => 0), axis, from), along(dy.shape, axis, count));
  const around = dy.shape.map((_, k): [number, number] => k === axis ? [to, size - to - count] : [0, 0]);
  return tf.pad(tf.reverse(part, axis), around);
};

/** The gradient of mirrored padding along one axis: each border is added where it was copied from. */
const unmirror = (dy: tf.Tensor, axis: number, [before, after]: readonly number[], skipped: number): tf.Tensor => {
  const [front, back] = [before ?? 0, after ?? 0];
  const size = (dy.shape[axis] ?? 0) - front - back;
  const middle = tf.slice(dy, along(dy.shape.map(() => 0), axis, front), along(dy.shape, axis, size));
  const first = front === 0 ? [] : [mirrored(dy, axis, 0, front, skipped, size)];
  const last = back === 0 ? [] : [mirrored(dy, axis, front + size, back, size - skipped - back, size)];
  return [...first, ...last].reduce((sum, part) => tf.add(sum, part), middle);
};

const mirrorPad: tf.GradConfig = {
  kernelName: "MirrorPad",
  gradFunc: (dy, _, attrs) => {
    const paddings = attrs.paddings as [number, number][];
    const skipped = attrs.mode === "reflect" ? 1 : 0;
    return { x: () => paddings.reduce((sum, pads, axis) => unmirror(sum, axis, pads, skipped), single(dy)) };
  },
};

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
const spread = (dy: tf.Tensor4D, axis: Axis, { count, stride, size, before, pixels }: Windows): tf.Tensor4D => {
  const outer = dy.shape.slice(0, axis).reduce((product, n) => product * n, 1);
  const inner = dy.shape.slice(axis + 1).reduce((product, n) => product * n, 1);
  const apart = tf.pad(tf.reshape(dy, [outer * count, 1, inner]), [[0, 0], [0, stride - 1], [0, 0]]);
  const rest = Math.max(0, before + pixels - count * stride);
  const framed = tf.pad(tf.reshape(apart, [outer, count * stride, inner]), [[0, 0], [size, rest], [0, 0]]);
  const taps = Array.from(
    { length: size },
    (_, tap) => tf.slice(framed, [0, size + before - tap, 0], [outer, pixels, inner]),
  );
  const sum = taps.reduce((total, tap) => tf.add(total, tap));
  return tf.reshape(sum, fourSizes("dx", along(dy.shape, axis, pixels)));
};

const avgPool: tf.GradConfig = {
  kernelName: "AvgPool",
  inputsToSave: ["x"],
  gradFunc: (dy, [x], attrs) => ({
    x: () => {
      const g = poolingGeometry(attrs, fourSizes("x", x?.shape));
      const { padInfo, strideHeight, strideWidth, filterHeight, filterWidth } = g;
      const down = {
        count: g.outHeight,
        stride: strideHeight,
        size: filterHeight,
        before: padInfo.top,
        pixels: g.inHeight,
      };
      const across = {
        count: g.outWidth,
        stride: strideWidth,
        size: filterWidth,
        before: padInfo.left,
        pixels: g.inWidth,
      };
      const counts = held(down).flatMap((rows) => held(across).map((columns) => rows * columns));
      const shares = tf.div(single(dy), tf.tensor4d(counts, [1, g.outHeight, g.outWidth, 1]));
      return spread(spread(tf.reshape(shares, g.outShape), 1, down), 2, across);
    },
  }),
};

const comparisons = ["Equal", "NotEqual", "Greater", "Less", "LessEqual", "LogicalAnd", "LogicalOr"];

const tests = ["LogicalNot", "IsNan", "IsInf", "IsFinite"];

/** To go back to TensorFlow.js's own gradient, or none, delete this library's line here. */
const gradients: readonly tf.GradConfig[] = [
  avgPool,
  mirrorPad,
  ...convolutionGradients,
  ...comparisons.map((name) => noGradient(name, ["a", "b"])),
  ...tests.map((name) => noGradient(name, ["x"])),
];

/** TensorFlow.js's own gradients in whose place this library's come. */
const stock = new Map(gradients.map(({ kernelName }) => [kernelName, tf.getGradient(kernelName)]));

/** Puts this library's gradients in place, or, for "stock", TensorFlow.js's own back. Calling it again changes nothing. */
export const registerGradients = (choice: KernelChoice): void =>
  gradients.forEach((own) => {
    const { kernelName } = own;
    const wanted: tf.GradConfig | undefined = choice === "own" ? own : stock.get(kernelName);
    const present: tf.GradConfig | undefined = tf.getGradient(kernelName);
    if (present === wanted) return;
    if (present !== undefined) tf.unregisterGradient(kernelName);
    if (wanted !== undefined) tf.registerGradient(wanted);
  });
