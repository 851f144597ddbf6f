/** A sample that tells of each of its pixels where it was, and the transforms whose effect on positions is known. */
import fc from "fast-check";
import { mirror, rotate, zoom } from "../../lib/data/augment.ts";
import type { Intrinsics, Sample } from "../../lib/data/dataset.ts";
import { centreCrop, resizeSample } from "../../lib/data/resize.ts";
import { orThrow } from "../../lib/errors.ts";
import { sampleOf } from "./support.ts";

/** Column and row, or direction right and down. */
export type Point = readonly [x: number, y: number];

/** Levels from one column or row to the next; of at most 35 columns or rows, as there are 256 levels. */
export const slope = 7;

/**
 * Red tells the column and green the row; depth is the pixel's number from 1 on, or a hole with a chance of 1 in `holes`.
 */
export const patternOf = (height: number, width: number, holes: number, intrinsics: Intrinsics | null): Sample => ({
  ...sampleOf(
    height,
    width,
    (row, column, channel) => channel === 2 ? 128 : slope * (channel === 0 ? column : row) + 4,
    (row, column) => (row * 31 + column * 17) % holes === 1 ? 0 : 1 + row * width + column,
  ),
  intrinsics,
});

/** Where the pixel at an index was, as red and green tell. */
export const positionOfColour = ({ image: { pixels } }: Sample, at: number): Point => [
  ((pixels[at * 3] ?? NaN) - 4) / slope + 0.5,
  ((pixels[at * 3 + 1] ?? NaN) - 4) / slope + 0.5,
];

/** The centre of the pixel of a pattern with a number. */
export const positionOfNumber = (number: number, width: number): Point => [
  (number - 1) % width + 0.5,
  Math.floor((number - 1) / width) + 0.5,
];

/** A transform of one sample, and what it is to do to positions and to the directions of rays. */
export interface Step {
  readonly name: string;
  readonly apply: (sample: Sample) => Sample;
  /** Where the content of a position comes from. */
  readonly source: (position: Point) => Point;
  /** The direction (X / Z, Y / Z) of a ray after the transform. */
  readonly ray: (direction: Point) => Point;
  /** By how much depth is divided. */
  readonly scale: number;
  /** How many times longer a distance is, in pixels before it, than in pixels after it, at most. */
  readonly pixel: number;
  /** How far from a position, in pixels before it, levels are taken that make its level; 0 if they are only moved. */
  readonly reach: number;
}

/** Parts in 0…1 from which a step is made for the sample that it is given. */
export interface Draw {
  readonly kind: "crop" | "resize" | "mirror" | "rotate" | "zoom";
  readonly parts: readonly [number, number, number];
}

const still = { ray: (direction: Point): Point => direction, scale: 1, pixel: 1, reach: 0 };

const turned = ([x, y]: Point, degrees: number): Point => {
  const [length, angle] = [Math.hypot(x, y), Math.atan2(y, x) + degrees * Math.PI / 180];
  return [length * Math.cos(angle), length * Math.sin(angle)];
};

const rotation = ({ image, intrinsics }: Sample, degrees: number): Step => {
  const { fx, fy, cx, cy } = intrinsics ?? { fx: 1, fy: 1, cx: image.width / 2, cy: image.height / 2 };
  return {
    name: `rotate(${degrees})`,
    apply: rotate(degrees),
    source: ([x, y]) => {
      const [right, down] = turned([(x - cx) / fx, (y - cy) / fy], degrees);
      return [cx + fx * right, cy + fy * down];
    },
    ray: (direction) => turned(direction, -degrees),
    scale: 1,
    pixel: Math.max(fx / fy, fy / fx),
    reach: 1,
  };
};

const zooming = ({ image }: Sample, [size, across, down]: Draw["parts"]): Step => {
  const scale = 1 + size;
  const [left, top] = [across * image.width * (1 - 1 / scale), down * image.height * (1 - 1 / scale)];
  return {
    name: `zoom(${scale}, ${left}, ${top})`,
    apply: zoom(scale, left, top),
    source: ([x, y]) => [left + x / scale, top + y / scale],
    ray: ([right, down]) => [scale * right, scale * down],
    scale,
    pixel: 1 / scale,
    reach: 1,
  };
};

/** The step of a draw for a sample. */
export const stepOf = ({ kind, parts }: Draw, sample: Sample): Step => {
  const { height, width } = sample.image;
  const share = (least: number, most: number, size: number, part: number) =>
    Math.max(Math.round(size * (least + (most - least) * part)), 1);
  const [first, second] = parts;
  switch (kind) {
    case "mirror":
      return { ...still, name: "mirror", apply: mirror, source: ([x, y]) => [width - x, y], ray: ([x, y]) => [-x, y] };
    case "rotate":
      return rotation(sample, 40 * first - 20);
    case "zoom":
      return zooming(sample, parts);
    case "crop": {
      const [h, w] = [share(0.7, 1, height, first), share(0.7, 1, width, second)];
      const [top, left] = [Math.floor((height - h) / 2), Math.floor((width - w) / 2)];
      const apply = (each: Sample): Sample => orThrow(centreCrop(h, w)(each));
      return { ...still, name: `centreCrop(${h}, ${w})`, apply, source: ([x, y]) => [x + left, y + top] };
    }
    case "resize": {
      const [h, w] = [share(0.6, 1.8, height, first), share(0.6, 1.8, width, second)];
      const pixel = Math.max(height / h, width / w);
      const source = ([x, y]: Point): Point => [x * width / w, y * height / h];
      return {
        ...still,
        name: `resize(${h}, ${w})`,
        apply: resizeSample(h, w),
        source,
        pixel,
        reach: Math.max(pixel, 1),
      };
    }
  }
};

const part = fc.double({ min: 0, max: 1, noNaN: true });

/** A step of any kind. */
export const draws: fc.Arbitrary<Draw> = fc.record({
  kind: fc.constantFrom("crop", "resize", "mirror", "rotate", "zoom"),
  parts: fc.tuple(part, part, part),
});

const side = fc.integer({ min: 20, max: 35 });
const focal = fc.double({ min: 25, max: 40, noNaN: true });

/** Patterns of many sizes with any camera, or with none. */
export const patterns: fc.Arbitrary<Sample> = fc.tuple(side, side, fc.constantFrom(3, 7, 1e9), focal, focal, part, part)
  .chain(([height, width, holes, fx, fy, across, down]) =>
    fc.constantFrom<Intrinsics | null>(
      { fx, fy, cx: width * (0.4 + 0.2 * across), cy: height * (0.4 + 0.2 * down) },
      null,
    ).map((intrinsics) => patternOf(height, width, holes, intrinsics))
  );
