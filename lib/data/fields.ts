import type { ValuesOf } from "../formats/fields.ts";
import { depthRangeFields } from "./depth_range.ts";
import { layoutFields } from "./layout.ts";
import { type Layout, layouts } from "./layouts.ts";

const layoutChoices: readonly ("auto" | Layout)[] = ["auto", ...layouts];

/** The fields of built-in scenes, rendered at the network's input size.
 * @category Data */
export const scenesFields = {
  height: {
    type: "integer",
    description: "Rows of the pictures, which are the network's input: 32…4096, 64 by default.",
    least: 32,
    most: 4096,
    default: 64,
  },
  width: {
    type: "integer",
    description: "Columns of the pictures: 32…4096, 80 by default.",
    least: 32,
    most: 4096,
    default: 80,
  },
  seed: {
    type: "integer",
    description: "Seed of the scenes, apart from the seed of training.",
    least: 0,
    most: 9_007_199_254_740_991,
    default: 0,
  },
  train: {
    type: "integer",
    description: "How many scenes are rendered for training, 512 by default.",
    least: 1,
    most: 10_000_000,
    default: 512,
  },
  test: {
    type: "integer",
    description: "How many scenes, other ones, are rendered for testing, 64 by default.",
    least: 1,
    most: 10_000_000,
    default: 64,
  },
  noise: {
    type: "boolean",
    description:
      "Whether depth has the noise of a structured-light sensor and the picture that of a camera; not by default.",
    default: false,
  },
  holes: {
    type: "boolean",
    description: "Whether depth is 0 where a structured-light sensor would measure nothing; not by default.",
    default: false,
  },
} as const;

/** The fields of samples in files, in a layout in which data sets are published, or one's own.
 * @category Data */
export const filesFields = {
  height: {
    type: "integer",
    description: "Rows of the network's input, to which images are resized: 32…4096, 96 by default.",
    least: 32,
    most: 4096,
    default: 96,
  },
  width: {
    type: "integer",
    description: "Columns of the network's input: 32…4096, 128 by default.",
    least: 32,
    most: 4096,
    default: 128,
  },
  layout: {
    type: "choice",
    description: 'The layout; "auto", the default, recognises it from what is in the folder.',
    of: layoutChoices,
    default: "auto",
  },
  folder: {
    type: "text",
    description: "The folder, file or address of the data, if --data is not given.",
    default: "",
  },
  list: layoutFields.list,
  testList: layoutFields.testList,
  imageRoot: layoutFields.imageRoot,
  depthRoot: layoutFields.depthRoot,
  depthScale: layoutFields.depthScale,
  depth: layoutFields.depth,
  minDepth: depthRangeFields.minDepth,
  maxDepth: depthRangeFields.maxDepth,
  testShare: layoutFields.testShare,
  crop: {
    type: "list",
    description:
      "Rows and columns of a crop from the centre, before the images are resized, as the paper's 456 and 608 " +
      "of 480×640; [], the default, for none.",
    item: { type: "integer", description: "Rows, then columns.", least: 1, most: 16384 },
    default: [],
  },
  shuffleBuffer: layoutFields.shuffleBuffer,
  onUnreadable: {
    type: "choice",
    description:
      'What is done with samples that cannot be read: "fail" ends the run, "skip" leaves them out and counts them.',
    of: ["fail", "skip"],
    default: "fail",
  },
} as const;

/** The fields of data of a module of one's own, which are resized and bounded as samples in files are.
 * @category Data */
export const moduleFields = {
  height: filesFields.height,
  width: filesFields.width,
  file: {
    type: "text",
    description: "The module, whose default export `dataModule` has made.",
    default: "",
  },
  options: {
    type: "open",
    description: "What the module is given, as it says itself which fields it has.",
    default: {},
  },
  folder: { type: "text", description: "A folder that the module is told, such as --data names it.", default: "" },
  minDepth: filesFields.minDepth,
  maxDepth: filesFields.maxDepth,
  crop: filesFields.crop,
  onUnreadable: filesFields.onUnreadable,
} as const;

/** The fields of the random changes of training samples.
 * @category Data */
export const augmentFields = {
  mirror: {
    type: "boolean",
    description: "Whether half of the samples, at random, have left and right exchanged; so by default.",
    default: true,
  },
  jitter: {
    type: "number",
    description: "Strength of colour jitter, 0…1; 0.4 by default.",
    least: 0,
    most: 1,
    default: 0.4,
  },
  rotation: {
    type: "number",
    description: "Degrees up to which samples are rotated, to either side: 0…45, 0 by default.",
    least: 0,
    most: 45,
    default: 0,
  },
  scale: {
    type: "number",
    description: "Up to how many times samples are enlarged, their depth divided by as much: 1…4, 1 by default.",
    least: 1,
    most: 4,
    default: 1,
  },
} as const;

/** Built-in scenes, as {@link scenesFields} says.
 * @category Data */
export interface ScenesData extends ValuesOf<typeof scenesFields> {
  /** Tells built-in scenes from other data. */
  readonly kind: "scenes";
}

/** Samples in files, as {@link filesFields} says.
 * @category Data */
export interface FilesData extends ValuesOf<typeof filesFields> {
  /** Tells files from other data. */
  readonly kind: "files";
}

/** Samples of a module of one's own, as {@link moduleFields} says.
 * @category Data */
export interface ModuleData extends ValuesOf<typeof moduleFields> {
  /** Tells a module from other data. */
  readonly kind: "module";
}

/** Where samples come from.
 * @category Data */
export type DataConfiguration = ScenesData | FilesData | ModuleData;

/** Random changes of training samples, as {@link augmentFields} says.
 * @category Data */
export interface AugmentConfiguration extends ValuesOf<typeof augmentFields> {}
