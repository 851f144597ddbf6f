import { tf } from "../dependencies/tensorflow.ts";
import { asFeatures, type DepthMaps, type Features, type Scalar, type ValidMasks } from "../tensor/features.ts";
import type { Embedding } from "../embedding/embedding.ts";
import { absolute } from "../nn/absolute.ts";
import { asConstant } from "../nn/stop_gradient.ts";
import { type Loss, noLoss, sumOfValues } from "./loss.ts";
import { l1 } from "./pixel.ts";

/**
 * Both sides of the comparison with holes filled: in them, both have the prediction's own values, through which no gradient
 * flows. A hole then differs in nothing and pulls at nothing, whatever the embedding.
 */
const fillHoles = (target: DepthMaps, prediction: DepthMaps, mask: ValidMasks): readonly [DepthMaps, DepthMaps] => {
  const filling = asConstant(() => tf.mul<tf.Tensor4D>(prediction, tf.sub(1, mask)));
  const filled = (depth: DepthMaps): tf.Tensor4D => tf.add(tf.mul(depth, mask), filling);
  return [asFeatures(1, asConstant(() => filled(target))), asFeatures(1, filled(prediction))];
};

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
 * @param embedding The generator; as many of its levels are used as there are weights.
 * @param weights w₀, w₁, … w_K; the published loss of HEG-S has 1, 10, 15.
 * @throws Error (when it is applied) if there are more weights than levels.
 */
export const hierarchical = (
  embedding: Embedding,
  weights: readonly number[],
): Loss => {
  const [pixelWeight = 0, ...levelWeights] = weights;
  return (target, prediction, mask) => {
    const pixels = pixelWeight === 0 ? noLoss(target, prediction, mask) : l1(target, prediction, mask);
    const [truthDepth, predictedDepth] = fillHoles(target, prediction, mask);
    const truthLevels = embedding(truthDepth);
    const predictionLevels = embedding(predictedDepth);
    return levelWeights.reduce<Scalar>((sum, weight, index) => {
      const [truth, predicted] = [truthLevels[index], predictionLevels[index]];
      if (truth === undefined || predicted === undefined) {
        throw new Error(
          `the loss has ${levelWeights.length} level weights, its embedding ${truthLevels.length} levels`,
        );
      }
      return tf.add(sum, tf.mul(distance(truth, predicted), weight));
    }, tf.mul(pixels, pixelWeight));
  };
};
