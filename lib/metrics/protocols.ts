import { eigenCrop, noCrop } from "./crop.ts";
import type { BoundaryRule, Protocol } from "./protocol.ts";

/**
 * Boundaries are steps of at least 10.5 % between neighbours, or slopes as steep, and 10 pixels are compared, as by
 * Koch et al. (2018).
 */
export const usualBoundaries: BoundaryRule = { slope: 0.05, reach: 10 };

/**
 * Images are compared at their own size and count once each. Predictions are clipped to 10 m, and from 1 mm on, for
 * logarithms; all ground truth counts.
 */
export const ownSize: Protocol = {
  name: "own-size",
  resizing: { kind: "truth" },
  crop: noCrop,
  truth: { min: 0, max: Infinity },
  flipTest: false,
  medianScaling: false,
  clip: { near: 1e-3, far: 10 },
  average: "images",
  boundaries: usualBoundaries,
};

/**
 * The paper's protocol on NYU Depth V2 (PAPER, "Evaluation"): short side 228, 480×640 being 228×304, without a crop.
 * Predictions are clipped to 0…10 m there; here from 1 mm on, as the logarithm of 0 is infinite.
 */
export const cliffnetProtocol: Protocol = {
  ...ownSize,
  name: "cliffnet",
  resizing: { kind: "short-side", pixels: 228 },
};

/** NYU Depth V2 at 480×640 in the crop of Eigen et al. (2014), 1e-3…10 m, averaged over images (as Lee et al. 2019). */
export const nyuEigen: Protocol = {
  ...ownSize,
  name: "nyu-eigen",
  crop: eigenCrop,
  truth: { min: 1e-3, max: 10 },
};

/** The same with the pixels of all images pooled, so that an image counts by its valid pixels. */
export const nyuPooled: Protocol = { ...nyuEigen, name: "nyu-pooled", average: "pixels" };

/** Streets up to 80 m, 1e-3…80 m, at the size of the ground truth. */
export const cityscapes80m: Protocol = {
  ...ownSize,
  name: "cityscapes-80m",
  truth: { min: 1e-3, max: 80 },
  clip: { near: 1e-3, far: 80 },
};

/** The protocols by name. Another one is just another record. */
export const protocols: Readonly<Record<string, Protocol>> = Object.fromEntries(
  [ownSize, cliffnetProtocol, nyuEigen, nyuPooled, cityscapes80m].map((protocol) => [protocol.name, protocol]),
);
