/** Batch normalization: of a batch by its own moments, and the layer that tracks them. */
import { hasKernel, runFused } from "../backend/kernels.ts";
import { tf } from "../dependencies/tensorflow.ts";
import { asFeatures, type Features, type Tensor1D, type Tensor4D } from "../tensor/features.ts";
import { release } from "../tensor/scope.ts";
import type { Layer, Variables } from "./layer.ts";

/** A normalized batch and the moments that it was normalized by. */
export interface NormalizedBatch {
  /** Of the input's shape. */
  readonly output: Tensor4D;
  /** The mean of each channel. */
  readonly mean: Tensor1D;
  /** The variance of each channel, biased: the mean of squares. */
  readonly variance: Tensor1D;
  /** By what the biased variance is multiplied to be unbiased. */
  readonly correction: number;
}

/** The sum over batch, height and width as a product with a row of ones: several times faster than a reduction. */
const sumRows = (rows: tf.Tensor2D): tf.Tensor2D => tf.matMul(tf.ones([1, rows.shape[0]]), rows);

interface Moments {
  readonly centred: tf.Tensor2D;
  readonly mean: tf.Tensor2D;
  readonly variance: tf.Tensor2D;
}

const momentsOf = (rows: tf.Tensor2D): Moments => {
  const count = rows.shape[0];
  const mean: tf.Tensor2D = tf.div(sumRows(rows), count);
  const centred: tf.Tensor2D = tf.sub(rows, mean);
  const variance: tf.Tensor2D = tf.div(sumRows(tf.square(centred)), count);
  return { centred, mean, variance };
};

/**
 * The gradient by the input, γ and β from the gradient by the output (Ioffe and Szegedy 2015, section 3), all as rows of
 * channels: with x̂ the normalized input and M rows, dx = γ/σ · (dy − Σdy/M − x̂ · Σ(dy · x̂)/M).
 */
const backward = (
  dy: tf.Tensor2D,
  normalized: tf.Tensor2D,
  inverseDeviation: tf.Tensor2D,
  gamma: tf.Tensor1D,
): {
  readonly dx: tf.Tensor2D;
  readonly dGamma: tf.Tensor2D;
  readonly dBeta: tf.Tensor2D;
} => {
  const count = dy.shape[0];
  const dBeta = sumRows(dy);
  const dGamma = sumRows(tf.mul(dy, normalized));
  const along: tf.Tensor2D = tf.mul(normalized, tf.div(dGamma, count));
  const free: tf.Tensor2D = tf.sub(tf.sub(dy, tf.div(dBeta, count)), along);
  return { dx: tf.mul(free, tf.mul(inverseDeviation, gamma)), dGamma, dBeta };
};

/** A kept vector of one number a channel, as the current scope's. */
const released = (kept: tf.Tensor, channels: number): tf.Tensor1D => tf.reshape(release(kept), [channels]);

/** The output, what is known of the batch, and the gradients of input, γ and β from the output's. */
interface Normalization {
  readonly output: tf.Tensor;
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
  readonly saved: tf.Tensor[];
  readonly backward: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor[];
}

const composed = (x: tf.Tensor4D, gamma: tf.Tensor1D, beta: tf.Tensor1D, epsilon: number): Normalization => {
  const channels = gamma.shape[0];
  const rows: [number, number] = [x.size / channels, channels];
  const { centred, mean, variance } = momentsOf(tf.reshape(x, rows));
  const inverseDeviation: tf.Tensor2D = tf.rsqrt(tf.add(variance, epsilon));
  const normalized: tf.Tensor2D = tf.mul(centred, inverseDeviation);
  const { shape } = x;
  return {
    output: tf.reshape(tf.add(tf.mul(normalized, gamma), beta), shape),
    mean,
    variance,
    saved: [normalized, inverseDeviation, gamma],
    backward: (dy, saved) => {
      const [n, s, g] = saved as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D];
      const { dx, dGamma, dBeta } = backward(tf.reshape(dy, rows), n, s, g);
      return [tf.reshape(dx, shape), tf.reshape(dGamma, [channels]), tf.reshape(dBeta, [channels])];
    },
  };
};

const fused = (x: tf.Tensor4D, gamma: tf.Tensor1D, beta: tf.Tensor1D, epsilon: number): Normalization => {
  const outputs = runFused("NormalizeBatch", { x, gamma, beta }, { epsilon });
  const [output, mean, variance, inverse] = outputs as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  return {
    output,
    mean,
    variance,
    saved: [x, gamma, mean, inverse],
    backward: (dy, saved) => {
      const [x, gamma, mean, inverse] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      return [...runFused("NormalizeBatchGrad", { x, dy, gamma, mean, inverse }, {})];
    },
  };
};

/**
 * γ · (x − mean) / √(variance + ε) + β with the batch's own mean and biased variance for each channel, and its gradient
 * through both moments. Shapes: input (batch, height, width, C), γ and β (C).
 *
 * One operation with its own gradient: left to TensorFlow.js's it would keep three times as much memory for the backward
 * pass and take forty dispatches.
 */
export const normalizeBatch = (
  input: Tensor4D,
  gamma: Tensor1D,
  beta: Tensor1D,
  epsilon: number,
): NormalizedBatch => {
  const channels = gamma.shape[0];
  const count = input.size / channels;
  const normalize = hasKernel("NormalizeBatch") ? fused : composed;
  const kept: tf.Tensor[] = [];
  const operation = tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [x, g, b, save] = args as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.GradSaveFunc];
    const { output, mean, variance, saved, backward } = normalize(x, g, b, epsilon);
    kept.push(tf.keep(mean.clone()), tf.keep(variance.clone()));
    save(saved);
    return { value: output, gradFunc: backward };
  });
  const output = operation(input, gamma, beta) as tf.Tensor4D;
  const [mean, variance] = kept.map((each) => released(each, channels));
  if (mean === undefined || variance === undefined) throw new Error("the moments were not computed");
  return { output, mean, variance, correction: count / Math.max(count - 1, 1) };
};

/** Scale γ and shift β, one for each channel.
 * @category Layers */
export type BatchNormParams = {
  readonly gamma: Tensor1D;
  readonly beta: Tensor1D;
};

/** Tracked mean and (unbiased) variance, one for each channel.
 * @category Layers */
export type BatchNormStatistics = {
  readonly mean: Tensor1D;
  readonly variance: Tensor1D;
};

/** Constants of batch norm; the defaults are PyTorch's: ε = 1e-5, momentum 0.1 (new = 0.9 · old + 0.1 · batch).
 * @category Layers */
export interface BatchNormOptions {
  /** Added to the variance under the root, so that channels without variance do not divide by 0; 1e-5 by default. */
  readonly epsilon?: number;
  /** The share of a batch in the tracked statistics after it, 0…1; 0.1 by default. */
  readonly momentum?: number;
}

/** PyTorch's ε. */
export const usualEpsilon = 1e-5;

const track = (
  old: Tensor1D,
  batch: Tensor1D,
  momentum: number,
): Tensor1D => tf.add(tf.mul(old, 1 - momentum), tf.mul(batch, momentum));

/** The tracked moments after a batch. */
const trackMoments = (
  { mean, variance }: BatchNormStatistics,
  batch: NormalizedBatch,
  momentum: number,
): BatchNormStatistics => {
  const { correction } = batch;
  if (!hasKernel("TrackMoments")) {
    const unbiased: Tensor1D = tf.mul(batch.variance, correction);
    return { mean: track(mean, batch.mean, momentum), variance: track(variance, unbiased, momentum) };
  }
  const inputs = { oldMean: mean, oldVariance: variance, mean: batch.mean, variance: batch.variance };
  const [nextMean, nextVariance] = runFused("TrackMoments", inputs, { momentum, correction });
  if (nextMean === undefined || nextVariance === undefined) throw new Error("the kernel TrackMoments gave no moments");
  return { mean: nextMean.as1D(), variance: nextVariance.as1D() };
};

const applyTracked = (
  { params, statistics }: Variables<BatchNormParams, BatchNormStatistics>,
  input: Tensor4D,
  epsilon: number,
): Tensor4D => {
  const scale = tf.mul(
    params.gamma,
    tf.rsqrt(tf.add(statistics.variance, epsilon)),
  );
  const shift = tf.sub(params.beta, tf.mul(statistics.mean, scale));
  return tf.add(tf.mul(input, scale), shift);
};

/**
 * Batch normalization over batch, height and width (Ioffe and Szegedy, ICML 2015). In training mode it normalizes by the
 * batch's mean and biased variance and tracks the mean and the unbiased variance; in inference mode it uses the tracked.
 * @category Layers
 */
export const batchNorm = <C extends number>(
  channels: C,
  options: BatchNormOptions = {},
): Layer<Features<C>, Features<C>, BatchNormParams, BatchNormStatistics> => {
  const { epsilon = usualEpsilon, momentum = 0.1 } = options;
  return {
    init: () => ({
      params: { gamma: tf.ones([channels]), beta: tf.zeros([channels]) },
      statistics: { mean: tf.zeros([channels]), variance: tf.ones([channels]) },
    }),
    form: {
      params: { gamma: [channels], beta: [channels] },
      statistics: { mean: [channels], variance: [channels] },
    },
    apply: (variables, input, mode) => {
      const { params, statistics: { mean, variance } } = variables;
      // Of layers that are composed with it, statistics may lie beside its own.
      const statistics = { mean, variance };
      if (mode === "inference") {
        return [
          asFeatures(channels, applyTracked(variables, input, epsilon)),
          statistics,
        ];
      }
      const batch = normalizeBatch(input, params.gamma, params.beta, epsilon);
      return [asFeatures(channels, batch.output), trackMoments(statistics, batch, momentum)];
    },
  };
};
