import type { Monoid } from "../dependencies/fp.ts";
import type { Comparison } from "./comparison.ts";
import { depthBoundaries, markDistances } from "./depth_boundaries.ts";
import type { BoundaryRule } from "./protocol.ts";
import { sumsOf } from "./sums.ts";

/** Sums over boundary pixels, from which the depth boundary errors of Koch et al. (2018) follow. */
export interface BoundarySums {
  /** Boundary pixels of the ground truth. */
  readonly truth: number;
  /** Σ over them of the distance to the nearest predicted boundary, `reach` where it is farther, in pixels. */
  readonly missed: number;
  /** Boundary pixels of the prediction that have one of the ground truth within `reach`. */
  readonly near: number;
  /** Σ over them of the distance to it, in pixels. */
  readonly displaced: number;
}

/** Sums over boundary pixels under addition. */
export const boundarySum: Monoid<BoundarySums> = sumsOf(["truth", "missed", "near", "displaced"]);

const total = (distances: Float64Array): number => distances.reduce((sum, distance) => sum + distance, 0);

/** The sums of one image; all 0 if its ground truth has no boundary, as then there is nothing to compare with. */
export const boundarySumsOf = (
  { height, width, truth, prediction }: Comparison,
  { slope, reach }: BoundaryRule,
): BoundarySums => {
  const valid = new Uint8Array(truth.length);
  for (let at = 0; at < truth.length; at++) valid[at] = truth[at]! > 0 ? 1 : 0;
  const measured = depthBoundaries({ height, width, valid, depth: truth }, slope);
  if (!measured.includes(1)) return boundarySum.empty;
  const predicted = depthBoundaries({ height, width, valid, depth: prediction }, slope);
  const toPredicted = markDistances(measured, predicted, width, reach).map((distance) => Math.min(distance, reach));
  const toMeasured = markDistances(predicted, measured, width, reach).filter((distance) => distance <= reach);
  return {
    truth: toPredicted.length,
    missed: total(toPredicted),
    near: toMeasured.length,
    displaced: total(toMeasured),
  };
};
