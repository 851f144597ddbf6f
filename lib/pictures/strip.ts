import type { RgbImage } from "../formats/raster.ts";
import { ink, type Range, type Rgb, roundTicks, separatorGrey, type Tick, white } from "./colormap.ts";
import { filled, frame, hstack, type Placed, type Rectangle, vstack, withPictures, withRectangles } from "./layout.ts";
import { label, labelHeight, labelWidth, plainLabel } from "./text.ts";

/** The place where values along a row are plotted: one column of `step` pixels for each of them. */
export interface Strip {
  /** How many values there are. */
  readonly length: number;
  /** Pixels for each of them; a whole number from 1. */
  readonly step: number;
  /** Pixels from the largest value to the least; a whole number from 2. */
  readonly height: number;
  /** The values at the lower and the upper side. */
  readonly range: Range;
}

const mostCharacters = 8;

/** Pixels on the left of a strip for the texts of its ticks, and the frame of the plot. */
export const axisWidth: number = labelWidth(mostCharacters, plainLabel) + 6;

const lineWidth = 2;

const rowOf = ({ height, range: [low, high] }: Strip, value: number): number => {
  const unit = (value - low) / (high - low);
  return Math.round((1 - Math.max(0, Math.min(1, unit))) * (height - 1));
};

/** Values as a line of steps, each as wide as its column; where a value is not finite, the line has a gap. */
export const stepLine = (strip: Strip, values: readonly number[], colour: Rgb): readonly Rectangle[] => {
  let before = NaN;
  return values.flatMap((value, index): readonly Rectangle[] => {
    const last = before;
    before = value;
    if (!Number.isFinite(value)) return [];
    const [row, left] = [rowOf(strip, value), index * strip.step];
    const tread = { top: row, left, height: lineWidth, width: strip.step, colour };
    if (!Number.isFinite(last)) return [tread];
    const lastRow = rowOf(strip, last);
    const top = Math.min(row, lastRow);
    const height = Math.max(row, lastRow) + lineWidth - top;
    return [tread, { top, left: left - 1, height, width: lineWidth, colour }];
  });
};

/** Values as bars from 0, in one colour below it and in another one above. */
export const signedBars = (
  strip: Strip,
  values: readonly number[],
  [below, above]: readonly [below: Rgb, above: Rgb],
): readonly Rectangle[] => {
  const zero = rowOf(strip, 0);
  const width = strip.step > 3 ? strip.step - 1 : strip.step;
  return values.flatMap((value, index): readonly Rectangle[] => {
    if (!Number.isFinite(value) || value === 0) return [];
    const row = rowOf(strip, value);
    const top = Math.min(row, zero);
    const height = Math.abs(row - zero) + 1;
    return [{ top, left: index * strip.step, height, width, colour: value < 0 ? below : above }];
  });
};

const ticksOf = ({ range, height }: Strip): readonly Tick[] =>
  roundTicks(range, Math.max(4, Math.floor(height / (1.6 * labelHeight(plainLabel)))));

/** The texts of the ticks from the lowest on, without those that have no room above the one before. */
const tickTexts = (strip: Strip, unit: string, height: number): readonly Placed[] =>
  ticksOf(strip).reduce<readonly Placed[]>((placed, { value, text }) => {
    const image = label(`${text} ${unit}`.trimEnd());
    const centred = 1 + rowOf(strip, value) - Math.floor(image.height / 2);
    const top = Math.max(0, Math.min(height - image.height, centred));
    const hasRoom = top + image.height <= (placed.at(-1)?.top ?? height);
    return hasRoom ? [...placed, { top, left: axisWidth - 6 - image.width, image }] : placed;
  }, []);

const grid = (strip: Strip, width: number): readonly Rectangle[] =>
  ticksOf(strip).map(({ value }) => ({
    top: rowOf(strip, value),
    left: 0,
    height: 1,
    width,
    colour: value === 0 ? ink : separatorGrey,
  }));

/**
 * A plot in a frame with round ticks on its left: `drawn` are rectangles in pixels of the plot, such as those of
 * {@link stepLine} and {@link signedBars}, over lines at the ticks. It is {@link axisWidth} + 2 + length × step pixels
 * wide and 2 pixels higher than the strip. Throws a `RangeError` unless the range is finite and strictly ascending.
 */
export const stripPlot = (strip: Strip, unit: string, drawn: readonly Rectangle[]): RgbImage => {
  const width = strip.length * strip.step;
  const area = withRectangles(filled(strip.height, width, white), [...grid(strip, width), ...drawn]);
  const framed = frame(area, 1, ink);
  const axis = filled(framed.height, axisWidth, white);
  return hstack([withPictures(axis, tickTexts(strip, unit, framed.height)), framed], white);
};

/** Round numbers of columns below a plot whose first column is `from`, each in the middle of its column. */
export const columnAxis = ({ length, step }: Pick<Strip, "length" | "step">, from: number): RgbImage => {
  const width = axisWidth + 2 + length * step;
  const ticks = length < 2
    ? []
    : roundTicks([from, from + length - 1], 8).filter(({ value }) => Number.isInteger(value));
  const middle = (value: number): number => axisWidth + 1 + Math.round((value - from + 0.5) * step);
  const marks = withRectangles(
    filled(4, width, white),
    ticks.map(({ value }) => ({ top: 0, left: middle(value), height: 4, width: 1, colour: ink })),
  );
  const texts = ticks.map(({ value }) => {
    const image = label(String(value));
    return { top: 0, left: Math.min(width - image.width, middle(value) - Math.floor(image.width / 2)), image };
  });
  return vstack([marks, withPictures(filled(labelHeight(plainLabel), width, white), texts)], white);
};
