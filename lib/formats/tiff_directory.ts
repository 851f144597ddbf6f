import { E, type Either, pipe } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { charactersAt, viewOf } from "./bytes.ts";
import { formatOf, pictureFormats } from "./picture_formats.ts";
import { checkDimensions } from "./raster.ts";

/** How the pixels of a TIFF lie in its file: as its first directory says, checked against itself and the file's length. */
export interface TiffLayout {
  readonly height: number;
  readonly width: number;
  /** Numbers of a pixel, colour first. */
  readonly samples: number;
  readonly bits: 8 | 16 | 32 | 64;
  readonly kind: "unsigned" | "signed" | "float";
  readonly colour: "white is zero" | "grey" | "colour" | "palette";
  /** Reds, then greens, then blues of a palette, 16 bits each; empty without one. */
  readonly palette: readonly number[];
  readonly isLittleEndian: boolean;
  readonly compression: TiffCompression;
  /** 1 none, 2 differences of neighbours, 3 differences of the bytes of floating-point numbers. */
  readonly predictor: 1 | 2 | 3;
  /** Whether each sample has blocks of its own, one sample after the other. */
  readonly isPlanar: boolean;
  /** Pixels of a block: a strip has the picture's width. */
  readonly block: { readonly height: number; readonly width: number };
  /** Whether blocks are tiles, which are whole at the picture's edges; the last strip is shorter. */
  readonly isTiled: boolean;
  /** Where each block lies in the file: row by row, sample by sample. */
  readonly blocks: readonly (readonly [offset: number, size: number])[];
  /** The number that stands for no value, where the writer says one (GDAL). */
  readonly noData: number | null;
}

/** How blocks are compressed. */
export type TiffCompression = "none" | "LZW" | "deflate" | "PackBits";

const compressions: ReadonlyMap<number, TiffCompression> = new Map([
  [1, "none"],
  [5, "LZW"],
  [8, "deflate"],
  [32946, "deflate"],
  [32773, "PackBits"],
]);

/** Bytes that a byte of a block may become at most: more is no picture, and nothing is allocated for it. */
const mostExpansion: Readonly<Record<TiffCompression, number>> = { none: 1, LZW: 2560, deflate: 1040, PackBits: 64 };

const kinds = new Map<number, TiffLayout["kind"]>([[1, "unsigned"], [2, "signed"], [3, "float"], [4, "unsigned"]]);

const colours = new Map<number, TiffLayout["colour"]>([
  [0, "white is zero"],
  [1, "grey"],
  [2, "colour"],
  [3, "palette"],
]);

/** The bytes of the pixels of the largest TIFF that is read: 2³⁰. */
const maximumBytes = 2 ** 30;

/** The pixels of the largest tile: 4096 × 4096. Usual ones have 64 to 1024 a side. */
const maximumTile = 2 ** 24;

const advice =
  "Save it again with Pillow, ImageMagick (convert) or GDAL (gdal_translate), with no or with LZW compression.";

const wrong = (name: string, found: string, expected: string): Failure =>
  failure("format", name, found, expected, advice);

/** The values of the fields of a directory by their tags; only those of numbers that lie in the file. */
type Fields = ReadonlyMap<number, readonly number[]>;

/** Bytes of a number: byte, text, 16 and 32 bits. Other types tell nothing that is wanted. */
const typeSizes: ReadonlyMap<number, 1 | 2 | 4> = new Map([[1, 1], [2, 1], [3, 2], [4, 4]]);

/** The fields that are read, so that a file of many large ones costs nothing. */
const wanted: ReadonlySet<number> = new Set(
  [254, 256, 257, 258, 259, 262, 273, 277, 278, 279, 284, 317, 320, 322, 323, 324, 325, 339, 42113],
);

const numbersAt = (view: DataView, isLittle: boolean, start: number, size: 1 | 2 | 4, count: number): number[] =>
  Array.from({ length: count }, (_, at) => {
    const offset = start + at * size;
    return size === 1
      ? view.getUint8(offset)
      : size === 2
      ? view.getUint16(offset, isLittle)
      : view.getUint32(offset, isLittle);
  });

interface Directory {
  readonly fields: Fields;
  /** Where the next one lies; 0 for none. */
  readonly next: number;
}

const readDirectory = (bytes: Uint8Array, isLittle: boolean, start: number): Directory | null => {
  const view = viewOf(bytes);
  if (start < 8 || start + 2 > bytes.length) return null;
  const end = start + 2 + 12 * view.getUint16(start, isLittle);
  if (end + 4 > bytes.length) return null;
  const fields = new Map<number, readonly number[]>();
  for (let at = start + 2; at < end; at += 12) {
    const tag = view.getUint16(at, isLittle);
    const size = typeSizes.get(view.getUint16(at + 2, isLittle));
    const count = view.getUint32(at + 4, isLittle);
    if (!wanted.has(tag) || fields.has(tag) || size === undefined) continue;
    const from = count * size <= 4 ? at + 8 : view.getUint32(at + 8, isLittle);
    if (from + count * size > bytes.length) return null;
    fields.set(tag, numbersAt(view, isLittle, from, size, count));
  }
  return { fields, next: view.getUint32(end, isLittle) };
};

const first = (fields: Fields, tag: number, usual: number): number => fields.get(tag)?.[0] ?? usual;

/** Whether a directory is that of a page of its own: no smaller copy of another one, and no mask. */
const isPage = ({ fields }: Directory): boolean => (first(fields, 254, 0) & 5) === 0;

/** The directory of the only page. Copies in other sizes and masks may follow it. */
const onlyPage = (name: string, bytes: Uint8Array, isLittle: boolean): Either<Failure, Fields> => {
  const begin = readDirectory(bytes, isLittle, viewOf(bytes).getUint32(4, isLittle));
  if (begin === null) return E.left(wrong(name, "a TIFF whose directory lies beyond its end", "a whole TIFF"));
  const seen = new Set<number>();
  for (let at = begin.next; at !== 0 && !seen.has(at) && seen.size < 64;) {
    seen.add(at);
    const other = readDirectory(bytes, isLittle, at);
    if (other === null) break;
    if (isPage(other)) {
      return E.left(
        failure("format", name, "a TIFF of several pages", "one picture", "Save the page that is meant by itself."),
      );
    }
    at = other.next;
  }
  return E.right(begin.fields);
};

type Form = Pick<TiffLayout, "samples" | "bits" | "kind" | "colour" | "compression" | "predictor">;

const formOf = (name: string, fields: Fields): Either<Failure, Form> => {
  const samples = first(fields, 277, 1);
  const everyBits = fields.get(258) ?? [1];
  const bits = ([8, 16, 32, 64] as const).find((each) => each === everyBits[0]);
  const kind = kinds.get(first(fields, 339, 1));
  const colour = colours.get(first(fields, 262, 1));
  const compression = compressions.get(first(fields, 259, 1));
  const predictor = ([1, 2, 3] as const).find((each) => each === first(fields, 317, 1));
  const isSound = samples >= 1 && samples <= 16 && everyBits.every((each) => each === everyBits[0]) &&
    (kind === "float" ? bits !== 8 : bits !== 64) && (colour !== "colour" || samples >= 3);
  if (bits === undefined || kind === undefined || !isSound) {
    const found = `a TIFF of ${samples} samples a pixel of ${everyBits.slice(0, 4).join(", ")} bits`;
    return E.left(wrong(name, found, "1 to 16 samples of 8, 16 or 32 bits, or floating-point numbers of 16, 32 or 64"));
  }
  if (compression === undefined) {
    const found = `a TIFF compressed by method ${first(fields, 259, 1)}`;
    return E.left(wrong(name, found, "none, LZW, deflate or PackBits"));
  }
  if (colour === undefined || (colour === "palette" && bits !== 8)) {
    return E.left(wrong(name, `a TIFF of colour type ${first(fields, 262, 1)}`, "grey, RGB or a palette of 8 bits"));
  }
  const suits = predictor !== 3 ? predictor !== 2 || bits !== 64 : kind === "float";
  if (predictor === undefined || !suits) {
    return E.left(
      wrong(name, `predictor ${first(fields, 317, 1)}`, "1, 2 up to 32 bits, or 3 for floating-point numbers"),
    );
  }
  return E.right({ samples, bits, kind, colour, compression, predictor });
};

type Blocks = Pick<TiffLayout, "height" | "width" | "isPlanar" | "block" | "isTiled" | "blocks">;

/** Where the blocks lie, as many as the size needs. Compressed ones must be able to hold the pixels. */
const blocksOf = (
  name: string,
  bytes: Uint8Array,
  fields: Fields,
  { samples, bits, compression }: Form,
): Either<Failure, Blocks> => {
  const [width, height] = [first(fields, 256, 0), first(fields, 257, 0)];
  const isTiled = fields.has(324);
  const rows = isTiled ? first(fields, 323, 0) : Math.min(first(fields, 278, height), height);
  const block = { height: rows, width: isTiled ? first(fields, 322, 0) : width };
  if (!(block.height > 0 && block.width > 0) || (isTiled && block.height * block.width > maximumTile)) {
    return E.left(wrong(name, `blocks of ${block.width}×${block.height} pixels`, "tiles of at most 4096×4096"));
  }
  const isPlanar = first(fields, 284, 1) === 2 && samples > 1;
  const count = Math.ceil(height / block.height) * Math.ceil(width / block.width) * (isPlanar ? samples : 1);
  const pixelBytes = samples * bits / 8;
  const raw = height * width * pixelBytes;
  const sizes = fields.get(isTiled ? 325 : 279) ?? (compression === "none" && count === 1 ? [raw] : []);
  const blocks = (fields.get(isTiled ? 324 : 273) ?? []).slice(0, count).map((offset, at) =>
    [offset, sizes[at] ?? Infinity] as const
  );
  if (blocks.length < count || blocks.some(([offset, size]) => offset + size > bytes.length)) {
    return E.left(wrong(name, "a TIFF whose pixels lie beyond its end", "a whole TIFF; this one was cut off"));
  }
  const held = blocks.reduce((sum, [, size]) => sum + size, 0) * mostExpansion[compression];
  return raw <= maximumBytes && raw <= held ? E.right({ height, width, isPlanar, block, isTiled, blocks }) : E.left(
    wrong(
      name,
      `${raw} bytes of pixels in ${bytes.length} bytes`,
      `at most ${maximumBytes}, and no more than it holds`,
    ),
  );
};

const noDataOf = (fields: Fields): number | null => {
  const text = String.fromCharCode(...(fields.get(42113) ?? []).slice(0, 64)).replace(/\0.*$/s, "").trim();
  return text === "" || Number.isNaN(Number(text)) ? null : Number(text);
};

/**
 * Reads and checks how the pixels of a TIFF lie in it. Left with kind `format` if it is damaged or cut off, has several
 * pages, or is of a form that is not read, and if it is larger than {@link checkDimensions} and 2³⁰ bytes allow. Nothing is
 * allocated for pixels. Source: TIFF, revision 6.0, and Adobe's technical notes on TIFF for predictors.
 */
export const readTiffLayout = (name: string, bytes: Uint8Array): Either<Failure, TiffLayout> => {
  const start = charactersAt(bytes, 0, 4);
  if (start.includes("+")) return E.left(wrong(name, "a BigTIFF", "a TIFF, which holds up to 4 GB"));
  if (bytes.length < 8 || formatOf(pictureFormats, bytes) !== "TIFF") {
    return E.left(wrong(name, "a file that is no whole TIFF", "a TIFF"));
  }
  const isLittleEndian = start.startsWith("II");
  return pipe(
    onlyPage(name, bytes, isLittleEndian),
    E.chainFirst((fields) => checkDimensions(name, first(fields, 257, 0), first(fields, 256, 0))),
    E.chain((fields) =>
      pipe(
        formOf(name, fields),
        E.chain((form) =>
          pipe(
            blocksOf(name, bytes, fields, form),
            E.map((blocks) => ({
              ...form,
              ...blocks,
              isLittleEndian,
              palette: fields.get(320) ?? [],
              noData: noDataOf(fields),
            })),
          )
        ),
      )
    ),
  );
};
