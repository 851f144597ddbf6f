/** All that a run depends on, as data: each field with its range, its default and what it does. */
import { generatorsFields } from "../embedding/generators.ts";
import type { ValuesOf, VariantOf } from "../formats/fields.ts";
import { termKinds } from "../loss/fields.ts";
import { optimFields } from "../nn/optim_fields.ts";

export type { FixedGeneratorName, GeneratorName, GeneratorsConfiguration } from "../embedding/generators.ts";
export type { OptimConfiguration } from "../nn/optim_fields.ts";

/** Built-in scenes, rendered at the network's input size. */
export const scenesFields = {
  height: {
    type: "integer",
    least: 32,
    most: 4096,
    default: 64,
    description: "Rows of the pictures, which are the network's input.",
  },
  width: { type: "integer", least: 32, most: 4096, default: 80, description: "Columns of the pictures." },
  seed: {
    type: "integer",
    least: 0,
    most: 9007199254740991,
    default: 0,
    description: "Seed of the scenes, apart from the seed of training.",
  },
  train: {
    type: "integer",
    least: 1,
    most: 10_000_000,
    default: 512,
    description: "How many scenes are rendered for training.",
  },
  test: {
    type: "integer",
    least: 1,
    most: 10_000_000,
    default: 64,
    description: "How many scenes, other ones, are rendered for testing.",
  },
  noise: {
    type: "boolean",
    default: false,
    description: "Whether depth has the noise of a structured-light sensor and the picture that of a camera.",
  },
  holes: {
    type: "boolean",
    default: false,
    description: "Whether depth is 0 where a structured-light sensor would measure nothing.",
  },
} as const;

/** Samples in files, in a layout in which data sets are published, or one's own. */
export const filesFields = {
  height: {
    type: "integer",
    least: 32,
    most: 4096,
    default: 96,
    description: "Rows of the network's input, to which images are resized.",
  },
  width: { type: "integer", least: 32, most: 4096, default: 128, description: "Columns of the network's input." },
  layout: {
    type: "choice",
    of: ["auto", "nyu-labelled", "bts", "densedepth", "tum", "sunrgbd", "cityscapes", "csv", "shards"],
    default: "auto",
    description: 'How the samples lie in the folder; "auto" recognises it from what is there.',
  },
  folder: {
    type: "text",
    default: "",
    description: "The folder, file or address of the data, if --data is not given.",
  },
  list: {
    type: "text",
    default: "",
    description: 'The list of training samples in the folder, for layouts by lists; "" for the usual one.',
  },
  testList: {
    type: "text",
    default: "",
    description: 'The list of test samples in the folder, for layouts with one for each split; "" for the usual one.',
  },
  depthScale: {
    type: "number",
    least: 0,
    most: 1e9,
    default: 0,
    description: "Units of a depth PNG in a metre; 0 for what the layout says.",
  },
  depth: {
    type: "choice",
    of: ["published", "raw", "filled"],
    default: "published",
    description:
      'Depth as the "published" ground truth of the layout, "raw" from the sensor, or with holes "filled", ' +
      "where there is a choice.",
  },
  testShare: {
    type: "number",
    least: 0,
    most: 1,
    default: 0.2,
    description: "The share of the samples, the last ones, that is held out for testing where there is no test split.",
  },
  crop: {
    type: "list",
    item: { type: "integer", least: 1, most: 16384, description: "Pixels." },
    default: [],
    description: "Rows and columns of a crop from the centre, before the images are resized, the paper's being " +
      "[456, 608]; [] for none.",
  },
  shuffleBuffer: {
    type: "integer",
    least: 1,
    most: 10_000_000,
    default: 1000,
    description: "How many samples are mixed while shards are gone through in order.",
  },
  onUnreadable: {
    type: "choice",
    of: ["fail", "skip"],
    default: "fail",
    description:
      'What is done with samples that cannot be read: "fail" ends the run, "skip" leaves them out and counts ' +
      "them.",
  },
} as const;

/** Where samples come from. */
export const dataKinds = { scenes: scenesFields, files: filesFields } as const;

/** Random changes of training samples. */
export const augmentFields = {
  mirror: {
    type: "boolean",
    default: true,
    description: "Whether half of the samples, at random, have left and right exchanged.",
  },
  jitter: { type: "number", least: 0, most: 1, default: 0.4, description: "Strength of colour jitter; 0 for none." },
  rotation: {
    type: "number",
    least: 0,
    most: 45,
    default: 0,
    description: "Degrees up to which samples are rotated, to either side; 0 for none.",
  },
  scale: {
    type: "number",
    least: 1,
    most: 4,
    default: 1,
    description: "Up to how many times samples are enlarged, their depth divided by as much; 1 for none.",
  },
} as const;

/** The ResNet of the depth network. */
export const backboneFields = {
  layers: { type: "choice", of: [18, 34, 50, 101], default: 50, description: "Layers of the ResNet." },
  width: {
    type: "integer",
    least: 1,
    most: 1024,
    default: 64,
    description: "Channels of the ResNet's stem, 64 as published.",
  },
  strideOn: {
    type: "choice",
    of: ["1x1", "3x3"],
    default: "1x1",
    description:
      "Which convolution of a bottleneck halves the size: the first, as in the paper's (Caffe), or the second, " +
      "as in torchvision's. ResNets of 18 and 34 layers have no bottlenecks.",
  },
  preprocessing: {
    type: "choice",
    of: ["bgr-caffe", "rgb-imagenet", "rgb-unit", "rgb-centred"],
    default: "bgr-caffe",
    description: 'How pictures are prepared for the ResNet: "bgr-caffe" in 0…255 minus the mean, as the paper\'s; ' +
      '"rgb-imagenet" standardised, as torchvision\'s; "rgb-unit" in 0…1; "rgb-centred" in −1…1.',
  },
  weights: {
    type: "text",
    default: "",
    description: 'A file whose ResNet training begins with, such as an ImageNet classifier of PyTorch; "" for none.',
  },
} as const;

/** The depth network behind its backbone. */
export const networkFields = {
  features: {
    type: "integer",
    least: 1,
    most: 4096,
    default: 256,
    description: "Channels of pyramid and estimator, 256 as published.",
  },
  initialDepth: {
    type: "number",
    least: 0,
    most: 1e3,
    default: 0,
    description: "The bias of the last convolution before training, in metres: about the data's mean depth, or 0.",
  },
  fusion: {
    type: "choice",
    of: ["cliff", "cliff-no-identity", "cliff-no-attention", "concatenation", "sum"],
    default: "cliff",
    description: "How the estimator fuses the levels of the pyramid: by the paper's CLIFF blocks, by those without a " +
      "part, or by what the paper compares with.",
  },
} as const;

/** How a network is evaluated. */
export const evaluationFields = {
  protocol: {
    type: "choice",
    of: ["own-size", "cliffnet", "nyu-eigen", "nyu-pooled", "cityscapes-80m"],
    default: "own-size",
    description: "By which published protocol predictions are compared with the ground truth.",
  },
  near: {
    type: "number",
    least: 0,
    most: 1e3,
    default: 0,
    description: "Metres to which nearer predictions are set, above 0; 0 for what the protocol says.",
  },
  far: {
    type: "number",
    least: 0,
    most: 1e6,
    default: 0,
    description: "Metres to which farther predictions are set; 0 for what the protocol says.",
  },
  pictures: {
    type: "integer",
    least: 0,
    most: 1000,
    default: 4,
    description: "How many test samples are drawn as pictures.",
  },
} as const;

/** How long the depth network trains. */
export const trainingFields = {
  steps: { type: "integer", least: 0, most: 100_000_000, default: 1000, description: "Steps of training." },
  batch: { type: "integer", least: 1, most: 10_000_000, default: 8, description: "Pictures in each of them." },
} as const;

/** All that a run depends on, but for the folder of the data. */
export const configurationFields = {
  seed: {
    type: "integer",
    least: 0,
    most: 9007199254740991,
    default: 0,
    description: "From which first variables, order and changes of samples are drawn.",
  },
  data: {
    type: "variant",
    kinds: dataKinds,
    default: { kind: "scenes" },
    description: "What is trained and evaluated on: built-in scenes or samples in files.",
  },
  augment: {
    type: "group",
    fields: augmentFields,
    default: {},
    description: "How training samples are changed at random.",
  },
  backbone: { type: "group", fields: backboneFields, default: {}, description: "The ResNet of the network." },
  network: { type: "group", fields: networkFields, default: {}, description: "The network behind the backbone." },
  generators: {
    type: "group",
    fields: generatorsFields,
    default: {},
    description: "The generators by name; those that no term of `loss` names are not pretrained.",
  },
  loss: {
    type: "list",
    item: { type: "variant", kinds: termKinds, description: "One term, by the name of its loss." },
    least: 1,
    default: [{ kind: "l1" }],
    description: "The terms whose weighted sum is minimized.",
  },
  lossFile: {
    type: "text",
    default: "",
    description: 'A module whose default export is the loss, instead of `loss`; "" for none.',
  },
  optim: { type: "group", fields: optimFields, default: {}, description: "The optimizer of the depth network." },
  training: { type: "group", fields: trainingFields, default: {}, description: "How long the depth network trains." },
  evaluation: {
    type: "group",
    fields: evaluationFields,
    default: {},
    description: "How the trained network is compared with the ground truth.",
  },
} as const;

/** Built-in scenes, rendered at the network's input size. */
export type ScenesData = Extract<DataConfiguration, { readonly kind: "scenes" }>;

/** Samples in files, in a layout in which data sets are published, or one's own. */
export type FilesData = Extract<DataConfiguration, { readonly kind: "files" }>;

/** Where samples come from. */
export type DataConfiguration = VariantOf<typeof dataKinds>;

/** Random changes of training samples. */
export interface AugmentConfiguration extends ValuesOf<typeof augmentFields> {}

/** The ResNet of the depth network. */
export interface BackboneConfiguration extends ValuesOf<typeof backboneFields> {}

/** The depth network behind its backbone. */
export interface NetworkConfiguration extends ValuesOf<typeof networkFields> {}

/** One term of what is minimized. */
export type TermConfiguration = VariantOf<typeof termKinds>;

/** A loss that needs no generator, with its parameters. */
export type PixelTerm = Exclude<TermConfiguration, { readonly kind: "hierarchical" }>;

/** The hierarchical loss of a generator. */
export type HierarchicalTerm = Extract<TermConfiguration, { readonly kind: "hierarchical" }>;

/** How a network is evaluated. */
export interface EvaluationConfiguration extends ValuesOf<typeof evaluationFields> {}

/** All that a run depends on, but for the folder of the data. */
export interface Configuration extends ValuesOf<typeof configurationFields> {}
