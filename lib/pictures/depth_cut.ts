import type { DepthImage } from "../formats/raster.ts";
import { isMeasured } from "./range.ts";

/** A part of a row of a depth map, across its strongest edge. */
export interface DepthCut {
  /** The row of the depth map. */
  readonly row: number;
  /** The first column. */
  readonly from: number;
  /** The column after the last one. */
  readonly to: number;
  /** The column just before the edge: depth jumps between it and the next one. */
  readonly edge: number;
}

/** The jump of depth after a pixel, in metres, above 0 if it goes farther away; NaN next to a hole. */
const jumpAfter = ({ width, metres }: DepthImage, row: number, column: number): number => {
  const [left, right] = [metres[row * width + column]!, metres[row * width + column + 1]!];
  return isMeasured(left) && isMeasured(right) ? right - left : NaN;
};

/** The least jump of some rows at a column, if all go the same way: 0 otherwise. */
const commonJump = (depth: DepthImage, rows: readonly number[], column: number): number => {
  const jumps = rows.map((row) => jumpAfter(depth, row, column));
  const sameWay = jumps.every((jump) => jump > 0) || jumps.every((jump) => jump < 0);
  return sameWay ? Math.min(...jumps.map(Math.abs)) : 0;
};

/** A cut as long as cuts are in this depth map, with an edge in its middle where that is possible. */
const cutAround = ({ width }: DepthImage, row: number, edge: number): DepthCut => {
  const length = Math.min(width, Math.max(24, Math.round(width / 3)));
  const from = Math.max(0, Math.min(width - length, edge + 1 - Math.floor(length / 2)));
  return { row, edge, from, to: from + length };
};

const measuredShare = ({ metres, width }: DepthImage, { row, from, to }: DepthCut): number =>
  metres.subarray(row * width + from, row * width + to).filter(isMeasured).length / (to - from);

const strongest = (depth: DepthImage, reach: number): DepthCut | null => {
  let [most, found]: [number, DepthCut | null] = [0, null];
  for (let row = reach; row < depth.height - reach; row++) {
    const rows = Array.from({ length: 2 * reach + 1 }, (_, index) => row - reach + index);
    for (let edge = 0; edge + 1 < depth.width; edge++) {
      const jump = commonJump(depth, rows, edge);
      if (jump <= most) continue;
      const cut = cutAround(depth, row, edge);
      const strength = jump * measuredShare(depth, cut);
      if (strength > most) [most, found] = [strength, cut];
    }
  }
  return found;
};

/**
 * A cut along a row across the strongest depth edge of a ground truth in metres (0 or not finite = no measurement): the
 * largest jump between neighbours that the rows above and below have as well, so that it is no speck, or of a single row if
 * there is none such; where much of the cut is holes, a jump counts for less. It is a third of the row, at least 24 columns if there are as many, with the edge in its middle
 * unless that is too near to the picture's side. `null` if depth jumps nowhere.
 */
export const depthCut = (truth: DepthImage): DepthCut | null => strongest(truth, 1) ?? strongest(truth, 0);
