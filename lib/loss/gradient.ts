import { tf } from "../dependencies/tensorflow.ts";
import type { Embedding } from "../embedding/embedding.ts";
import { multiScaleSobel } from "../embedding/multi_scale_sobel.ts";
import { sobel } from "../embedding/sobel.ts";
import { absolute } from "../nn/absolute.ts";
import { asFeatures, type Features, type Scalar } from "../tensor/features.ts";
import type { Loss } from "./loss.ts";
import { sumOfValues } from "../nn/reductions.ts";
import { errorOnValidPixels } from "./valid_pixels.ts";

const meanSize = (level: Features<number>): Scalar => tf.div(sumOfValues(absolute(level)), level.size);

/** The mean over the levels of mean |G(d) − G(d*)|, for a linear G: one pass, of the difference of the depth maps. */
const meanOverLevels = (embedding: Embedding): Loss => (target, prediction, mask) => {
  const levels = embedding(asFeatures(1, errorOnValidPixels(target, prediction, mask)));
  return tf.div(levels.map(meanSize).reduce<Scalar>((sum, each) => tf.add(sum, each), tf.scalar(0)), levels.length);
};

/**
 * The depth gradient loss (PAPER, "Hierarchical embedding loss": the generator is a fixed Sobel pair), in metres, of
 * which a step of one metre is 4: the mean of |S(d) − S(d*)| over all positions and both directions. Holes count as no
 * difference, and beyond the border is a row of zeros. The same number as `hierarchical(sobel, [0, 1])`, in half the
 * time.
 */
export const gradientLoss: Loss = meanOverLevels(sobel);

/**
 * The multi-scale depth gradient loss, in metres: the mean over `scales` scales of the depth gradient loss of depth
 * maps averaged over 2^k × 2^k pixels, k = 0, 1, … (several scales: Eigen and Fergus, ICCV 2015; Li and Snavely,
 * "MegaDepth", CVPR 2018). The same number as `hierarchical(multiScaleSobel(4), [0, ¼, ¼, ¼, ¼])`.
 *
 * @param scales How many scales, at least 1; 4 by default. Depth maps need at least 2^(scales − 1) rows and columns.
 */
export const multiScaleGradientLoss = (scales = 4): Loss => meanOverLevels(multiScaleSobel(scales));
