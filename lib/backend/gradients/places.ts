/** Gradients of what puts numbers at other places: borders, strides, blocks and diagonals. */
import { tf } from "../../dependencies/tensorflow.ts";
import { sliceInfoOf } from "../strided_slice.ts";
import { along, kept, single, sizeOf, zeros } from "./parts.ts";

/** A part of a tensor along an axis, in reverse, at its place among zeros. */
const mirrored = (dy: tf.Tensor, axis: number, from: number, count: number, to: number, size: number): tf.Tensor => {
  const part = tf.slice(dy, along(dy.shape.map(() => 0), axis, from), along(dy.shape, axis, count));
  const around = dy.shape.map((_, k): [number, number] => k === axis ? [to, size - to - count] : [0, 0]);
  return tf.pad(tf.reverse(part, axis), around);
};

/** The gradient of mirrored padding along one axis: each border is added where it was copied from. */
const unmirror = (
  dy: tf.Tensor,
  axis: number,
  [front, back]: readonly [number, number],
  skipped: number,
): tf.Tensor => {
  const size = (dy.shape[axis] ?? NaN) - front - back;
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

/** Numbers along an axis put `stride` apart among `size` zeros, the first one at `begin`, or backwards for strides below 0. */
const apart = (dy: tf.Tensor, axis: number, begin: number, stride: number, size: number): tf.Tensor => {
  const count = dy.shape[axis] ?? NaN;
  const [outer, inner] = [sizeOf(dy.shape.slice(0, axis)), sizeOf(dy.shape.slice(axis + 1))];
  if (count === 0) return zeros(along(dy.shape, axis, size));
  const [step, first] = [Math.abs(stride), stride < 0 ? begin + (count - 1) * stride : begin];
  const forwards = stride < 0 ? tf.reverse(dy, axis) : dy;
  const spread = tf.pad(tf.reshape(forwards, [outer * count, 1, inner]), [[0, 0], [0, step - 1], [0, 0]]);
  const used = (count - 1) * step + 1;
  const cut = tf.slice(tf.reshape(spread, [outer, count * step, inner]), [0, 0, 0], [outer, used, inner]);
  return tf.reshape(tf.pad(cut, [[0, 0], [first, size - first - used], [0, 0]]), along(dy.shape, axis, size));
};

const stridedSlice: tf.GradConfig = {
  kernelName: "StridedSlice",
  inputsToSave: ["x"],
  gradFunc: (dy, saved, attrs) => {
    const { shape } = kept(saved, 0);
    const { begin, end, strides } = sliceInfoOf(shape, attrs);
    const sizes = shape.map((_, axis) =>
      Math.max(0, Math.ceil(((end[axis] ?? NaN) - (begin[axis] ?? NaN)) / (strides[axis] ?? NaN)))
    );
    return {
      x: () =>
        shape.reduce(
          (sum, size, axis) => apart(sum, axis, begin[axis] ?? NaN, strides[axis] ?? NaN, size),
          tf.reshape(single(dy), sizes),
        ),
    };
  },
};

/** Blocks of pixels back into channels. */
const blocksToDepth = (dy: tf.Tensor, block: number): tf.Tensor => {
  const [batch = NaN, height = NaN, width = NaN, channels = NaN] = dy.shape;
  const [rows, columns] = [height / block, width / block];
  const split = tf.reshape(dy, [batch * rows, block, columns, block * channels]);
  return tf.reshape(tf.transpose(split, [0, 2, 1, 3]), [batch, rows, columns, block * block * channels]);
};

const depthToSpace: tf.GradConfig = {
  kernelName: "DepthToSpace",
  gradFunc: (dy, _, attrs) => ({
    x: () =>
      attrs.dataFormat === "NCHW"
        ? tf.transpose(blocksToDepth(tf.transpose(single(dy), [0, 2, 3, 1]), Number(attrs.blockSize)), [0, 3, 1, 2])
        : blocksToDepth(single(dy), Number(attrs.blockSize)),
  }),
};

const flipLeftRight: tf.GradConfig = {
  kernelName: "FlipLeftRight",
  gradFunc: (dy) => ({ image: () => tf.reverse(single(dy), 2) }),
};

/** Of a matrix only its diagonal. */
const diag: tf.GradConfig = {
  kernelName: "Diag",
  inputsToSave: ["x"],
  gradFunc: (dy, saved) => {
    const { shape, size } = kept(saved, 0);
    return { x: () => tf.reshape(tf.sum(tf.mul(tf.reshape(single(dy), [size, size]), tf.eye(size)), 1), shape) };
  },
};

const all = (dy: tf.Tensor | tf.Tensor[]): tf.Tensor[] => Array.isArray(dy) ? dy : [dy];

/** Also where there is one part, whose gradient comes without a list. */
const split: tf.GradConfig = {
  kernelName: "SplitV",
  gradFunc: (dy, _, attrs) => ({ x: () => tf.concat(all(dy), Number(attrs.axis)) }),
};

/** As of `split`. */
const unpack: tf.GradConfig = {
  kernelName: "Unpack",
  gradFunc: (dy, _, attrs) => ({ value: () => tf.stack(all(dy), Number(attrs.axis)) }),
};

/** Of what moves numbers. */
export const places: readonly tf.GradConfig[] = [
  mirrorPad,
  stridedSlice,
  depthToSpace,
  flipLeftRight,
  diag,
  split,
  unpack,
];
