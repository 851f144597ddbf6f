import { tf } from "../dependencies/tensorflow.ts";

/**
 * The matrix [outputSize, inputSize], row-major, that resizes one axis bilinearly with half-pixel centres: output o
 * lies at (o + ½) · inputSize / outputSize − ½ of the input, clamped to its first and last pixel, and is interpolated
 * between its two neighbours. Each row sums to 1. PyTorch's `interpolate(mode="bilinear", align_corners=False)`
 * without antialiasing.
 */
export const interpolationMatrix = (
  inputSize: number,
  outputSize: number,
): Float32Array<ArrayBuffer> => {
  const matrix = new Float32Array(outputSize * inputSize);
  for (let o = 0; o < outputSize; o++) {
    const centre = (o + 0.5) * inputSize / outputSize - 0.5;
    const position = Math.min(Math.max(centre, 0), inputSize - 1);
    const below = Math.floor(position);
    const above = Math.min(below + 1, inputSize - 1);
    const weight = position - below;
    const row = o * inputSize;
    matrix[row + below] = 1 - weight;
    matrix[row + above]! += weight;
  }
  return matrix;
};

/** Contracts the first axis of `x` [outputSize, …] with the transpose of the interpolation matrix: [inputSize, …]. */
const spread = (
  x: tf.Tensor4D,
  inputSize: number,
): tf.Tensor4D => {
  const [outputSize, a, b, c] = x.shape;
  const matrix = tf.tensor2d(interpolationMatrix(inputSize, outputSize), [
    outputSize,
    inputSize,
  ]);
  const product = tf.matMul(
    tf.transpose(matrix),
    tf.reshape(x, [outputSize, a * b * c]),
  );
  return tf.reshape(product, [inputSize, a, b, c]);
};

/**
 * The adjoint of {@link resizeBilinear}: from the gradient of its result [batch, outH, outW, channels] to that of its
 * input [batch, height, width, channels]. Each axis is one plain matrix product, the only kind that is fast on wasm;
 * the transposes before them also make the right factor a fresh tensor, as the wasm backend keeps a packed copy of it
 * by the identity of its data, and would take it for the same dy in another shape.
 */
const resizeBilinearAdjoint = (
  dy: tf.Tensor4D,
  [height, width]: readonly [number, number],
): tf.Tensor4D => {
  const byRow = tf.transpose(dy, [1, 0, 2, 3]);
  const rows = spread(byRow, height);
  const byColumn = tf.transpose(rows, [2, 0, 1, 3]);
  const columns = spread(byColumn, width);
  return tf.transpose(columns, [2, 1, 0, 3]);
};

/**
 * Resizes [batch, h, w, channels] to [batch, height, width, channels] bilinearly with half-pixel centres and clamped
 * edges, and has the exact gradient, which `tf.image.resizeBilinear` does not have on any backend: it ignores the half
 * pixels.
 * @category Layers
 */
export const resizeBilinear = (
  x: tf.Tensor4D,
  size: readonly [height: number, width: number],
): tf.Tensor4D =>
  tf.customGrad<tf.Tensor4D>(() => ({
    value: tf.image.resizeBilinear(x, [size[0], size[1]], false, true),
    gradFunc: (dy: tf.Tensor4D) => resizeBilinearAdjoint(dy, [x.shape[1], x.shape[2]]),
  }))(x);
