import type { DepthImage, RgbImage } from "../formats/raster.ts";

/** Pinhole camera in pixels; pixel (column u, row v) has its centre at (u + 0.5, v + 0.5). */
export interface Intrinsics {
  readonly fx: number;
  readonly fy: number;
  readonly cx: number;
  readonly cy: number;
}

/** One picture with its ground truth. Image and depth have the same height and width. */
export interface Sample {
  readonly name: string;
  readonly image: RgbImage;
  /** Metres; 0 = no measurement. */
  readonly depth: DepthImage;
  /** The label that HEG-S learns to tell from the depth map, if there is one. */
  readonly scene: string | null;
  readonly intrinsics: Intrinsics | null;
}
