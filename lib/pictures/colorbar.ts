import type { RgbImage } from "../formats/raster.ts";
import type { ColorMap } from "./colormap.ts";
import { filled, frame, hstack, pad, vstack } from "./layout.ts";
import type { Range } from "./range.ts";
import { ink, white } from "./rgb.ts";
import { label, labelHeight, type LabelStyle, plainLabel } from "./text.ts";
import { roundTicks, type Tick } from "./ticks.ts";

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
