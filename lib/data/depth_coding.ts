import { E, type Either, pipe } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import type { GreyImage } from "../formats/png.ts";

/**
 * What the levels of a depth PNG mean: metres, row-major, 0 = no measurement, from the levels as they are stored. `path` is
 * the file's, for messages. Left with kind `data` where the picture cannot be what is declared.
 */
export type DepthCoding = (grey: GreyImage, path: string) => Either<Failure, Float32Array>;

/** Levels as metres by a function of a level that is not 0; 0 stays 0. */
export const metresBy = (values: Uint16Array, metresOf: (level: number) => number): Float32Array => {
  const metres = new Float32Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const level = values[at]!;
    if (level !== 0) metres[at] = metresOf(level);
  }
  return metres;
};

const wrongBits = (path: string, found: number, expected: string): Failure =>
  failure(
    "data",
    path,
    `a depth map of ${found} bits`,
    expected,
    "Check that this is the original depth map and not a preview of it, and that the scale of depth is right.",
  );

/** A coding that takes depth maps of so many bits only. `declared` says in a message what they are said to be. */
export const ofBits = (bits: 8 | 16, declared: string, coding: DepthCoding): DepthCoding => (grey, path) =>
  grey.bitDepth === bits ? coding(grey, path) : E.left(wrongBits(path, grey.bitDepth, `${bits} bits, as ${declared}`));

/**
 * Levels in proportion to depth: so many of them are a metre. Of 16 bits, or of 8 if those reach a metre: fewer would be a
 * preview of a depth map, such as one of millimetres cut down to bytes.
 *
 * @throws RangeError for a scale that is not above 0: a bug of the caller.
 */
export const linearDepth = (unitsPerMetre: number): DepthCoding => {
  if (!(unitsPerMetre > 0 && Number.isFinite(unitsPerMetre))) {
    throw new RangeError(`${unitsPerMetre} units cannot be a metre`);
  }
  return ({ values, bitDepth }, path) =>
    2 ** bitDepth - 1 < unitsPerMetre
      ? E.left(wrongBits(path, bitDepth, `one that reaches a metre, which is ${unitsPerMetre} units`))
      : E.right(metresBy(values, (level) => level / unitsPerMetre));
};

/** A coding whose depths must not exceed `most` metres; `advice` says what else the levels may mean. */
export const atMost =
  (most: number, expected: string, advice: string, coding: DepthCoding): DepthCoding => (grey, path) =>
    pipe(
      coding(grey, path),
      E.chain((metres) => {
        const far = metres.find((depth) => depth > most);
        return far === undefined
          ? E.right(metres)
          : E.left(failure("data", path, `a depth of ${far.toFixed(3)} m`, expected, advice));
      }),
    );
