/** A pinhole camera in pixels, as samples have it; pixel (column u, row v) has its centre at (u + 0.5, v + 0.5). */
export interface Pinhole {
  /** Focal length along a row, in pixels. */
  readonly fx: number;
  /** Focal length along a column, in pixels. */
  readonly fy: number;
  /** Where the optical axis meets the picture: pixels from its left edge. */
  readonly cx: number;
  /** Where the optical axis meets the picture: pixels from its upper edge. */
  readonly cy: number;
}

/** The camera of pictures of a size in pixels. */
export type CameraOfSize = (height: number, width: number) => Pinhole;

/**
 * A camera of square pixels, whose axis is in the middle.
 *
 * @param degrees Its view along the longer side of the picture.
 */
export const cameraOfView = (degrees: number): CameraOfSize => (height, width) => {
  const focal = Math.max(height, width) / (2 * Math.tan(degrees * Math.PI / 360));
  return { fx: focal, fy: focal, cx: width / 2, cy: height / 2 };
};
