import { eigenCrop, noCrop } from "./crop.ts";
import type { BoundaryRule, Protocol } from "./protocol.ts";

/**
 * Boundaries are steps of at least 10.5 % between neighbours, or slopes as steep, and 10 pixels are compared, as by
 * Koch et al. (2018).
 */
export const usualBoundaries: BoundaryRule = { slope: 0.05, reach: 10 };

/** What most protocols do. Predictions are clipped from 1 mm on, as the logarithm of 0 is infinite. */
const usual: Omit<Protocol, "name"> = {
  resizing: { kind: "truth" },
  crop: noCrop,
  truth: { min: 0, max: Infinity },
  flipTest: false,
  medianScaling: false,
  clip: { near: 1e-3, far: 10 },
  average: "images",
  boundaries: usualBoundaries,
};

/** All protocols that have a name. To add one is to add an entry: names, tables and messages follow from it. */
export const namedProtocols = [
  // Images are compared at their own size and count once each; all ground truth counts.
  { name: "own-size", ...usual },
  // The paper's on NYU Depth V2 (PAPER, "Evaluation"), whose 480×640 pixels become 228×304. It clips to 0…10 m.
  { name: "cliffnet", ...usual, resizing: { kind: "short-side", pixels: 228 } },
  // NYU Depth V2 at 480×640 in the crop of Eigen et al. (2014), averaged over images (as Lee et al. 2019).
  { name: "nyu-eigen", ...usual, crop: eigenCrop, truth: { min: 1e-3, max: 10 } },
  // The same with the pixels of all images together, so that an image counts by its valid pixels.
  { name: "nyu-pooled", ...usual, crop: eigenCrop, truth: { min: 1e-3, max: 10 }, average: "pixels" },
  // Streets, at the size of the ground truth.
  { name: "cityscapes-80m", ...usual, truth: { min: 1e-3, max: 80 }, clip: { near: 1e-3, far: 80 } },
] as const satisfies readonly Protocol[];

/** The name of a protocol, as `--protocol` and a configuration's `evaluation.protocol` take it. */
export type ProtocolName = typeof namedProtocols[number]["name"];

/** The names of the protocols, in the order of tables and messages. */
export const protocolNames: readonly ProtocolName[] = namedProtocols.map(({ name }) => name);

/** The protocols by name. Another one is just another record, such as one of these with a change. */
export const protocols: Readonly<Record<ProtocolName, Protocol>> = Object.fromEntries(
  namedProtocols.map((protocol) => [protocol.name, protocol]),
) as Record<ProtocolName, Protocol>;

/** Whether a text is the name of a protocol. */
export const isProtocolName = (text: string): text is ProtocolName => Object.hasOwn(protocols, text);

/** The protocol `own-size`, which evaluation follows unless another one is asked for. */
export const ownSize: Protocol = protocols["own-size"];

/** The protocol `cliffnet`: the paper's, with 228 pixels along the shorter side. */
export const cliffnetProtocol: Protocol = protocols.cliffnet;

/** The protocol `nyu-eigen`: NYU Depth V2 at 480×640 in Eigen's crop, averaged over images. */
export const nyuEigen: Protocol = protocols["nyu-eigen"];

/** The protocol `nyu-pooled`: the same, averaged over the pixels of all images. */
export const nyuPooled: Protocol = protocols["nyu-pooled"];

/** The protocol `cityscapes-80m`: streets up to 80 m. */
export const cityscapes80m: Protocol = protocols["cityscapes-80m"];
