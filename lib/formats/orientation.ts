import { charactersAt, viewOf } from "./bytes.ts";
import { jpegSegment } from "./jpeg_markers.ts";
import { formatOf, pictureFormats } from "./picture_formats.ts";
import { ancillaryData } from "./png_chunks.ts";
import type { RgbImage } from "./raster.ts";

/**
 * How a stored picture is to be shown, as EXIF counts: 1 as it is, 3 upside down, 6 and 8 turned by a quarter to the right
 * and to the left, 2, 4, 5 and 7 mirrored.
 * @category Files
 */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** Whether width and height are exchanged by it. */
export const isQuarterTurn = (orientation: Orientation): boolean => orientation >= 5;

/** Where the rows and the columns of a stored picture begin when it is shown. */
interface Placing {
  /** Whether stored rows become columns. */
  readonly exchanged: boolean;
  /** Whether what is shown goes through the stored rows from the last one on. */
  readonly fromLastRow: boolean;
  /** Whether it goes through the stored columns from the last one on. */
  readonly fromLastColumn: boolean;
}

const placings: Readonly<Record<Orientation, Placing>> = {
  1: { exchanged: false, fromLastRow: false, fromLastColumn: false },
  2: { exchanged: false, fromLastRow: false, fromLastColumn: true },
  3: { exchanged: false, fromLastRow: true, fromLastColumn: true },
  4: { exchanged: false, fromLastRow: true, fromLastColumn: false },
  5: { exchanged: true, fromLastRow: false, fromLastColumn: false },
  6: { exchanged: true, fromLastRow: true, fromLastColumn: false },
  7: { exchanged: true, fromLastRow: true, fromLastColumn: true },
  8: { exchanged: true, fromLastRow: false, fromLastColumn: true },
};

/** A stored picture as it is to be shown; of orientation 1 the very same. Source: EXIF 2.32, section 4.6.4, tag 274.
 * @category Files */
export const upright = (orientation: Orientation): (image: RgbImage) => RgbImage => (image) => {
  if (orientation === 1) return image;
  const { exchanged, fromLastRow, fromLastColumn } = placings[orientation];
  const [height, width] = exchanged ? [image.width, image.height] : [image.height, image.width];
  const start = (fromLastRow ? image.height - 1 : 0) * image.width + (fromLastColumn ? image.width - 1 : 0);
  const [byRow, byColumn] = [fromLastRow ? -image.width : image.width, fromLastColumn ? -1 : 1];
  const [down, across] = exchanged ? [byColumn, byRow] : [byRow, byColumn];
  const pixels = new Uint8Array(image.pixels.length);
  let to = 0;
  for (let row = 0; row < height; row++) {
    let from = (start + row * down) * 3;
    for (let column = 0; column < width; column++, from += across * 3) {
      pixels[to++] = image.pixels[from]!;
      pixels[to++] = image.pixels[from + 1]!;
      pixels[to++] = image.pixels[from + 2]!;
    }
  }
  return { height, width, pixels };
};

const isOrientation = (value: number | undefined): value is Orientation =>
  value !== undefined && Number.isInteger(value) && value >= 1 && value <= 8;

const orientationTag = 274;

/** The value of a tag of one number in the first directory of a TIFF; undefined if it is not there, or not whole. */
const tiffNumber = (tiff: Uint8Array, wanted: number): number | undefined => {
  const order = charactersAt(tiff, 0, 2);
  if (tiff.length < 8 || (order !== "II" && order !== "MM")) return undefined;
  const little = order === "II";
  const view = viewOf(tiff);
  const directory = view.getUint32(4, little);
  if (view.getUint16(2, little) !== 42 || directory + 2 > tiff.length) return undefined;
  const end = Math.min(directory + 2 + 12 * view.getUint16(directory, little), tiff.length);
  for (let at = directory + 2; at + 12 <= end; at += 12) {
    if (view.getUint16(at, little) !== wanted) continue;
    const type = view.getUint16(at + 2, little);
    return type === 3 ? view.getUint16(at + 8, little) : type === 4 ? view.getUint32(at + 8, little) : undefined;
  }
  return undefined;
};

const exifPrefix = "Exif\0\0";

/** The EXIF data of a WebP, some of which begin as those of a JPEG do; undefined if there are none. */
const webpExif = (bytes: Uint8Array): Uint8Array | undefined => {
  const view = viewOf(bytes);
  for (let at = 12; at + 8 <= bytes.length;) {
    const end = at + 8 + view.getUint32(at + 4, true);
    if (charactersAt(bytes, at, at + 4) === "EXIF") {
      const begins = charactersAt(bytes, at + 8, at + 14) === exifPrefix;
      return bytes.subarray(at + 8 + (begins ? exifPrefix.length : 0), end);
    }
    at = end + end % 2;
  }
  return undefined;
};

/** What of a file has the form of a TIFF and tells how its picture is to be shown. */
const exifOf = (bytes: Uint8Array): Uint8Array | undefined => {
  switch (formatOf(pictureFormats, bytes)) {
    case "JPEG":
      return jpegSegment(bytes, 0xe1, exifPrefix);
    case "PNG":
      return ancillaryData(bytes, "eXIf");
    case "WebP":
      return webpExif(bytes);
    case "TIFF":
      return bytes;
    default:
      return undefined;
  }
};

/**
 * How the picture of a file is to be shown, by the EXIF data of a JPEG, PNG or WebP, or by a TIFF itself; 1 where there is
 * nothing of it, or what there is makes no sense: it is never worth losing a picture.
 * @category Files
 */
export const orientationOf = (bytes: Uint8Array): Orientation => {
  const exif = exifOf(bytes);
  const value = exif === undefined ? undefined : tiffNumber(exif, orientationTag);
  return isOrientation(value) ? value : 1;
};
