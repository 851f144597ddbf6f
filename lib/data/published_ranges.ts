/** The ranges of depth within which published data sets are valid, each with its source. */
import type { DepthRange } from "./dataset.ts";
import type { DataLayout, LayoutOptions } from "./layout.ts";

/**
 * NYU Depth V2: its depths end below 10 m, as its sensor does (Silberman, Hoiem, Kohli, Fergus 2012), and are evaluated up to
 * there (Eigen, Puhrsch, Fergus 2014). White is 10 m in what came with DenseDepth (Alhashim, Wonka 2018).
 */
export const nyuRange = (): DepthRange => ({ near: 0, far: 10 });

/** SUN RGB-D: its toolbox takes 8 m for the end of all sensors (Song, Lichtenberg, Xiao 2015). */
export const sunRange = (): DepthRange => ({ near: 0, far: 8 });

/**
 * Streets, which are evaluated up to 80 m: KITTI (Eigen, Puhrsch, Fergus 2014), and Cityscapes, whose disparity is but a few
 * pixels there.
 */
export const streetRange = (): DepthRange => ({ near: 0, far: 80 });

/**
 * Lists as those of BTS (Lee, Han, Ko, Suh 2019) are NYU's or KITTI's, which look alike but for their units: 1000 in a metre,
 * as is usual, or 256. In other units they are somebody's own, of any range.
 */
export const listRange = ({ depthScale }: Pick<LayoutOptions, "depthScale">): DepthRange | null =>
  depthScale === 0 || depthScale === 1000 ? nyuRange() : depthScale === 256 ? streetRange() : null;

/** The published range of depths in a layout, in metres; null for none. */
export const publishedRange = ({ range = () => null }: DataLayout, depthScale: number): DepthRange | null =>
  range({ depthScale });

/** The published range of a layout, for tables. */
export const rangeText = (layout: DataLayout): string => {
  const [usual, kitti] = [0, 256].map((scale) => {
    const range = publishedRange(layout, scale);
    return range === null ? "any" : `${range.near}…${range.far} m`;
  });
  return kitti === usual ? `${usual}` : `${usual}; KITTI's 256 = 1 m: ${kitti}`;
};
