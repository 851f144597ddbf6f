import type { DepthImage, RgbImage, ValueMap } from "../formats/raster.ts";
import type { GeneratorExplanation, LevelExplanation, TermExplanation } from "../loss/explanation.ts";
import { captioned } from "./cell.ts";
import { errorMap, paint, signedMap } from "./colormap.ts";
import { resizeNearest } from "./nearest.ts";
import { errorRange, type Range, signedRange } from "./range.ts";

/** A number for a caption: three digits that count, or another number of them. */
export const brief = (value: number, digits = 3): string => String(Number(value.toPrecision(digits)));

/** How large a picture is drawn, in pixels. */
export interface DrawnSize {
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
}

const asDepth = ({ height, width, values }: ValueMap): DepthImage => ({ height, width, metres: values });

const unitRange: Range = [0, 1];
const signedUnitRange: Range = [-1, 1];

const weighting = ({ mean, weight }: LevelExplanation, unit: string): string => {
  const measured = `mean ${brief(mean)}${unit === "" ? "" : ` ${unit}`}`;
  return weight === 0 ? `${measured}, weight 0` : `${measured} x ${brief(weight)} = ${brief(mean * weight)}`;
};

/**
 * The map of a level's differences, enlarged so that each of its values is a block, under the level's size, its mean, its
 * weight and their product, with a scale of its own from 0 to the 98th percentile.
 */
export const levelCell = ({ unit }: GeneratorExplanation, level: LevelExplanation, size: DrawnSize): RgbImage => {
  const values = asDepth(level.difference);
  const range = errorRange(values) ?? unitRange;
  const picture = resizeNearest(paint(values, Number.isFinite, range, errorMap), size.height, size.width);
  const { height, width } = level.difference;
  return captioned(
    picture,
    [`level ${level.level}: ${width}x${height}, ${level.channels} ch`, weighting(level, unit)],
    {
      range,
      map: errorMap,
      unit,
    },
  );
};

const atBoundaries = ({ strength, boundaryStrength }: TermExplanation): string =>
  boundaryStrength === null || strength === 0 ? "" : `, x${brief(boundaryStrength / strength, 2)} at edges`;

/**
 * The map of a loss's pull, red where it pulls nearer and blue where it pulls farther away, grey where the truth has a
 * hole, under its name, its weighted value, and how strongly it pulls on average and at depth boundaries.
 */
export const pullCell = (term: TermExplanation, truth: DepthImage, size: DrawnSize): RgbImage => {
  const { name, trained, value, pull, strength } = term;
  const range = signedRange(pull.values) ?? signedUnitRange;
  const measured = { ...pull, values: pull.values.map((each, at) => truth.metres[at]! > 0 ? each : NaN) };
  const picture = resizeNearest(paint(asDepth(measured), Number.isFinite, range, signedMap), size.height, size.width);
  const lines = [
    name,
    trained ? `loss ${brief(value)}` : `${brief(value)}, not in the loss`,
    `mean ${brief(strength, 2)}${atBoundaries(term)}`,
  ];
  return captioned(picture, lines, { range, map: signedMap, unit: "" });
};
