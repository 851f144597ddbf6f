/** Batch norm in training: output and gradients through the batch's moments, and the tracked statistics. */
import { tf } from "../../../lib/dependencies/tensorflow.ts";
import { batchNorm, normalizeBatch } from "../../../lib/nn/batch_norm.ts";
import { featuresOf } from "./convolution.ts";
import { at, generate, joinNumbers, mapNumbers, type Numbers, sumOver } from "./numbers.ts";
import { curved, fixed, type Operand, type Operation, operation } from "./operation.ts";

type Four = readonly [number, number, number, number];

const epsilon = 1e-5;

/** Each channel's mean over batch, height and width. */
const meansOf = ({ shape, values }: Numbers): Numbers => {
  const channels = shape.at(-1) ?? 1;
  const rows = values.length / channels;
  return generate([channels], (c) => sumOver(rows, (row) => values[row * channels + c] ?? NaN) / rows);
};

/** Each channel's mean square distance from its mean. */
const variancesOf = (x: Numbers, means: Numbers): Numbers =>
  meansOf(mapNumbers(x, (value, index) => (value - at(means, index % means.values.length)) ** 2));

const normalized = (x: Numbers, gamma: Numbers, beta: Numbers): Numbers => {
  const means = meansOf(x);
  const variances = variancesOf(x, means);
  return generate(x.shape, (n, i, j, c) => {
    const deviation = Math.sqrt(at(variances, c) + epsilon);
    return at(gamma, c) * (at(x, n, i, j, c) - at(means, c)) / deviation + at(beta, c);
  });
};

const normalization = (what: string, shape: Four, values: Operand["values"], condition = 1): Operation => {
  const pixels = shape[0] * shape[1] * shape[2];
  return operation(
    `batch norm of [${shape}], ${what}`,
    [curved(shape, 1, values), curved([shape[3]], pixels), curved([shape[3]], pixels)],
    (x, gamma, beta) => normalizeBatch(featuresOf(x), gamma.as1D(), beta.as1D(), epsilon).output,
    normalized,
    { condition },
  );
};

const momentum = 0.1;

const tracking = (shape: Four): Operation =>
  operation(
    `statistics that batch norm of [${shape}] tracks`,
    [fixed(shape, (noise, index) => noise + index % shape[3]), fixed([shape[3]]), fixed([shape[3]])],
    (x, mean, variance) => {
      const params = { gamma: tf.ones<tf.Rank.R1>([shape[3]]), beta: tf.zeros<tf.Rank.R1>([shape[3]]) };
      const statistics = { mean: mean.as1D(), variance: variance.as1D() };
      const [, tracked] = batchNorm<number>(shape[3]).apply({ params, statistics }, featuresOf(x), "training");
      return tf.concat([tracked.mean, tracked.variance]);
    },
    (x, mean, variance) => {
      const rows = shape[0] * shape[1] * shape[2];
      const [means, variances] = [meansOf(x), variancesOf(x, meansOf(x))];
      const track = (old: Numbers, batch: Numbers, correction: number): Numbers =>
        mapNumbers(old, (value, c) => (1 - momentum) * value + momentum * correction * at(batch, c));
      return joinNumbers(track(mean, means, 1), track(variance, variances, rows / (rows - 1)));
    },
    { terms: shape[0] * shape[1] * shape[2] },
  );

const plain = (noise: number): number => noise;

/** Deviations near √ε, so that another ε is missed. */
const narrow = (noise: number, index: number): number => (0.004 + 0.002 * (index % 3)) * noise;

/** A mean of 6 deviations. */
const offset = (noise: number): number => 3.5 + noise;

/** Batch norm at odd sizes, of one channel, of few pixels, and at means and deviations that are hard. */
export const normalizations: readonly Operation[] = [
  normalization("numbers of both signs", [1, 57, 76, 4], plain),
  normalization("numbers of both signs", [3, 15, 19, 5], plain),
  normalization("numbers of both signs", [3, 29, 38, 1], plain),
  normalization("numbers of both signs", [1, 8, 10, 72], plain),
  normalization("numbers of both signs", [1, 2, 3, 6], plain),
  normalization("a deviation near √ε", [3, 8, 10, 3], narrow),
  normalization("a mean of six deviations", [3, 15, 19, 8], offset, 6),
  tracking([3, 5, 7, 3]),
  tracking([1, 29, 38, 8]),
];
