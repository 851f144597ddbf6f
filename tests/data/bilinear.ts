/** Interpolation in double precision by its definition, as an oracle for transforms of pictures. */
import type { DepthImage, RgbImage } from "../../lib/formats/raster.ts";
import { assert } from "../std.ts";
import type { Point } from "./coordinate_pattern.ts";

/** The level of a position: all pixels under a pyramid that is two pixels wide and high; edges continue as they are. */
export const bilinearAt = ({ height, width, pixels }: RgbImage, [x, y]: Point, channel: number): number => {
  const [column, row] = [Math.min(Math.max(x, 0.5), width - 0.5), Math.min(Math.max(y, 0.5), height - 0.5)];
  let sum = 0;
  for (let r = 0; r < height; r++) {
    for (let c = 0; c < width; c++) {
      const weight = Math.max(1 - Math.abs(r + 0.5 - row), 0) * Math.max(1 - Math.abs(c + 0.5 - column), 0);
      sum += weight * (pixels[(r * width + c) * 3 + channel] ?? NaN);
    }
  }
  return sum;
};

/** That every level is that of its position, rounded. */
export const assertBilinear = (found: RgbImage, before: RgbImage, source: (position: Point) => Point): void =>
  found.pixels.forEach((level, at) => {
    const pixel = Math.floor(at / 3);
    const centre: Point = [pixel % found.width + 0.5, Math.floor(pixel / found.width) + 0.5];
    const expected = bilinearAt(before, source(centre), at % 3);
    assert(Math.abs(level - expected) <= 0.5 + 1e-6, `pixel ${centre}: found ${level}, expected ${expected}`);
  });

/** That every depth is that of the pixel in which its position lies, and 0 beyond the edges; either on a line. */
export const assertNearest = (found: DepthImage, before: DepthImage, source: (position: Point) => Point): void =>
  found.metres.forEach((metres, at) => {
    const centre: Point = [at % found.width + 0.5, Math.floor(at / found.width) + 0.5];
    const [x, y] = source(centre);
    if (Math.abs(x - Math.round(x)) < 1e-9 || Math.abs(y - Math.round(y)) < 1e-9) return;
    const inside = x > 0 && x < before.width && y > 0 && y < before.height;
    const expected = inside ? before.metres[Math.floor(y) * before.width + Math.floor(x)] : 0;
    assert(metres === expected, `pixel ${centre}: found ${metres} m, expected ${expected} m`);
  });
