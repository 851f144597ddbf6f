/**
 * Adds NormalizeBatch and NormalizeBatchGrad to wasm: batch norm in training mode, forward and backward, in two passes each
 * over the features, where TensorFlow.js's own operations take some twenty. Sums are in double precision.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import { floatInputs, lengthOf, numberAttribute } from "../kernel_arguments.ts";
import { allocate, view, wasmBackend } from "./frames.ts";

/** How many rows of channels there are, to divide by: at least 1, so that the moments of no rows are 0. */
const rowsOf = (x: Float32Array, channels: number): number => Math.max(1, x.length / channels);

/** The mean of each channel. */
const meansOf = (x: Float32Array, channels: number): Float64Array => {
  const sums = new Float64Array(channels);
  for (let at = 0; at < x.length; at += channels) {
    for (let c = 0; c < channels; c++) sums[c]! += x[at + c]!;
  }
  const rows = rowsOf(x, channels);
  return sums.map((sum) => sum / rows);
};

/** The mean square of each channel's distance from its mean. */
const variancesOf = (x: Float32Array, means: Float64Array): Float64Array => {
  const channels = means.length;
  const sums = new Float64Array(channels);
  for (let at = 0; at < x.length; at += channels) {
    for (let c = 0; c < channels; c++) {
      const distance = x[at + c]! - means[c]!;
      sums[c]! += distance * distance;
    }
  }
  const rows = rowsOf(x, channels);
  return sums.map((sum) => sum / rows);
};

/** y = x · scale + shift, channel by channel. */
const affine = (x: Float32Array, y: Float32Array, scale: Float64Array, shift: Float64Array): void => {
  const channels = scale.length;
  for (let at = 0; at < x.length; at += channels) {
    for (let c = 0; c < channels; c++) y[at + c] = x[at + c]! * scale[c]! + shift[c]!;
  }
};

const forward: tf.KernelFunc = ({ inputs, backend, attrs }) => {
  const wasm = wasmBackend(backend);
  const { x, gamma, beta } = floatInputs(inputs, "x", "gamma", "beta");
  const channels = lengthOf(gamma);
  const epsilon = numberAttribute(attrs, "epsilon");
  const vector = (): tf.TensorInfo => allocate(wasm, [channels]);
  const [y, mean, variance, inverse] = [allocate(wasm, x.shape), vector(), vector(), vector()];
  const [values, g, b] = [view(wasm, x), view(wasm, gamma), view(wasm, beta)];
  const means = meansOf(values, channels);
  const variances = variancesOf(values, means);
  const inverses = variances.map((v) => 1 / Math.sqrt(v + epsilon));
  const scale = inverses.map((s, c) => s * g[c]!);
  affine(values, view(wasm, y), scale, scale.map((s, c) => b[c]! - means[c]! * s));
  view(wasm, mean).set(means);
  view(wasm, variance).set(variances);
  view(wasm, inverse).set(inverses);
  return [y, mean, variance, inverse];
};

/** What the gradients are made of: views of the inputs of NormalizeBatchGrad. */
interface Slopes {
  readonly x: Float32Array;
  readonly dy: Float32Array;
  readonly gamma: Float32Array;
  readonly mean: Float32Array;
  readonly inverse: Float32Array;
}

/** Σ dy and Σ dy · x̂ of each channel. */
const backwardSums = ({ x, dy, mean, inverse }: Slopes): readonly [dBeta: Float64Array, dGamma: Float64Array] => {
  const channels = mean.length;
  const [dBeta, dGamma] = [new Float64Array(channels), new Float64Array(channels)];
  for (let at = 0; at < x.length; at += channels) {
    for (let c = 0; c < channels; c++) {
      const slope = dy[at + c]!;
      dBeta[c]! += slope;
      dGamma[c]! += slope * (x[at + c]! - mean[c]!);
    }
  }
  return [dBeta, dGamma.map((sum, c) => sum * inverse[c]!)];
};

/** dx = γ/σ · (dy − Σdy/M − x̂ · Σ(dy · x̂)/M) as dy · a − x · b + shift, channel by channel. */
const writeSlopes = (slopes: Slopes, dBeta: Float64Array, dGamma: Float64Array, dx: Float32Array): void => {
  const { x, dy, gamma, mean, inverse } = slopes;
  const channels = mean.length;
  const rows = rowsOf(x, channels);
  const a = Float64Array.from(gamma, (g, c) => g * inverse[c]!);
  const b = a.map((factor, c) => factor * inverse[c]! * dGamma[c]! / rows);
  const shift = a.map((factor, c) => b[c]! * mean[c]! - factor * dBeta[c]! / rows);
  for (let at = 0; at < x.length; at += channels) {
    for (let c = 0; c < channels; c++) dx[at + c] = dy[at + c]! * a[c]! - x[at + c]! * b[c]! + shift[c]!;
  }
};

const backward: tf.KernelFunc = ({ inputs, backend }) => {
  const wasm = wasmBackend(backend);
  const { x, dy, gamma, mean, inverse } = floatInputs(inputs, "x", "dy", "gamma", "mean", "inverse");
  const vector = (): tf.TensorInfo => allocate(wasm, [lengthOf(gamma)]);
  const [dx, dGamma, dBeta] = [allocate(wasm, x.shape), vector(), vector()];
  const slopes: Slopes = {
    x: view(wasm, x),
    dy: view(wasm, dy),
    gamma: view(wasm, gamma),
    mean: view(wasm, mean),
    inverse: view(wasm, inverse),
  };
  const [sumDy, sumAlong] = backwardSums(slopes);
  writeSlopes(slopes, sumDy, sumAlong, view(wasm, dx));
  view(wasm, dGamma).set(sumAlong);
  view(wasm, dBeta).set(sumDy);
  return [dx, dGamma, dBeta];
};

/** {x [N, H, W, C], gamma [C], beta [C]} to [y, mean, biased variance, 1 / deviation]. */
export const wasmNormalizeBatch: tf.KernelConfig = {
  kernelName: "NormalizeBatch",
  backendName: "wasm",
  kernelFunc: forward,
};

/** {x, dy [N, H, W, C], gamma, mean, inverse [C]} to the gradients of [x, gamma, beta]. */
export const wasmNormalizeBatchGrad: tf.KernelConfig = {
  kernelName: "NormalizeBatchGrad",
  backendName: "wasm",
  kernelFunc: backward,
};
