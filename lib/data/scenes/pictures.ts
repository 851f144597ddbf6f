import { blend, fromHue, shade } from "./colour.ts";
import type { Colour, Material } from "./description.ts";
import { lattice, smoothNoise } from "./noise.ts";
import type { SurfacePoint } from "./surface.ts";

// Textures that fill one face: paintings, what is outside a window, what is on a screen.

const hills = (x: number, grain: number): number =>
  smoothNoise(x * 2, 1, grain) * 0.7 + smoothNoise(x * 6, 2, grain) * 0.2;

/** A painting of a sky with a sun, hills and water; the grain sets colours and shapes. */
export const landscape = (
  { grain }: Material,
  { u, v, halfU, halfV }: SurfacePoint,
): Colour => {
  const x = u / halfU, y = v / halfV;
  const hue = lattice(1, 0, grain);
  const high = lattice(4, 0, grain) - 0.6;
  const sunX = x - lattice(2, 0, grain) + 0.5, sunY = y - 0.55;
  if (y < high - 0.4) return fromHue(hue + 0.5, 0.5, 0.35 + 0.1 * y);
  if (y < high + hills(x + 5, grain) * 0.6) return fromHue(hue + 0.3, 0.6, 0.2);
  if (y < high + hills(x, grain ^ 3)) return fromHue(hue + 0.35, 0.4, 0.4);
  if (sunX * sunX + sunY * sunY < 0.05) return [0.95, 0.8, 0.4];
  return fromHue(hue, 0.5 - 0.3 * y, 0.75);
};

/** A painting of coloured rectangles between dark lines. */
export const abstractPicture = (
  { grain }: Material,
  { u, v, halfU, halfV }: SurfacePoint,
): Colour => {
  const x = 1.5 * u / halfU + lattice(1, 1, grain);
  const y = 1.5 * v / halfV + lattice(2, 1, grain);
  const column = Math.floor(x), row = Math.floor(y + lattice(column, 9, grain));
  const inY = y + lattice(column, 9, grain) - row;
  if (x - column < 0.06 || inY < 0.06) return [0.03, 0.03, 0.03];
  const tone = lattice(column, row, grain);
  return fromHue(tone * 7, tone < 0.4 ? 0.1 : 0.8, 0.25 + 0.6 * tone);
};

/** Sky over a row of houses or trees. */
export const windowView = (
  { colour, grain }: Material,
  { u, v, halfV }: SurfacePoint,
): Colour => {
  const y = v / halfV;
  const city = lattice(1, 1, grain) < 0.5;
  const line = city ? lattice(Math.floor(u * 4), 0, grain) * 0.9 - 0.6 : smoothNoise(u * 5, 0, grain) * 0.8 - 0.6;
  if (y > line) return blend([0.9, 0.92, 0.95], colour, 0.4 + 0.5 * y);
  const near = city
    ? shade(
      [0.45, 0.42, 0.4],
      0.5 + lattice(Math.floor(u * 16), Math.floor(v * 9), grain),
    )
    : fromHue(0.28, 0.6, 0.15 + 0.3 * smoothNoise(u * 14, v * 14, grain));
  return blend(near, colour, 0.25);
};

/** Lines of text in a pane on a coloured desktop. */
export const screen = (
  { colour, second, grain }: Material,
  { u, v, halfU, halfV }: SurfacePoint,
): Colour => {
  const x = u / halfU, y = v / halfV;
  const split = lattice(3, 3, grain) - 0.5;
  if (Math.abs(x) > 0.92 || Math.abs(y) > 0.85) return colour;
  if (Math.abs(x - split) < 0.03) return colour;
  if (x < split) return shade(second, 0.6 + 0.3 * smoothNoise(x * 3, y * 3, 1));
  const row = Math.floor((y + 1) * 9);
  const reach = split + (1 - split) * (0.3 + 0.6 * lattice(row, 4, grain));
  return row % 2 === 0 && x < reach ? colour : second;
};

/** Writing in the second colour on a board of the first. */
export const board = (
  { colour, second, grain }: Material,
  { u, v, halfU, halfV }: SurfacePoint,
): Colour => {
  const row = Math.floor(v / 0.11);
  const reach = lattice(row, 5, grain) * 1.6 - 0.7;
  const written = u / halfU < reach && u / halfU > -0.9 &&
    Math.abs(v / halfV) < 0.8 && row % 2 === 0;
  const stroke = smoothNoise(u * 45, v * 30, grain) > 0.52;
  const dust = 0.9 + 0.2 * smoothNoise(u * 2, v * 4, grain);
  return written && stroke ? second : shade(colour, dust);
};

/** A white dial with two hands. */
export const clockFace = (
  { colour, second, grain }: Material,
  { u, v, halfU, halfV }: SurfacePoint,
): Colour => {
  const x = u / halfU, y = v / halfV;
  const radius = x * x + y * y;
  const right = lattice(1, 1, grain) < 0.5 ? x : -x;
  const long = Math.abs(x) < 0.07 && y > -0.1 && y < 0.75;
  const short = Math.abs(y - 0.4 * right) < 0.09 && right > -0.1 && right < 0.5;
  return radius > 0.8 || long || short ? second : colour;
};
