import { tf } from "../dependencies/tensorflow.ts";
import type { Features, Scalar } from "../tensor/features.ts";
import type { Embedding } from "../embedding/embedding.ts";
import { absolute } from "../nn/absolute.ts";
import { comparedLevels } from "./level_maps.ts";
import { type Loss, noLoss } from "./loss.ts";
import { sumOfValues } from "../nn/reductions.ts";
import { l1 } from "./pixel.ts";

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
    const levels = comparedLevels(embedding, target, prediction, mask);
    return levelWeights.reduce<Scalar>((sum, weight, index) => {
      const level = levels[index];
      if (level === undefined) {
        throw new Error(`the loss has ${levelWeights.length} level weights, its embedding ${levels.length} levels`);
      }
      return tf.add(sum, tf.mul(distance(...level), weight));
    }, tf.mul(pixels, pixelWeight));
  };
};
