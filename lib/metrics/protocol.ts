import { E, type Either } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import type { Resizing } from "./comparison_size.ts";
import type { Crop } from "./crop.ts";

/** Depths in metres to which predictions are clipped. The near end is above 0, where logarithms and ratios end. */
export interface DepthRange {
  /** The least depth that a prediction counts as, in metres, above 0. */
  readonly near: number;
  /** The greatest depth that a prediction counts as, in metres. */
  readonly far: number;
}

/** Where depth has a boundary, and how far another boundary may be to be the same one. */
export interface BoundaryRule {
  /**
   * The least slope of ln depth, per pixel, at a boundary. A step between two pixels whose depths have the ratio r has
   * the slope ln(r) / 2 at both.
   */
  readonly slope: number;
  /** Distances between boundaries are truncated at this many pixels of the size of comparison. */
  readonly reach: number;
}

/** How predictions are compared with ground truth: all that two published numbers must share to be comparable. */
export interface Protocol {
  /** What tables and files call it. */
  readonly name: string;
  /** The size at which prediction and ground truth are compared. */
  readonly resizing: Resizing;
  /** The part of the image, at that size, that counts. */
  readonly crop: Crop;
  /** Ground truth counts if it is above `min` and below `max`, in metres; `max` may be infinite. 0 never counts. */
  readonly truth: { readonly min: number; readonly max: number };
  /** Whether the mirrored prediction for the mirrored picture is averaged with the prediction. */
  readonly flipTest: boolean;
  /**
   * Whether each prediction is multiplied by median ground truth / median prediction over what counts, before clipping.
   */
  readonly medianScaling: boolean;
  /** What predictions are clipped to, after scaling. Ground truth is not clipped. */
  readonly clip: DepthRange;
  /** Whether each metric is averaged over images, or computed from the pixels of all images together. */
  readonly average: "images" | "pixels";
  /** Where the depth boundaries are, and up to which distance they are compared. */
  readonly boundaries: BoundaryRule;
}

const wrong = (name: string, field: string, found: string, expected: string): Either<Failure, never> =>
  E.left(failure("configuration", `protocol ${name}, field ${field}`, found, expected));

/**
 * A protocol whose numbers make sense: with it, finite predictions have finite metrics.
 *
 * Errors: "configuration", naming the field.
 */
export const checkProtocol = (protocol: Protocol): Either<Failure, Protocol> => {
  const { name, resizing, truth, clip, boundaries: { slope, reach } } = protocol;
  if (!(clip.near > 0 && clip.far >= clip.near && clip.far < Infinity)) {
    return wrong(name, "clip", `${clip.near}…${clip.far} m`, "depths above 0, the near one first, both finite");
  }
  if (!(truth.max > truth.min)) return wrong(name, "truth", `${truth.min}…${truth.max} m`, "min below max");
  if (!(slope > 0)) return wrong(name, "boundaries.slope", String(slope), "a slope above 0");
  if (!(reach >= 1 && reach <= 1000)) return wrong(name, "boundaries.reach", String(reach), "1 to 1000 pixels");
  if (resizing.kind === "short-side" && !(Number.isInteger(resizing.pixels) && resizing.pixels > 0)) {
    return wrong(name, "resizing.pixels", String(resizing.pixels), "a whole number of pixels");
  }
  return E.right(protocol);
};
