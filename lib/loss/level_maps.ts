import { tf } from "../dependencies/tensorflow.ts";
import type { Embedding } from "../embedding/embedding.ts";
import { absolute } from "../nn/absolute.ts";
import { asConstant } from "../nn/stop_gradient.ts";
import { asFeatures, type DepthMaps, type Features, type ValidMasks } from "../tensor/features.ts";

/**
 * Both sides of the comparison with holes filled: in them, both have the prediction's own values, through which no gradient
 * flows. A hole then differs in nothing and pulls at nothing, whatever the embedding.
 */
const fillWithPrediction = (
  target: DepthMaps,
  prediction: DepthMaps,
  mask: ValidMasks,
): readonly [DepthMaps, DepthMaps] => {
  const filling = asConstant(() => tf.mul<tf.Tensor4D>(prediction, tf.sub(1, mask)));
  const filled = (depth: DepthMaps): tf.Tensor4D => tf.add(tf.mul(depth, mask), filling);
  return [asFeatures(1, asConstant(() => filled(target))), asFeatures(1, filled(prediction))];
};

/** The same level of an embedding of the ground truth and of the prediction, of one shape. */
export type ComparedLevel = readonly [truth: Features<number>, prediction: Features<number>];

/**
 * The levels of an embedding of ground truth and prediction, as the hierarchical loss compares them: holes of the ground
 * truth hold the prediction's values on both sides, through which no gradient flows. Shapes of the arguments:
 * (batch, height, width, 1).
 *
 * @throws Error if the embedding gives the prediction fewer levels: a bug of the embedding.
 */
export const comparedLevels = (
  embedding: Embedding,
  target: DepthMaps,
  prediction: DepthMaps,
  mask: ValidMasks,
): readonly ComparedLevel[] => {
  const [truthDepth, predictedDepth] = fillWithPrediction(target, prediction, mask);
  const truthLevels = embedding(truthDepth);
  const predictionLevels = embedding(predictedDepth);
  return truthLevels.map((truth, index): ComparedLevel => {
    const predicted = predictionLevels[index];
    if (predicted === undefined) throw new Error("an embedding gives one depth map more levels than another");
    return [truth, predicted];
  });
};

/**
 * Where the levels of an embedding differ: for each level the mean over its channels of |G_k(d*) − G_k(d)|, in the unit of
 * the embedding, shape (batch, rows of the level, columns of the level, 1). The mean of a map is what the hierarchical loss
 * weights with w_k.
 */
export const levelMaps = (
  embedding: Embedding,
  target: DepthMaps,
  prediction: DepthMaps,
  mask: ValidMasks,
): readonly Features<1>[] =>
  comparedLevels(embedding, target, prediction, mask).map(([truth, predicted]) =>
    asFeatures(1, tf.mean(absolute<tf.Tensor4D>(tf.sub(truth, predicted)), 3, true))
  );
