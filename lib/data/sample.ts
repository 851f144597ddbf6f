import type { DepthImage, RgbImage } from "../formats/raster.ts";

/** Pinhole camera in pixels; pixel (column u, row v) has its centre at (u + 0.5, v + 0.5). */
export interface Intrinsics {
  /** Focal length along a row, in pixels of the sample's size. */
  readonly fx: number;
  /** Focal length along a column, in pixels of the sample's size. */
  readonly fy: number;
  /** Where the optical axis meets the picture: pixels from its left edge. */
  readonly cx: number;
  /** Where the optical axis meets the picture: pixels from its upper edge. */
  readonly cy: number;
}

/** One picture with its ground truth. Image and depth have the same height and width. */
export interface Sample {
  /** What messages and pictures call the sample, such as the name of its image file. */
  readonly name: string;
  /** The picture that depth is to be estimated from. */
  readonly image: RgbImage;
  /** Metres; 0 = no measurement. */
  readonly depth: DepthImage;
  /** The label that HEG-S learns to tell from the depth map, if there is one. */
  readonly scene: string | null;
  /** The camera, where it is known; null for data sets that do not tell. */
  readonly intrinsics: Intrinsics | null;
}
