/**
 * The formats in which pictures and depth maps are read: their names in messages, the endings of their files, by which lists
 * and folders are looked through, and their first bytes, which alone decide how a file is read. To read another one is to add
 * it here, and its decoder to `image.ts` or `depth_file.ts`.
 */
import { charactersAt } from "./bytes.ts";

/** A format of files.
 * @category Files */
export interface FileFormat<Name extends string = string> {
  /** What messages call it. */
  readonly name: Name;
  /** What names of such files end with, in small letters, without the point. */
  readonly endings: readonly string[];
  /** Whether a file that begins with these characters, one for each byte, is one. */
  readonly begins: (start: string) => boolean;
}

const png: FileFormat<"PNG"> = {
  name: "PNG",
  endings: ["png"],
  begins: (start) => start.startsWith("\x89PNG\r\n\x1a\n"),
};

const jpeg: FileFormat<"JPEG"> = {
  name: "JPEG",
  endings: ["jpg", "jpeg"],
  begins: (start) => start.startsWith("\xff\xd8\xff"),
};

/** Also of more than 4 GB (BigTIFF), which is refused in words. */
const tiff: FileFormat<"TIFF"> = {
  name: "TIFF",
  endings: ["tif", "tiff"],
  begins: (start) => ["II*\0", "MM\0*", "II+\0", "MM\0+"].some((signature) => start.startsWith(signature)),
};

const webp: FileFormat<"WebP"> = {
  name: "WebP",
  endings: ["webp"],
  begins: (start) => start.startsWith("RIFF") && start.slice(8, 12) === "WEBP",
};

const npy: FileFormat<"NPY"> = {
  name: "NPY",
  endings: ["npy"],
  begins: (start) => start.startsWith("\x93NUMPY"),
};

/** Only of NumPy where an array is wanted: any zip archive begins so. */
const npz: FileFormat<"NPZ"> = {
  name: "NPZ",
  endings: ["npz"],
  begins: (start) => start.startsWith("PK\x03\x04"),
};

/** The formats of pictures.
 * @category Files */
export const pictureFormats = [png, jpeg, tiff, webp] as const;

/** The formats of depth maps.
 * @category Files */
export const depthFileFormats = [png, tiff, npy, npz] as const;

/** The format of a file by its first bytes; undefined for none of these. */
export const formatOf = <Name extends string>(
  formats: readonly FileFormat<Name>[],
  bytes: Uint8Array,
): Name | undefined => {
  const start = charactersAt(bytes, 0, 12);
  return formats.find(({ begins }) => begins(start))?.name;
};

const endsAs = (formats: readonly FileFormat[], name: string): boolean => {
  const ending = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase();
  return ending !== undefined && formats.some(({ endings }) => endings.includes(ending));
};

/** Whether a file has the name of a picture, by its ending. */
export const isPicture = (name: string): boolean => endsAs(pictureFormats, name);

/** Whether a file has the name of a depth map, by its ending. */
export const isDepthFile = (name: string): boolean => endsAs(depthFileFormats, name);

/** The names of formats in a sentence: "PNG, JPEG, TIFF or WebP". */
export const formatNames = (formats: readonly FileFormat[]): string =>
  formats.map(({ name }) => name).join(", ").replace(/, ([^,]*)$/, " or $1");
