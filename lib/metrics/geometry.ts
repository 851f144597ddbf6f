import { E, type Either, pipe } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { checkDimensions, type DepthImage } from "../formats/raster.ts";

/** At which size prediction and ground truth are compared.
 * @category Metrics */
export type Resizing =
  /** At that of the ground truth. */
  | { readonly kind: "truth" }
  /** With this many pixels along the shorter side, the other one in proportion and rounded down. */
  | { readonly kind: "short-side"; readonly pixels: number };

/**
 * The height and width at which an image with a ground truth of this size is compared.
 *
 * Errors: "format", naming the image, if that is too large, as of a picture that is very long and very narrow.
 *
 * @param name The image's name, for messages.
 * @category Metrics
 */
export const comparisonSize = (
  resizing: Resizing,
  name: string,
  height: number,
  width: number,
): Either<Failure, readonly [height: number, width: number]> => {
  if (resizing.kind === "truth") return E.right([height, width]);
  const side = (size: number): number => Math.floor(size * resizing.pixels / Math.min(height, width));
  return pipe(
    checkDimensions(name, side(height), side(width)),
    E.map(() => [side(height), side(width)]),
  );
};

/** For one output pixel of an axis: its two neighbours in the input, and how much the second one weighs. */
const neighbours = (from: number, to: number) =>
  Array.from({ length: to }, (_, at) => {
    const position = Math.min(Math.max((at + 0.5) * from / to - 0.5, 0), from - 1);
    const first = Math.floor(position);
    return { first, second: Math.min(first + 1, from - 1), weight: position - first };
  });

/**
 * A prediction at another size: bilinear at half-pixel centres, edges clamped, without antialiasing. Ground truth,
 * which has holes, must not be resized so.
 * @category Metrics
 */
export const resizePrediction = (prediction: DepthImage, height: number, width: number): DepthImage => {
  if (prediction.height === height && prediction.width === width) return prediction;
  const [rows, columns] = [neighbours(prediction.height, height), neighbours(prediction.width, width)];
  const metres = new Float32Array(height * width);
  const at = (row: number, column: number): number => prediction.metres[row * prediction.width + column]!;
  rows.forEach((row, down) =>
    columns.forEach(({ first, second, weight }, across) => {
      const upper = at(row.first, first) * (1 - weight) + at(row.first, second) * weight;
      const lower = at(row.second, first) * (1 - weight) + at(row.second, second) * weight;
      metres[down * width + across] = upper * (1 - row.weight) + lower * row.weight;
    })
  );
  return { height, width, metres };
};

/** A size in words. */
export const describeResizing = (resizing: Resizing): string =>
  resizing.kind === "truth"
    ? "that of the ground truth, to which predictions are resized bilinearly"
    : `${resizing.pixels} pixels along the shorter side, to which pictures and predictions are resized bilinearly and ` +
      "ground truth by the nearest pixel";

/** From a first row or column to the one after the last.
 * @category Metrics */
export type Span = readonly [from: number, to: number];

/** The part of an image in which pixels are compared; what lies outside is left out.
 * @category Metrics */
export type Crop =
  /** The whole image. */
  | { readonly kind: "none" }
  /** Rows and columns of images of one size; images of another size are refused, not scaled. */
  | {
    readonly kind: "pixels";
    readonly height: number;
    readonly width: number;
    readonly rows: Span;
    readonly columns: Span;
  }
  /** Rows as shares of the height and columns as shares of the width, rounded down to whole pixels. */
  | { readonly kind: "fractions"; readonly rows: Span; readonly columns: Span };

/** Rows and columns of one image. */
export interface CropWindow {
  /** Rows, of which the last is left out. */
  readonly rows: Span;
  /** Columns, of which the last is left out. */
  readonly columns: Span;
}

/** No crop: the whole image counts.
 * @category Metrics */
export const noCrop: Crop = { kind: "none" };

/** Rows 45…470 and columns 41…600 of the 480×640 pixels of NYU Depth V2 (Eigen, Puhrsch, Fergus 2014).
 * @category Metrics */
export const eigenCrop: Crop = { kind: "pixels", height: 480, width: 640, rows: [45, 471], columns: [41, 601] };

/** The part of a KITTI image where the laser scanner measures (Garg et al. 2016).
 * @category Metrics */
export const gargCrop: Crop = {
  kind: "fractions",
  rows: [0.40810811, 0.99189189],
  columns: [0.03594771, 0.96405229],
};

const otherSize = (name: string, height: number, width: number, crop: Crop & { kind: "pixels" }): Failure =>
  failure(
    "data",
    name,
    `a depth map of ${height}×${width} pixels`,
    `${crop.height}×${crop.width}, for which the protocol's crop is defined`,
    "Choose a protocol without this crop, or data of that size.",
  );

const scaled = ([from, to]: Span, size: number): Span => [Math.floor(from * size), Math.floor(to * size)];

/**
 * The rows and columns of an image that a crop keeps.
 *
 * Errors: "data", naming the image and its size, if the crop is in pixels of another size.
 *
 * @param name The image's name, for messages.
 */
export const cropWindow = (crop: Crop, name: string, height: number, width: number): Either<Failure, CropWindow> => {
  switch (crop.kind) {
    case "none":
      return E.right({ rows: [0, height], columns: [0, width] });
    case "fractions":
      return E.right({ rows: scaled(crop.rows, height), columns: scaled(crop.columns, width) });
    case "pixels":
      return crop.height === height && crop.width === width
        ? E.right({ rows: crop.rows, columns: crop.columns })
        : E.left(otherSize(name, height, width, crop));
  }
};

const inPixels = ([from, to]: Span): string => `${from}:${to}`;
const inShares = ([from, to]: Span): string => `${from} to ${to}`;

/** A crop in words and numbers; a range a:b is from a to b − 1.
 * @category Metrics */
export const describeCrop = (crop: Crop): string => {
  switch (crop.kind) {
    case "none":
      return "none";
    case "pixels":
      return `rows ${inPixels(crop.rows)} and columns ${inPixels(crop.columns)} of ${crop.height}×${crop.width} pixels`;
    case "fractions":
      return `rows ${inShares(crop.rows)} of the height, columns ${inShares(crop.columns)} of the width`;
  }
};
