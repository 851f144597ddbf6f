/**
 * How PyTorch and TensorFlow.js lay out the same weights: PyTorch puts output channels first, TensorFlow.js last.
 * Values are row-major.
 */

/** The shape of a tensor: as many sizes as it has dimensions. */
export type TensorShape = readonly number[];

/** Values, row-major, with their shape. */
export interface ShapedValues {
  /** Sizes of the dimensions, outermost first. */
  readonly shape: TensorShape;
  /** As many values as the shape has places. */
  readonly values: Float32Array;
}

/** An array of shape [a, b, c] with its axes in reverse order, [c, b, a]. */
const reverseAxes = (values: Float32Array, a: number, b: number, c: number): Float32Array => {
  const reversed = new Float32Array(values.length);
  for (let i = 0; i < a; i++) {
    for (let j = 0; j < b; j++) {
      const from = (i * b + j) * c;
      for (let k = 0; k < c; k++) reversed[(k * b + j) * a + i] = values[from + k] ?? 0;
    }
  }
  return reversed;
};

/** The shape in TensorFlow.js's layout of a shape in PyTorch's; see {@link fromTorch}. */
export const shapeFromTorch = (shape: TensorShape): TensorShape => {
  const [out = 0, input = 0, height = 0, width = 0] = shape;
  if (shape.length === 4) return [height, width, input, out];
  return shape.length === 2 ? [input, out] : shape;
};

/** The shape in PyTorch's layout of a shape in TensorFlow.js's; see {@link toTorch}. */
export const shapeToTorch = (shape: TensorShape): TensorShape => {
  if (shape.length === 2) return [...shape].reverse();
  const [height = 0, width = 0, input = 0, out = 0] = shape;
  return shape.length === 4 ? [out, input, height, width] : shape;
};

/**
 * Weights as TensorFlow.js wants them from PyTorch's: convolutions (out, in, height, width) → (height, width, in, out),
 * linear layers (out, in) → (in, out); anything else stays as it is.
 */
export const fromTorch = ({ shape, values }: ShapedValues): ShapedValues => {
  if (shape.length !== 4 && shape.length !== 2) return { shape, values };
  const [out = 0, input = 0, height = 1, width = 1] = shape;
  return { shape: shapeFromTorch(shape), values: reverseAxes(values, out, input, height * width) };
};

/** The inverse of {@link fromTorch}: weights as PyTorch wants them. */
export const toTorch = ({ shape, values }: ShapedValues): ShapedValues => {
  if (shape.length !== 4 && shape.length !== 2) return { shape, values };
  const torchShape = shapeToTorch(shape);
  const [out = 0, input = 0, height = 1, width = 1] = torchShape;
  return { shape: torchShape, values: reverseAxes(values, height * width, input, out) };
};

/** Pictures (batch, channels, height, width), PyTorch's order, to (batch, height, width, channels). */
export const channelsLast = ({ shape, values }: ShapedValues): ShapedValues => {
  const [batch = 0, channels = 0, height = 0, width = 0] = shape;
  const area = height * width;
  const size = channels * area;
  const last = new Float32Array(values.length);
  for (let n = 0; n < batch; n++) {
    last.set(reverseAxes(values.subarray(n * size, (n + 1) * size), channels, 1, area), n * size);
  }
  return { shape: [batch, height, width, channels], values: last };
};
