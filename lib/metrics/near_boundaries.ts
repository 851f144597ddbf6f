import type { DepthImage } from "../formats/raster.ts";
import { depthBoundaries, markDistances } from "./depth_boundaries.ts";
import { usualBoundaries } from "./protocols.ts";

/**
 * Marks the valid pixels of ground truth (metres above 0) that are on a depth boundary or within `reach` pixels of one, by
 * the usual rule of {@link depthBoundaries}: row-major, 1 where it is so, 0 elsewhere.
 */
export const nearBoundaries = ({ height, width, metres }: DepthImage, reach: number): Uint8Array => {
  const valid = Uint8Array.from(metres, (depth) => depth > 0 ? 1 : 0);
  const boundaries = depthBoundaries({ height, width, depth: metres, valid }, usualBoundaries.slope);
  const distances = markDistances(valid, boundaries, width, reach);
  let next = 0;
  return valid.map((each) => each === 1 && distances[next++]! <= reach ? 1 : 0);
};
