import { pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import { decodeImage } from "../formats/image.ts";
import { isQuarterTurn, type Orientation, orientationOf, upright } from "../formats/orientation.ts";
import type { DepthImage, RgbImage } from "../formats/raster.ts";

/** What an image's file asks viewers to do with it, and whether that was done.
 * @category Data */
export interface Turning {
  /** The orientation in its EXIF data, 2…8. */
  readonly orientation: Orientation;
  /** Whether the image was turned so; else it lies as it is stored. */
  readonly turned: boolean;
}

/** A picture as it is stored, and how it is to be shown. */
export interface StoredPicture {
  /** The picture as it is stored. */
  readonly image: RgbImage;
  /** How it is to be shown. */
  readonly orientation: Orientation;
}

/** Decodes a picture that has a depth map. Errors: those of `decodeImage`. */
export const decodeStored = (name: string, bytes: Uint8Array): TaskEither<Failure, StoredPicture> =>
  pipe(decodeImage(name, bytes), TE.map((image) => ({ image, orientation: orientationOf(bytes) })));

/** Whether one is upright where the other one lies. */
const areCrossed = (image: RgbImage, depth: DepthImage): boolean =>
  (image.width - image.height) * (depth.width - depth.height) < 0;

/**
 * A picture as it lies on its depth map. Programs that make data sets read the pixels as they are stored, so they stay; only
 * where the picture lies and its depth is upright, or the other way round, the quarter turn that its file asks for is made.
 */
export const layOnDepth = (
  { image, orientation }: StoredPicture,
  depth: DepthImage,
): { readonly image: RgbImage; readonly turning?: Turning } => {
  if (orientation === 1) return { image };
  const turned = isQuarterTurn(orientation) && areCrossed(image, depth);
  return { image: turned ? upright(orientation)(image) : image, turning: { orientation, turned } };
};

/** What was done with a picture, for the counts of a survey. */
export const describeTurning = ({ orientation, turned }: Turning): string =>
  `${orientation}: ${turned ? "turned, as its depth is" : "left as stored, as its depth is"}`;
