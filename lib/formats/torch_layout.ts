/**
 * How PyTorch and TensorFlow.js lay out the same weights: PyTorch puts output channels first, TensorFlow.js last.
 * Values are row-major.
 */
import { elementCount } from "./tensor_file.ts";

/** The shape of a tensor: as many sizes as it has dimensions.
 * @category Files */
export type TensorShape = readonly number[];

/** Values, row-major, with their shape.
 * @category Files */
export interface ShapedValues {
  /** Sizes of the dimensions, outermost first. */
  readonly shape: TensorShape;
  /** As many values as the shape has places. */
  readonly values: Float32Array;
}

/** Four dimensions: weights of a convolution, or pictures. */
const hasFourSides = (shape: TensorShape): shape is readonly [number, number, number, number] => shape.length === 4;

/** Two dimensions: weights of a linear layer. */
const hasTwoSides = (shape: TensorShape): shape is readonly [number, number] => shape.length === 2;

/** A shape that the two lay out differently. */
const isReversed = (shape: TensorShape): shape is readonly [number, number, ...number[]] =>
  hasFourSides(shape) || hasTwoSides(shape);

const checkCount = ({ shape, values }: ShapedValues): void => {
  if (values.length !== elementCount(shape)) throw new RangeError(`${values.length} values of shape [${shape.join()}]`);
};

/** An array of shape [a, b, c] with its axes in reverse order, [c, b, a]. */
const reverseAxes = (values: Float32Array, a: number, b: number, c: number): Float32Array => {
  const reversed = new Float32Array(values.length);
  for (let i = 0; i < a; i++) {
    for (let j = 0; j < b; j++) {
      const from = (i * b + j) * c;
      for (let k = 0; k < c; k++) reversed[(k * b + j) * a + i] = values[from + k]!;
    }
  }
  return reversed;
};

/** The shape in TensorFlow.js's layout of a shape in PyTorch's; see {@link fromTorch}. */
export const shapeFromTorch = (shape: TensorShape): TensorShape => {
  if (!hasFourSides(shape)) return hasTwoSides(shape) ? shape.toReversed() : shape;
  const [out, input, height, width] = shape;
  return [height, width, input, out];
};

/** The shape in PyTorch's layout of a shape in TensorFlow.js's; see {@link toTorch}. */
export const shapeToTorch = (shape: TensorShape): TensorShape => {
  if (!hasFourSides(shape)) return hasTwoSides(shape) ? shape.toReversed() : shape;
  const [height, width, input, out] = shape;
  return [out, input, height, width];
};

/**
 * Weights as TensorFlow.js wants them from PyTorch's: convolutions (out, in, height, width) → (height, width, in, out),
 * linear layers (out, in) → (in, out); anything else stays as it is.
 * @throws RangeError where `values` are not as many as the shape has places.
 * @category Files
 */
export const fromTorch = ({ shape, values }: ShapedValues): ShapedValues => {
  checkCount({ shape, values });
  if (!isReversed(shape)) return { shape, values };
  const [out, input, ...kernel] = shape;
  return { shape: shapeFromTorch(shape), values: reverseAxes(values, out, input, elementCount(kernel)) };
};

/** The inverse of {@link fromTorch}: weights as PyTorch wants them. @throws RangeError likewise.
 * @category Files */
export const toTorch = ({ shape, values }: ShapedValues): ShapedValues => {
  checkCount({ shape, values });
  const torchShape = shapeToTorch(shape);
  if (!isReversed(torchShape)) return { shape, values };
  const [out, input, ...kernel] = torchShape;
  return { shape: torchShape, values: reverseAxes(values, elementCount(kernel), input, out) };
};

/**
 * Pictures (batch, channels, height, width), PyTorch's order, to (batch, height, width, channels).
 * @throws RangeError for another number of dimensions, or of values.
 */
export const channelsLast = ({ shape, values }: ShapedValues): ShapedValues => {
  if (!hasFourSides(shape)) throw new RangeError(`pictures of shape [${shape.join(", ")}] instead of four dimensions`);
  checkCount({ shape, values });
  const [batch, channels, height, width] = shape;
  const area = height * width;
  const size = channels * area;
  const last = new Float32Array(values.length);
  for (let n = 0; n < batch; n++) {
    last.set(reverseAxes(values.subarray(n * size, (n + 1) * size), channels, 1, area), n * size);
  }
  return { shape: [batch, height, width, channels], values: last };
};
