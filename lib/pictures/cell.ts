import type { RgbImage } from "../formats/raster.ts";
import { colorBar, leastBarHeight } from "./colorbar.ts";
import type { ColorMap } from "./colormap.ts";
import { evenly, filled, hstack, pad, padTo, scaleNearest, vstack } from "./layout.ts";
import type { Range } from "./range.ts";
import { white } from "./rgb.ts";
import { fittedLabel } from "./text.ts";

/** The least width in pixels of a picture in a panel; smaller ones are enlarged. */
export const leastCellWidth = 240;

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
