/** The depths that count as measured: what lies outside a range is no measurement. Decided here for all layouts. */
import { E, type Either } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import type { DepthRange, Sample } from "./dataset.ts";

/** The fields of a configuration that bound depth, beside what a layout publishes. */
export const depthRangeFields = {
  minDepth: {
    type: "number",
    description:
      "Metres below which a measurement is none; 0, the default, for the layout's published range, if it has one.",
    least: 0,
    most: 1e6,
    default: 0,
  },
  maxDepth: {
    type: "number",
    description:
      "Metres beyond which a measurement is none, such as where a sensor ends; 0, the default, for the layout's " +
      "published range, if it has one.",
    least: 0,
    most: 1e6,
    default: 0,
  },
} as const;

/** What {@link depthRangeFields} hold.
 * @category Data */
export interface DepthBounds {
  /** Metres; 0 for the layout's. */
  readonly minDepth?: number;
  /** Metres; 0 for the layout's. */
  readonly maxDepth?: number;
}

/**
 * The range of data: each end as the configuration bounds it, else as it is published. `far` is infinite where only the near
 * end is known; null where neither is. Errors: "data" if nothing lies between both ends.
 *
 * @param where What messages call the data.
 */
export const rangeWithin = (
  where: string,
  { minDepth = 0, maxDepth = 0 }: DepthBounds,
  published: DepthRange | null,
): Either<Failure, DepthRange | null> => {
  if (minDepth === 0 && maxDepth === 0) return E.right(published);
  const near = minDepth > 0 ? minDepth : published?.near ?? 0;
  const far = maxDepth > 0 ? maxDepth : published?.far ?? Infinity;
  return near < far ? E.right({ near, far }) : E.left(
    failure(
      "data",
      where,
      `depths from ${near} to ${far} m`,
      "data.minDepth below data.maxDepth, or below where the layout's published range ends",
      "Set both.",
    ),
  );
};

/** The sample without what was measured outside a range: 0 there, and how many pixels these are.
 * @category Data */
export const withinRange = (range: DepthRange): (sample: Sample) => Sample => {
  // Depths have single precision: a range that ends at 8.1 m has the depth that is written as 8.1 in it.
  const [near, far] = [Math.fround(range.near), Math.fround(range.far)];
  return (sample) => {
    const metres = sample.depth.metres.map((depth) => depth >= near && depth <= far ? depth : 0);
    const outOfRange = sample.depth.metres.reduce((sum, depth, at) => sum + Number(depth > 0 && metres[at] === 0), 0);
    return outOfRange === 0 ? sample : { ...sample, depth: { ...sample.depth, metres }, outOfRange };
  };
};

/** How many pixels of a sample are measured. */
export const measuredPixels = ({ depth: { metres } }: Sample): number =>
  metres.reduce((count, depth) => count + Number(depth > 0), 0);

const adviceFor = (measured: number, { outOfRange = 0 }: Sample): string => {
  const skip = "data.onUnreadable=skip leaves such samples out.";
  if (measured > 0) return `Smaller images lose sparse depth: raise data.height and data.width; ${skip}`;
  if (outOfRange > 0) return `data.minDepth and data.maxDepth bound depth, or the layout's own range does; ${skip}`;
  return `A sample without any depth teaches nothing: take it out of its list; ${skip}`;
};

/**
 * The sample at the network's size, if a pixel of it is measured still: without one it would be trained on without a word.
 * Errors: "data", naming the sample and how many pixels were measured at its own size.
 */
export const checkMeasured = (own: Sample, atNetwork: Sample): Either<Failure, Sample> => {
  if (atNetwork.depth.metres.some((depth) => depth > 0)) return E.right(atNetwork);
  const { depth, outOfRange = 0 } = own;
  const measured = measuredPixels(own);
  const beyond = outOfRange === 0 ? "" : `, ${outOfRange} more out of range`;
  const { height, width } = atNetwork.depth;
  return E.left(
    failure(
      "data",
      own.name,
      `no measured depth at the network's ${width}×${height} pixels, of ${measured} measured pixels at its own ` +
        `${depth.width}×${depth.height}${beyond}`,
      "at least one pixel with depth",
      adviceFor(measured, own),
    ),
  );
};
