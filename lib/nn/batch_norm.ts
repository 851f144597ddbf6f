import { hasKernel, runFused } from "../backend/fused.ts";
import { tf } from "../dependencies/tensorflow.ts";
import { asFeatures, type Features, type Tensor1D, type Tensor4D } from "../tensor/features.ts";
import type { Layer, Variables } from "./layer.ts";
import { normalizeBatch, type NormalizedBatch } from "./normalize_batch.ts";

/** Scale γ and shift β, one for each channel. */
export type BatchNormParams = {
  readonly gamma: Tensor1D;
  readonly beta: Tensor1D;
};

/** Tracked mean and (unbiased) variance, one for each channel. */
export type BatchNormStatistics = {
  readonly mean: Tensor1D;
  readonly variance: Tensor1D;
};

/** Constants of batch norm; the defaults are PyTorch's: ε = 1e-5, momentum 0.1 (new = 0.9 · old + 0.1 · batch). */
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
      const { params, statistics } = variables;
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
