import { E, type Either } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { markdownTable } from "../formats/text_table.ts";
import type { DepthRange } from "../data/dataset.ts";
import { type Crop, describeCrop, describeResizing, eigenCrop, noCrop, type Resizing } from "./geometry.ts";

export type { DepthRange } from "../data/dataset.ts";

/** Where depth has a boundary, and how far another boundary may be to be the same one.
 * @category Metrics */
export interface BoundaryRule {
  /**
   * The least slope of ln depth, per pixel, at a boundary. A step between two pixels whose depths have the ratio r has
   * the slope ln(r) / 2 at both.
   */
  readonly slope: number;
  /** Distances between boundaries are truncated at this many pixels of the size of comparison. */
  readonly reach: number;
}

/** How predictions are compared with ground truth: all that two published numbers must share to be comparable.
 * @category Metrics */
export interface Protocol {
  /** What tables and files call it. */
  readonly name: string;
  /** The size at which prediction and ground truth are compared. */
  readonly resizing: Resizing;
  /** The part of the image, at that size, that counts. */
  readonly crop: Crop;
  /** Ground truth counts if it is above `min` and below `max`, in metres; `max` may be infinite. 0 never counts. */
  readonly truth: { readonly min: number; readonly max: number };
  /** Whether the mirrored prediction for the mirrored picture is averaged with the prediction. */
  readonly flipTest: boolean;
  /**
   * Whether each prediction is multiplied by median ground truth / median prediction over what counts, before clipping.
   */
  readonly medianScaling: boolean;
  /**
   * What predictions are clipped to, after scaling: the near end is above 0, where logarithms and ratios end. Ground truth is
   * not clipped.
   */
  readonly clip: DepthRange;
  /**
   * Whether tasks, and whatever else knows the data, clip to the range of these, and to `clip` only where none is known; not
   * so unless given. What compares by itself, such as {@link evaluateImage}, clips to `clip`.
   */
  readonly clipsToData?: boolean;
  /** Whether each metric is averaged over images, or computed from the pixels of all images together. */
  readonly average: "images" | "pixels";
  /** Where the depth boundaries are, and up to which distance they are compared. */
  readonly boundaries: BoundaryRule;
}

const wrong = (name: string, field: string, found: string, expected: string): Either<Failure, never> =>
  E.left(failure("configuration", `protocol ${name}, field ${field}`, found, expected));

/**
 * A protocol whose numbers make sense: with it, finite predictions have finite metrics.
 *
 * Errors: "configuration", naming the field.
 * @category Metrics
 */
export const checkProtocol = (protocol: Protocol): Either<Failure, Protocol> => {
  const { name, resizing, truth, clip, boundaries: { slope, reach } } = protocol;
  if (!(clip.near > 0 && clip.far >= clip.near && clip.far < Infinity)) {
    return wrong(name, "clip", `${clip.near}…${clip.far} m`, "depths above 0, the near one first, both finite");
  }
  if (!(truth.max > truth.min)) return wrong(name, "truth", `${truth.min}…${truth.max} m`, "min below max");
  if (!(slope > 0)) return wrong(name, "boundaries.slope", String(slope), "a slope above 0");
  if (!(reach >= 1 && reach <= 1000)) return wrong(name, "boundaries.reach", String(reach), "1 to 1000 pixels");
  if (resizing.kind === "short-side" && !(Number.isInteger(resizing.pixels) && resizing.pixels > 0)) {
    return wrong(name, "resizing.pixels", String(resizing.pixels), "a whole number of pixels");
  }
  return E.right(protocol);
};

/**
 * Boundaries are steps of at least 10.5 % between neighbours, or slopes as steep, and 10 pixels are compared, as by
 * Koch et al. (2018).
 */
export const usualBoundaries: BoundaryRule = { slope: 0.05, reach: 10 };

/** What most protocols do. Predictions are clipped from 1 mm on, as the logarithm of 0 is infinite. */
const usual: Omit<Protocol, "name" | "clipsToData"> = {
  resizing: { kind: "truth" },
  crop: noCrop,
  truth: { min: 0, max: Infinity },
  flipTest: false,
  medianScaling: false,
  clip: { near: 1e-3, far: 10 },
  average: "images",
  boundaries: usualBoundaries,
};

/** All protocols that have a name. To add one is to add an entry: names, tables and messages follow from it.
 * @category Metrics */
export const namedProtocols = [
  // Images are compared at their own size and count once each; all ground truth counts. Clipped to the range of the data.
  { name: "own-size", ...usual, clipsToData: true },
  // The paper's on NYU Depth V2 (PAPER, "Evaluation"), whose 480×640 pixels become 228×304. It clips to 0…10 m.
  { name: "cliffnet", ...usual, resizing: { kind: "short-side", pixels: 228 } },
  // NYU Depth V2 at 480×640 in the crop of Eigen et al. (2014), averaged over images (as Lee et al. 2019).
  { name: "nyu-eigen", ...usual, crop: eigenCrop, truth: { min: 1e-3, max: 10 } },
  // The same with the pixels of all images together, so that an image counts by its valid pixels.
  { name: "nyu-pooled", ...usual, crop: eigenCrop, truth: { min: 1e-3, max: 10 }, average: "pixels" },
  // Streets, at the size of the ground truth.
  { name: "cityscapes-80m", ...usual, truth: { min: 1e-3, max: 80 }, clip: { near: 1e-3, far: 80 } },
] as const satisfies readonly Protocol[];

/** The name of a protocol, as `--protocol` and a configuration's `evaluation.protocol` take it.
 * @category Metrics */
export type ProtocolName = typeof namedProtocols[number]["name"];

/** The names of the protocols, in the order of tables and messages.
 * @category Metrics */
export const protocolNames: readonly ProtocolName[] = namedProtocols.map(({ name }) => name);

/** The protocols by name. Another one is just another record, such as one of these with a change.
 * @category Metrics */
export const protocols: Readonly<Record<ProtocolName, Protocol>> = Object.fromEntries(
  namedProtocols.map((protocol) => [protocol.name, protocol]),
) as Record<ProtocolName, Protocol>;

/** Whether a text is the name of a protocol. */
export const isProtocolName = (text: string): text is ProtocolName => Object.hasOwn(protocols, text);

/** The protocol `own-size`, which evaluation follows unless another one is asked for. */
export const ownSize: Protocol = protocols["own-size"];

/**
 * The protocol that clips to the range of data what it would clip to them; any other one as it is. The near end stays above
 * 0; for null, data of which no range is known, both ends stay.
 * @category Metrics
 */
export const clippedTo = (protocol: Protocol, range: DepthRange | null): Protocol => {
  const { clipsToData = false, ...fixed } = protocol;
  return clipsToData && range !== null
    ? { ...fixed, clip: { near: Math.max(range.near, protocol.clip.near), far: range.far } }
    : fixed;
};

/** The protocol `cliffnet`: the paper's, with 228 pixels along the shorter side. */
export const cliffnetProtocol: Protocol = protocols.cliffnet;

/** The protocol `nyu-eigen`: NYU Depth V2 at 480×640 in Eigen's crop, averaged over images. */
export const nyuEigen: Protocol = protocols["nyu-eigen"];

/** The protocol `nyu-pooled`: the same, averaged over the pixels of all images. */
export const nyuPooled: Protocol = protocols["nyu-pooled"];

/** The protocol `cityscapes-80m`: streets up to 80 m. */
export const cityscapes80m: Protocol = protocols["cityscapes-80m"];

const truthText = ({ min, max }: Protocol["truth"]): string =>
  [
    `counts above ${Math.max(min, 0)} m`,
    ...(max === Infinity ? [] : [`and below ${max} m`]),
    ...(min > 0 ? [] : ["(0 is no measurement)"]),
  ].join(" ");

const boundariesText = ({ slope, reach }: Protocol["boundaries"]): string => {
  const step = (100 * (Math.exp(2 * slope) - 1)).toFixed(1);
  return `where ln depth has a slope of ${slope} a pixel (a step of ${step} %); distances up to ${reach} pixels`;
};

/** A protocol in full, in words and numbers: its name, and a line for each field.
 * @category Metrics */
export const describeProtocol = (protocol: Protocol): string => {
  const rows: readonly (readonly [string, string])[] = [
    ["size", describeResizing(protocol.resizing)],
    ["crop", describeCrop(protocol.crop)],
    ["ground truth", truthText(protocol.truth)],
    ["flip test", protocol.flipTest ? "averaged with the mirrored prediction for the mirrored picture" : "no"],
    ["median scaling", protocol.medianScaling ? "by median ground truth / median prediction of each image" : "no"],
    ["clipping", `predictions to ${clipInBrief(protocol)}`],
    [
      "average",
      protocol.average === "images"
        ? "over the valid pixels of each image, then over images"
        : "over the valid pixels of all images together",
    ],
    ["boundaries", boundariesText(protocol.boundaries)],
  ];
  return [`protocol ${protocol.name}`, ...rows.map(([field, text]) => `  ${field.padEnd(16)}${text}`)].join("\n");
};

const sizeInBrief = ({ resizing, crop }: Protocol): string => {
  if (resizing.kind === "short-side") return `short side ${resizing.pixels}`;
  return crop.kind === "pixels" ? `${crop.height}×${crop.width}` : "the image's own size";
};

const clipInBrief = ({ clip: { near, far }, clipsToData }: Protocol): string =>
  `${clipsToData ? "the data's range, else " : ""}${near}…${far} m`;

const truthInBrief = ({ min, max }: Protocol["truth"]): string =>
  min <= 0 && max === Infinity ? "all" : `${Math.max(min, 0)}…${max} m`;

/** A table of protocols in Markdown, a row for each: by default of all that have a name, in their order. */
export const protocolTable = (listed: readonly Protocol[] = Object.values(protocols)): string =>
  markdownTable([
    ["protocol", "compared at", "crop", "ground truth", "clipped to", "averaged over"],
    ...listed.map((protocol) => [
      `\`${protocol.name}\``,
      sizeInBrief(protocol),
      describeCrop(protocol.crop),
      truthInBrief(protocol.truth),
      clipInBrief(protocol),
      protocol.average,
    ]),
  ]);

/** The fields of a configuration that say how a network is evaluated. */
export const evaluationFields = {
  protocol: {
    type: "choice",
    of: protocolNames,
    default: "own-size",
    description:
      "The name of the protocol by which predictions are compared with ground truth; own-size clips them to the " +
      "range of the data, the others to their own.",
  },
  near: {
    type: "number",
    least: 0,
    most: 1e3,
    default: 0,
    description: "Metres to which nearer predictions are set; 0, the default, for what the protocol or the data say.",
  },
  far: {
    type: "number",
    least: 0,
    most: 1e6,
    default: 0,
    description: "Metres to which farther predictions are set; 0, the default, for what the protocol or the data say.",
  },
  pictures: {
    type: "integer",
    least: 0,
    most: 1000,
    default: 4,
    description: "How many test samples are drawn as pictures.",
  },
} as const;
