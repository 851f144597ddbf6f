import { E, type Either, pipe } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import type { PngBitDepth, PngHeader } from "./png_chunks.ts";
import type { TakeRow } from "./png_samples.ts";
import type { RgbImage } from "./raster.ts";

/** What becomes of the samples of a PNG while they are read, and what has become of them in the end. */
export interface Canvas<A> {
  readonly take: TakeRow;
  readonly finish: () => Either<Failure, A>;
}

/** A grey picture as the raw integers of its file. */
type Levels = Pick<PngHeader, "height" | "width" | "bitDepth"> & { readonly values: Uint16Array };

/** The first channel of a picture as raw integers. */
export const greyCanvas = ({ height, width, bitDepth, channels }: PngHeader): Canvas<Levels> => {
  const values = new Uint16Array(height * width);
  const take: TakeRow = (samples, start, step) => {
    for (let from = 0, to = start; from < samples.length; from += channels, to += step) values[to] = samples[from]!;
  };
  return { take, finish: () => E.right({ height, width, values, bitDepth }) };
};

/** Each level of a sample of so many bits in 8 bits. */
const levelsOf = (bits: PngBitDepth): Uint8Array =>
  Uint8Array.from({ length: 2 ** bits }, (_, value) => Math.round(value * 255 / (2 ** bits - 1)));

/** Grey and colour in three channels of 8 bits: grey is repeated, alpha is dropped. */
const rgbCanvas = ({ height, width, bitDepth, channels }: PngHeader): Canvas<RgbImage> => {
  const pixels = new Uint8Array(height * width * 3);
  const levels = levelsOf(bitDepth);
  const [green, blue] = channels < 3 ? [0, 0] : [1, 2];
  const take: TakeRow = (samples, start, step) => {
    for (let from = 0, to = start * 3; from < samples.length; from += channels, to += step * 3) {
      pixels[to] = levels[samples[from]!]!;
      pixels[to + 1] = levels[samples[from + green]!]!;
      pixels[to + 2] = levels[samples[from + blue]!]!;
    }
  };
  return { take, finish: () => E.right({ height, width, pixels }) };
};

const paletteCanvas = (name: string, { height, width }: PngHeader, palette: Uint8Array): Canvas<RgbImage> => {
  const colours = Math.floor(palette.length / 3);
  const pixels = new Uint8Array(height * width * 3);
  let largest = 0;
  const take: TakeRow = (samples, start, step) => {
    for (let from = 0, to = start * 3; from < samples.length; from++, to += step * 3) {
      const index = samples[from]!;
      if (index > largest) largest = index;
      pixels[to] = palette[index * 3]!;
      pixels[to + 1] = palette[index * 3 + 1]!;
      pixels[to + 2] = palette[index * 3 + 2]!;
    }
  };
  const finish = (): Either<Failure, RgbImage> =>
    largest < colours ? E.right({ height, width, pixels }) : E.left(
      failure("format", name, `colour ${largest} of a palette of ${colours}`, "indices of its palette"),
    );
  return { take, finish };
};

/** Any picture in 8-bit colour. Left with kind `format` where an index is outside the palette. */
export const colourCanvas = (name: string, header: PngHeader, palette: Uint8Array): Canvas<RgbImage> =>
  header.colour === "palette" ? paletteCanvas(name, header, palette) : rgbCanvas(header);

/** The same canvas with something else made of what it is in the end. */
export const mapped = <A, B>({ take, finish }: Canvas<A>, change: (a: A) => B): Canvas<B> => ({
  take,
  finish: () => pipe(finish(), E.map(change)),
});
