import { type Failure, failure } from "../errors.ts";
import { E, type Either, pipe } from "../dependencies/fp.ts";
import { charactersAt, viewOf } from "./bytes.ts";
import { checkDimensions } from "./limits.ts";

/** Bits of one sample of a PNG. */
export type PngBitDepth = 1 | 2 | 4 | 8 | 16;

/** What the samples of a PNG mean. */
export type PngColour = "grey" | "colour" | "palette" | "grey with alpha" | "colour with alpha";

/** The header chunk of a PNG. `channels` counts the samples of a pixel as stored: 1 for grey and palette. */
export interface PngHeader {
  readonly height: number;
  readonly width: number;
  readonly bitDepth: PngBitDepth;
  readonly colour: PngColour;
  readonly channels: number;
  readonly interlaced: boolean;
}

type Coding = Pick<PngHeader, "bitDepth" | "colour" | "channels" | "interlaced">;

interface ColourType {
  readonly colour: PngColour;
  readonly channels: number;
  readonly bitDepths: readonly PngBitDepth[];
}

const colourTypes: ReadonlyMap<number, ColourType> = new Map<number, ColourType>([
  [0, { colour: "grey", channels: 1, bitDepths: [1, 2, 4, 8, 16] }],
  [2, { colour: "colour", channels: 3, bitDepths: [8, 16] }],
  [3, { colour: "palette", channels: 1, bitDepths: [1, 2, 4, 8] }],
  [4, { colour: "grey with alpha", channels: 2, bitDepths: [8, 16] }],
  [6, { colour: "colour with alpha", channels: 4, bitDepths: [8, 16] }],
]);

const wrong = (name: string, found: string, expected: string): Either<Failure, never> =>
  E.left(failure("format", name, found, expected));

/** Decodes the last five bytes of the header. */
const readCoding = (name: string, bytes: Uint8Array): Either<Failure, Coding> => {
  const view = viewOf(bytes);
  const [bits, code] = [view.getUint8(0), view.getUint8(1)];
  const [compression, filter, interlace] = [view.getUint8(2), view.getUint8(3), view.getUint8(4)];
  const type = colourTypes.get(code);
  const bitDepth = type?.bitDepths.find((depth) => depth === bits);
  if (type === undefined || bitDepth === undefined) {
    return wrong(name, `colour type ${code} with ${bits} bits`, "a combination that the PNG specification allows");
  }
  if (compression !== 0 || filter !== 0 || interlace > 1) {
    const found = `compression ${compression}, filter method ${filter}, interlace ${interlace}`;
    return wrong(name, found, "compression 0, filter method 0, interlace 0 or 1");
  }
  const { colour, channels } = type;
  return E.right({ bitDepth, colour, channels, interlaced: interlace === 1 });
};

/**
 * Decodes the header of a PNG, the first chunk after the signature, and checks its size by {@link checkDimensions}.
 * Left with kind `format` if it is missing, unknown to the specification or announces too large a picture. Source:
 * Portable Network Graphics, third edition, section 11.2.1.
 */
export const readPngHeader = (name: string, bytes: Uint8Array): Either<Failure, PngHeader> => {
  const [start, end] = [16, 29];
  const view = viewOf(bytes);
  if (bytes.length < end || view.getUint32(8) !== end - start || charactersAt(bytes, 12, start) !== "IHDR") {
    return wrong(name, "a PNG that does not begin with a whole header", "an IHDR chunk of 13 bytes");
  }
  const width = view.getUint32(start);
  const height = view.getUint32(start + 4);
  return pipe(
    checkDimensions(name, height, width),
    E.chain(() => readCoding(name, bytes.subarray(start + 8, end))),
    E.map((coding) => ({ height, width, ...coding })),
  );
};
