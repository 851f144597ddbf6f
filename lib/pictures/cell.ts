import type { RgbImage } from "../formats/raster.ts";
import { type ColorMap, ink, type Range, roundTicks, type Tick, white } from "./colormap.ts";
import { evenly, filled, frame, hstack, pad, padTo, scaleNearest, vstack } from "./layout.ts";
import { fittedLabel, label, labelHeight, type LabelStyle, plainLabel } from "./text.ts";

const barWidth = 16;
const markWidth = 5;
const gap = 3;
const mostTicks = 8;
const smallLabel: LabelStyle = { ...plainLabel, scale: 1 };

/** The least height of a colour bar in pixels: room for four ticks with the smallest labels. */
export const leastBarHeight = 72;

// The far end is on top, as on an axis. Row `height - 1` has the value `near`, row 0 the value `far`.
const ramp = (height: number, map: ColorMap): RgbImage =>
  vstack(
    Array.from(
      { length: height },
      (_, row) => filled(1, barWidth - 2, map(1 - row / (height - 1))),
    ),
    white,
  );

const rowOf = (value: number, [near, far]: Range, height: number): number =>
  1 + Math.round((1 - (value - near) / (far - near)) * (height - 3));

interface Placed {
  readonly top: number;
  readonly image: RgbImage;
}

// One column of pictures that do not overlap, each at its row.
const placed = (rows: readonly Placed[], height: number): RgbImage => {
  const ordered = [...rows].sort((a, b) => a.top - b.top);
  const pieces = ordered.map(({ top, image }, index) => {
    const before = ordered[index - 1];
    const end = before === undefined ? 0 : before.top + before.image.height;
    return pad(image, { top: top - end, right: 0, bottom: 0, left: 0 }, white);
  });
  const column = vstack(pieces, white);
  const bottom = height - column.height;
  return pad(column, { top: 0, right: 0, bottom, left: 0 }, white);
};

const marks = (
  ticks: readonly Tick[],
  range: Range,
  height: number,
): readonly Placed[] =>
  ticks.map(({ value }) => ({
    top: rowOf(value, range, height),
    image: filled(1, markWidth, ink),
  }));

const texts = (
  ticks: readonly Tick[],
  range: Range,
  height: number,
  style: LabelStyle,
  unit: string,
): readonly Placed[] => {
  const longest = Math.max(0, ...ticks.map(({ text }) => text.length));
  return ticks.map(({ value, text }) => {
    const centred = rowOf(value, range, height) -
      Math.floor(labelHeight(style) / 2);
    return {
      top: Math.max(0, Math.min(height - labelHeight(style), centred)),
      image: label(`${text.padStart(longest)} ${unit}`.trimEnd(), style),
    };
  });
};

/**
 * A vertical colour bar, `height` pixels high, with round ticks beside it, in metres or another `unit` ("" for none); the
 * far end is on top. Throws a `RangeError` if the height is not a whole number of at least {@link leastBarHeight} or the range is not finite and
 * strictly ascending.
 */
export const colorBar = (
  range: Range,
  map: ColorMap,
  height: number,
  unit = "m",
): RgbImage => {
  if (!(Number.isSafeInteger(height) && height >= leastBarHeight)) {
    throw new RangeError(
      `height of a colour bar: ${height} is not a whole number from ${leastBarHeight}`,
    );
  }
  const style = height >= 2 * leastBarHeight ? plainLabel : smallLabel;
  const most = Math.floor(height / (1.75 * labelHeight(style)));
  const ticks = roundTicks(range, Math.min(mostTicks, most));
  const bar = frame(ramp(height - 2, map), 1, ink);
  const space = filled(height, gap, white);
  const scale = [
    bar,
    placed(marks(ticks, range, height), height),
    space,
    placed(texts(ticks, range, height, style, unit), height),
  ];
  return hstack(scale, white);
};

/** The least width in pixels of a picture in a panel; smaller ones are enlarged. */
const leastCellWidth = 240;

// Keeps a picture that is a few pixels wide and very high from being enlarged beyond all bounds.
const mostEnlargedHeight = 960;
const captionGap = 4;

/**
 * The whole number by which a picture of this size is enlarged for a panel: so that it is at least
 * {@link leastCellWidth} wide, unless it would become higher than 960 pixels.
 */
export const enlargement = (height: number, width: number): number =>
  Math.max(
    1,
    Math.min(
      Math.ceil(leastCellWidth / Math.max(1, width)),
      Math.floor(mostEnlargedHeight / Math.max(1, height)),
    ),
  );

/** What the colours of a cell mean. */
export interface Scale {
  /** The values at both ends. */
  readonly range: Range;
  /** The colour of each value between them. */
  readonly map: ColorMap;
  /** The unit of the range; metres if it is absent, "" for none. */
  readonly unit?: string;
}

/**
 * A picture as large as it is to be drawn, under lines of text and, if it has a scale, with a colour bar on its right.
 * Lines that are wider than the cell are cut.
 */
export const captioned = (
  image: RgbImage,
  lines: readonly string[],
  scale: Scale | null,
): RgbImage => {
  const height = scale === null ? 0 : leastBarHeight;
  const picture = padTo(image, height, leastCellWidth, white);
  const body = scale === null ? picture : hstack([
    picture,
    filled(picture.height, 2 * captionGap, white),
    colorBar(scale.range, scale.map, picture.height, scale.unit),
  ], white);
  const title = vstack(lines.map((line) => fittedLabel(line, body.width)), white);
  const spaced = pad(title, { ...evenly(0), bottom: captionGap }, white);
  return vstack([spaced, body], white);
};

/**
 * A picture, enlarged by {@link enlargement}, under a caption and, if it has a scale, with a colour bar in metres on
 * its right. A caption that is wider than the cell is cut.
 */
export const cell = (
  image: RgbImage,
  caption: string,
  scale: Scale | null,
): RgbImage => captioned(scaleNearest(image, enlargement(image.height, image.width)), [caption], scale);
