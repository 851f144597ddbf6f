import { tf } from "../dependencies/tensorflow.ts";
import { absolute } from "../nn/absolute.ts";
import type { Scalar } from "../tensor/features.ts";
import type { Loss } from "./loss.ts";
import { maskedMean } from "../nn/reductions.ts";

/** L1, in metres: the mean of |d* − d| over valid pixels (PAPER, "Training"). */
export const l1: Loss = (target, prediction, mask): Scalar => maskedMean(absolute(tf.sub(target, prediction)), mask);

/** L2, in square metres: the mean of (d* − d)² over valid pixels. */
export const l2: Loss = (target, prediction, mask): Scalar => maskedMean(tf.square(tf.sub(target, prediction)), mask);
