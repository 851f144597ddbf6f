import { tf } from "../dependencies/tensorflow.ts";
import { type Embedding, multiScaleSobel, sobel } from "../embedding/embedding.ts";
import { absolute, asConstant, sumOfValues } from "../nn/operations.ts";
import { asFeatures, type DepthMaps, type Features, type Scalar, type ValidMasks } from "../tensor/features.ts";
import { type DepthLoss, noLoss, withTraits } from "./loss.ts";
import { errorOnValidPixels, l1 } from "./pixel.ts";

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

/** The same level of an embedding of the ground truth and of the prediction, of one shape.
 * @category Losses */
export type ComparedLevel = readonly [truth: Features<number>, prediction: Features<number>];

/**
 * The levels of an embedding of ground truth and prediction, as the hierarchical loss compares them: holes of the ground
 * truth hold the prediction's values on both sides, through which no gradient flows. Shapes of the arguments:
 * (batch, height, width, 1).
 *
 * @throws Error if the embedding gives the prediction fewer levels: a bug of the embedding.
 * @category Losses
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
 * @category Losses
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

const distance = (first: Features<number>, second: Features<number>): Scalar =>
  tf.div(sumOfValues(absolute<tf.Tensor4D>(tf.sub(first, second))), first.size);

/**
 * The hierarchical embedding loss (PAPER, "Hierarchical embedding loss"):
 *
 *     L(d*, d) = w₀ · mean|d* − d| + Σ_{k=1..K} w_k · mean|G_k(d*) − G_k(d)|
 *
 * The first mean is over valid pixels, the others over all positions of the level, where holes of the ground truth hold the
 * prediction's values on both sides.
 *
 * It says `usesHoles`: an embedding that is not linear sees next to a hole what the prediction is within it.
 *
 * @param embedding The generator; as many of its levels are used as there are weights.
 * @param weights w₀, w₁, … w_K; the published loss of HEG-S has 1, 10, 15.
 * @throws Error (when it is applied) if there are more weights than levels.
 * @category Losses
 */
export const hierarchical = (
  embedding: Embedding,
  weights: readonly number[],
): DepthLoss => {
  const [pixelWeight = 0, ...levelWeights] = weights;
  const loss: DepthLoss = (target, prediction, mask) => {
    const pixels = pixelWeight === 0 ? noLoss(target, prediction, mask) : l1(target, prediction, mask);
    const levels = comparedLevels(embedding, target, prediction, mask);
    return levelWeights.reduce<Scalar>((sum, weight, index) => {
      const level = levels[index];
      if (level === undefined) {
        throw new Error(`the loss has ${levelWeights.length} level weights, its embedding ${levels.length} levels`);
      }
      return tf.add(sum, tf.mul(distance(...level), weight));
    }, tf.mul(pixels, pixelWeight));
  };
  return withTraits(loss, { usesHoles: true });
};

const meanSize = (level: Features<number>): Scalar => tf.div(sumOfValues(absolute(level)), level.size);

/** The mean over the levels of mean |G(d) − G(d*)|, for a linear G: one pass, of the difference of the depth maps. */
const meanOverLevels = (embedding: Embedding): DepthLoss => (target, prediction, mask) => {
  const levels = embedding(asFeatures(1, errorOnValidPixels(target, prediction, mask)));
  return tf.div(levels.map(meanSize).reduce<Scalar>((sum, each) => tf.add(sum, each), tf.scalar(0)), levels.length);
};

/**
 * The depth gradient loss (PAPER, "Hierarchical embedding loss": the generator is a fixed Sobel pair), in metres, of
 * which a step of one metre is 4: the mean of |S(d) − S(d*)| over all positions and both directions. Holes count as no
 * difference, and beyond the border is a row of zeros. The same number as `hierarchical(sobel, [0, 1])`, in half the
 * time.
 * @category Losses
 */
export const gradientLoss: DepthLoss = meanOverLevels(sobel);

/**
 * The multi-scale depth gradient loss, in metres: the mean over `scales` scales of the depth gradient loss of depth
 * maps averaged over 2^k × 2^k pixels, k = 0, 1, … (several scales: Eigen and Fergus, ICCV 2015; Li and Snavely,
 * "MegaDepth", CVPR 2018). The same number as `hierarchical(multiScaleSobel(4), [0, ¼, ¼, ¼, ¼])`.
 *
 * @param scales How many scales, at least 1; 4 by default. Depth maps need at least 2^(scales − 1) rows and columns.
 * @category Losses
 */
export const multiScaleGradientLoss = (scales = 4): DepthLoss => meanOverLevels(multiScaleSobel(scales));
