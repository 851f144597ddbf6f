import { E, type Either } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";

/** From a first row or column to the one after the last. */
export type Span = readonly [from: number, to: number];

/** The part of an image in which pixels are compared; what lies outside is left out. */
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

/** No crop: the whole image counts. */
export const noCrop: Crop = { kind: "none" };

/** Rows 45…470 and columns 41…600 of the 480×640 pixels of NYU Depth V2 (Eigen, Puhrsch, Fergus 2014). */
export const eigenCrop: Crop = { kind: "pixels", height: 480, width: 640, rows: [45, 471], columns: [41, 601] };

/** The part of a KITTI image where the laser scanner measures (Garg et al. 2016). */
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
export const windowOf = (crop: Crop, name: string, height: number, width: number): Either<Failure, CropWindow> => {
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

/** A crop in words and numbers; a range a:b is from a to b − 1. */
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
