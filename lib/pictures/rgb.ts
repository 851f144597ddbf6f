/** One 8-bit sRGB colour: red, green, blue, each a whole number 0…255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** The background of panels. */
export const white: Rgb = [255, 255, 255];

/** Text, ticks and frames. */
export const ink: Rgb = [24, 24, 24];

/** Pixels without a valid value. The colour maps here pass no grey of this lightness. */
export const invalidGrey: Rgb = [128, 128, 128];

/** Lines between the panels of a contact sheet. */
export const separatorGrey: Rgb = [200, 200, 200];
