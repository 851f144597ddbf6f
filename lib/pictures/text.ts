import { oledFont } from "../dependencies/pictures.ts";
import type { RgbImage } from "../formats/raster.ts";
import { ink, type Rgb, white } from "./colormap.ts";
import { filled, scaleNearest } from "./layout.ts";

/** A bitmap font whose glyphs all have the same size. */
export interface BitmapFont {
  /** Columns of a glyph. */
  readonly width: number;
  /** Rows of a glyph. */
  readonly height: number;
  /** The characters that have a glyph, in the order of {@link BitmapFont.fontData}. */
  readonly lookup: readonly string[];
  /** `width` bytes per glyph, one per column from the left; bit 0 is the top row. */
  readonly fontData: readonly number[];
}

/** A 5×7 font (oled-font-5x7) with the printable ASCII characters except `~`. */
export const font: BitmapFont = oledFont;

/** How a label looks. */
export interface LabelStyle {
  /** Pixels of the picture per pixel of the 5×7 font; a whole number from 1. */
  readonly scale: number;
  /** The colour of the letters. */
  readonly foreground: Rgb;
  /** The colour between them. */
  readonly background: Rgb;
}

/** Dark on white, twice the size of the font: capitals 14 pixels high. */
export const plainLabel: LabelStyle = {
  scale: 2,
  foreground: ink,
  background: white,
};

// One empty column between characters, and one empty row above and below so that labels can be stacked.
const advance = font.width + 1;
const lineHeight = font.height + 2;

const glyphStart = (character: string): number => {
  const index = font.lookup.indexOf(character);
  return (index < 0 ? font.lookup.indexOf("?") : index) * font.width;
};

const drawGlyph = (
  pixels: Uint8Array,
  rowLength: number,
  left: number,
  start: number,
  colour: Rgb,
): void => {
  font.fontData.slice(start, start + font.width).forEach((bits, column) => {
    for (let row = 0; row < font.height; row++) {
      if (((bits >> row) & 1) === 0) continue;
      pixels.set(colour, ((row + 1) * rowLength + left + column) * 3);
    }
  });
};

/** Height in pixels of a label of this style. */
export const labelHeight = (style: LabelStyle): number => lineHeight * style.scale;

/** Width in pixels of a label of this many characters. */
export const labelWidth = (characters: number, style: LabelStyle): number => characters * advance * style.scale;

/**
 * One line of text as a picture, (9 × scale) × (6 × scale × characters). Characters that the font does not have, line
 * breaks among them, are drawn as "?"; an empty text has width 0. Throws a `RangeError` unless the scale is a whole
 * number from 1.
 */
export const label = (
  text: string,
  style: LabelStyle = plainLabel,
): RgbImage => {
  const characters = [...text];
  const width = characters.length * advance;
  const line = filled(lineHeight, width, style.background);
  characters.forEach((character, index) =>
    drawGlyph(
      line.pixels,
      width,
      index * advance,
      glyphStart(character),
      style.foreground,
    )
  );
  return scaleNearest(line, style.scale);
};

/** The {@link label} of a text, or of its beginning and "..." where it would be wider than `width` pixels. */
export const fittedLabel = (
  text: string,
  width: number,
  style: LabelStyle = plainLabel,
): RgbImage => {
  const characters = [...text];
  const room = Math.max(0, Math.floor(width / labelWidth(1, style)));
  if (characters.length <= room) return label(text, style);
  const ellipsis = "...".slice(0, room);
  const kept = characters.slice(0, room - ellipsis.length).join("");
  return label(kept + ellipsis, style);
};
