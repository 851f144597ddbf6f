import { type Colour, lattice, type Material, type Pattern, smoothNoise } from "./description.ts";
import { blend, fromHue, shade } from "./materials.ts";
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
const abstractPicture = (
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
const windowView = (
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
const clockFace = (
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

/**
 * The colour of a material at a point. `footprint` is the size of a pixel on the surface, metres; what is finer fades
 * to its mean, so that distant patterns do not flicker.
 */
type Texture = (
  material: Material,
  point: SurfacePoint,
  footprint: number,
) => Colour;

/** 1 for details much larger than a pixel, 0 for smaller ones. */
const clarity = (detail: number, footprint: number): number => Math.max(0, Math.min(1, 1.5 - footprint / detail));

const fraction = (value: number): number => value - Math.floor(value);

const speckled = (detail: number, strength: number): Texture => (material, { u, v }, footprint) =>
  shade(
    material.colour,
    1 + strength * clarity(detail, footprint) *
        (smoothNoise(u / detail, v / detail, material.grain) - 0.5),
  );

const streaks = (
  along: number,
  across: number,
  grain: number,
): number =>
  0.6 * smoothNoise(along * 1.5, across * 40, grain) +
  0.4 * smoothNoise(along * 5, across * 130, grain ^ 7);

const wood: Texture = (material, { u, v, halfU, halfV }, footprint) => {
  const [along, across] = halfU > halfV ? [u, v] : [v, u];
  const share = streaks(along, across, material.grain);
  const clear = 0.25 + 0.75 * clarity(0.03, footprint);
  return blend(material.colour, material.second, 0.5 + (share - 0.5) * clear);
};

const planks: Texture = (material, { u, v }, footprint) => {
  const width = material.period;
  const row = Math.floor(v / width);
  const along = u / (width * 9) + lattice(row, 3, material.grain);
  const tone = lattice(row, Math.floor(along), material.grain);
  const gap = fraction(v / width) < 0.05 || fraction(along) < 0.005;
  const share = 0.6 * tone +
    0.4 * streaks(u, v, material.grain) * clarity(0.03, footprint);
  const dark = gap ? 1 - 0.6 * clarity(0.05 * width, footprint) : 1;
  return shade(blend(material.colour, material.second, share), dark);
};

const checker: Texture = (material, { u, v }, footprint) => {
  const column = Math.floor(u / material.period);
  const row = Math.floor(v / material.period);
  const odd = ((column + row) & 1) - 0.5;
  const share = 0.5 + odd * clarity(material.period / 2, footprint);
  const tone = 0.95 + 0.1 * lattice(column, row, material.grain);
  return shade(blend(material.colour, material.second, share), tone);
};

/** Tiles of `long` × 1 periods, every other row shifted by `shift` of a tile; grout in the second colour. */
const laid = (long: number, shift: number, variety: number): Texture => (material, { u, v }, footprint) => {
  const row = Math.floor(v / material.period);
  const along = u / (material.period * long) + (row & 1) * shift;
  const column = Math.floor(along);
  const inU = fraction(along) * long;
  const inV = fraction(v / material.period);
  const grout = 0.06;
  const joint = inU < grout || inV < grout;
  const share = joint ? clarity(grout * material.period, footprint) : 0;
  const tone = 1 + variety * (lattice(column, row, material.grain) - 0.5);
  return blend(shade(material.colour, tone), material.second, share);
};

const stripes: Texture = (material, { u }, footprint) => {
  const odd = (Math.floor(u / material.period) & 1) - 0.5;
  const share = 0.5 + odd * clarity(material.period / 2, footprint);
  return blend(material.colour, material.second, share);
};

const marble: Texture = (material, { u, v }) => {
  const bend = smoothNoise(u * 3, v * 3, material.grain);
  const vein = smoothNoise(u * 2 + 3 * bend, v * 5 + bend, material.grain ^ 5);
  const share = Math.max(0, 1 - Math.abs(vein - 0.5) * 8);
  return blend(material.colour, material.second, 0.7 * share);
};

const rug: Texture = (material, { u, v, halfU, halfV }) => {
  const edge = Math.min(halfU - Math.abs(u), halfV - Math.abs(v));
  const border = edge > 0.08 && edge < 0.16;
  const cell = Math.abs(fraction(u / material.period) - 0.5) +
    Math.abs(fraction(v / material.period) - 0.5);
  const share = border || (edge > 0.24 && cell < 0.3) ? 1 : 0;
  const fluff = 0.85 + 0.3 * smoothNoise(u * 60, v * 60, material.grain);
  return shade(blend(material.colour, material.second, share), fluff);
};

const books: Texture = (material, { u, v, halfV }, footprint) => {
  const wobble = smoothNoise(u / 0.11, 0, material.grain) * 0.05;
  const spine = Math.floor((u + wobble) / material.period);
  const inside = fraction((u + wobble) / material.period);
  const tone = lattice(spine, 2, material.grain);
  const cover = fromHue(
    lattice(spine, 0, material.grain),
    0.25 + 0.6 * lattice(spine, 1, material.grain),
    0.12 + 0.6 * tone * tone,
  );
  const label = Math.abs(v / halfV - 0.4 + 0.8 * tone) < 0.12;
  const lettered = label ? blend(cover, [0.8, 0.75, 0.6], 0.6) : cover;
  const gap = inside < 0.1 ? 1 - 0.7 * clarity(0.01, footprint) : 1;
  return shade(lettered, gap);
};

const keys: Texture = (material, { u, v }, footprint) => {
  const gap = fraction(u / material.period) < 0.2 ||
    fraction(v / material.period) < 0.2;
  const share = gap ? clarity(material.period / 3, footprint) : 0;
  return blend(material.colour, material.second, share);
};

const leaves: Texture = (material, { x, y, z }) => {
  const share = smoothNoise(x * 30 + y * 17, z * 30 + y * 23, material.grain);
  return blend(shade(material.colour, 0.35), material.second, share * share);
};

const textures: { readonly [name in Pattern]: Texture } = {
  plain: speckled(0.25, 0.08),
  fabric: speckled(0.012, 0.45),
  carpet: speckled(0.02, 0.5),
  wood,
  planks,
  checker,
  tiles: laid(1, 0, 0.12),
  bricks: laid(2.6, 0.5, 0.5),
  stripes,
  marble,
  rug,
  books,
  landscape,
  abstract: abstractPicture,
  window: windowView,
  screen,
  board,
  clock: clockFace,
  keys,
  leaves,
};

/** The colour of a material at a point of a surface; `footprint` is the size of a pixel there, metres. */
export const colourAt = (
  material: Material,
  point: SurfacePoint,
  footprint: number,
): Colour => textures[material.pattern](material, point, footprint);
