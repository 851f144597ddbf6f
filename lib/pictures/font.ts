import { oledFont } from "../dependencies/font.ts";

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
