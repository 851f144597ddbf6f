/**
 * Adds NormalizeBatch and NormalizeBatchGrad to wasm: batch norm in training mode, forward and backward, in two passes each
 * over the features, where TensorFlow.js's own operations take some twenty. Sums are in double precision.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import { numberAttribute } from "./attributes.ts";
import { allocate, floatInput, view, wasmBackend } from "./wasm_memory.ts";

/** The mean of each channel. */
const meansOf = (x: Float32Array, channels: number): Float64Array => {
  const sums = new Float64Array(channels);
  for (let at = 0; at < x.length; at += channels) {
    for (let c = 0; c < channels; c++) sums[c] = (sums[c] ?? 0) + (x[at + c] ?? 0);
  }
  return sums.map((sum) => sum / (x.length / channels));
};

/** The mean square of each channel's distance from its mean. */
const variancesOf = (x: Float32Array, means: Float64Array): Float64Array => {
  const channels = means.length;
  const sums = new Float64Array(channels);
  for (let at = 0; at < x.length; at += channels) {
    for (let c = 0; c < channels; c++) {
      const distance = (x[at + c] ?? 0) - (means[c] ?? 0);
      sums[c] = (sums[c] ?? 0) + distance * distance;
    }
  }
  return sums.map((sum) => sum / (x.length / channels));
};

/** y = x · scale + shift, channel by channel. */
const affine = (x: Float32Array, y: Float32Array, scale: Float64Array, shift: Float64Array): void => {
  const channels = scale.length;
  for (let at = 0; at < x.length; at += channels) {
    for (let c = 0; c < channels; c++) y[at + c] = (x[at + c] ?? 0) * (scale[c] ?? 0) + (shift[c] ?? 0);
  }
};

const forward: tf.KernelFunc = ({ inputs, backend, attrs }) => {
  const wasm = wasmBackend(backend);
  const [x, gamma, beta] = [floatInput(inputs, "x"), floatInput(inputs, "gamma"), floatInput(inputs, "beta")];
  const channels = gamma.shape[0] ?? 1;
  const epsilon = numberAttribute("epsilon", attrs?.epsilon);
  const outputs = [x.shape, [channels], [channels], [channels]].map((shape) => allocate(wasm, shape));
  const [y, mean, variance, inverse] = outputs.map((output) => view(wasm, output));
  const values = view(wasm, x);
  const centre = meansOf(values, channels);
  const spread = variancesOf(values, centre);
  const inverseDeviation = spread.map((v) => 1 / Math.sqrt(v + epsilon));
  const [g, b] = [view(wasm, gamma), view(wasm, beta)];
  const scale = inverseDeviation.map((s, c) => s * (g[c] ?? 0));
  if (y !== undefined) affine(values, y, scale, scale.map((s, c) => (b[c] ?? 0) - (centre[c] ?? 0) * s));
  mean?.set(centre);
  variance?.set(spread);
  inverse?.set(inverseDeviation);
  return outputs;
};

/** Σ dy and Σ dy · x̂ of each channel. */
const backwardSums = (
  x: Float32Array,
  dy: Float32Array,
  mean: Float32Array,
  inverse: Float32Array,
): readonly [dBeta: Float64Array, dGamma: Float64Array] => {
  const channels = mean.length;
  const [dBeta, dGamma] = [new Float64Array(channels), new Float64Array(channels)];
  for (let at = 0; at < x.length; at += channels) {
    for (let c = 0; c < channels; c++) {
      const slope = dy[at + c] ?? 0;
      dBeta[c] = (dBeta[c] ?? 0) + slope;
      dGamma[c] = (dGamma[c] ?? 0) + slope * ((x[at + c] ?? 0) - (mean[c] ?? 0));
    }
  }
  return [dBeta, dGamma.map((sum, c) => sum * (inverse[c] ?? 0))];
};

/** dx = γ/σ · (dy − Σdy/M − x̂ · Σ(dy · x̂)/M) as dy · a − x · b + c, channel by channel. */
const backward: tf.KernelFunc = ({ inputs, backend }) => {
  const wasm = wasmBackend(backend);
  const names = ["x", "dy", "gamma", "mean", "inverse"] as const;
  const infos = names.map((name) => floatInput(inputs, name));
  const [xInfo, , gammaInfo] = infos;
  const [shape, channels] = [xInfo?.shape ?? [], gammaInfo?.shape[0] ?? 1];
  const outputs = [shape, [channels], [channels]].map((each) => allocate(wasm, each));
  const [x, dy, gamma, mean, inverse] = infos.map((info) => view(wasm, info));
  const [dx, dGamma, dBeta] = outputs.map((output) => view(wasm, output));
  if (!x || !dy || !gamma || !mean || !inverse || !dx) return outputs;
  const [sumDy, sumAlong] = backwardSums(x, dy, mean, inverse);
  const rows = x.length / channels;
  const a = Float64Array.from(gamma, (g, c) => g * (inverse[c] ?? 0));
  const b = a.map((factor, c) => factor * (inverse[c] ?? 0) * (sumAlong[c] ?? 0) / rows);
  const shift = a.map((factor, c) => (b[c] ?? 0) * (mean[c] ?? 0) - factor * (sumDy[c] ?? 0) / rows);
  for (let at = 0; at < x.length; at += channels) {
    for (let c = 0; c < channels; c++) {
      dx[at + c] = (dy[at + c] ?? 0) * (a[c] ?? 0) - (x[at + c] ?? 0) * (b[c] ?? 0) + (shift[c] ?? 0);
    }
  }
  dGamma?.set(sumAlong);
  dBeta?.set(sumDy);
  return outputs;
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
