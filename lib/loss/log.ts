import { absolute } from "../nn/absolute.ts";
import type { Scalar } from "../tensor/features.ts";
import { logRatio } from "./log_depth.ts";
import type { Loss } from "./loss.ts";
import { maskedMean } from "../nn/reductions.ts";

/**
 * L1 of log depth (the training loss that belongs to the "log10" measure of Saxena et al., "Make3D", TPAMI 2009),
 * without a unit: the mean of |ln d − ln d*| over valid pixels. Below 0.1 m, predictions ≤ 0 included, the logarithm
 * goes on along its tangent (`logDepth`).
 */
export const logL1: Loss = (target, prediction, mask): Scalar =>
  maskedMean(absolute(logRatio(target, prediction, mask)), mask);
