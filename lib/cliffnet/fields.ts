/**
 * The fusions that a configuration chooses from: how the levels of the pyramid become one. A record tells what a fusion is
 * and loads what computes it, so that who only reads configurations needs no TensorFlow.js. To add one, write its file and
 * its record here: names, types, choices of the configuration and tables follow.
 */
import { untyped } from "../nn/layer.ts";
import type { Branch } from "../tensor/tree.ts";
import type { Fusion } from "./levels.ts";

/** From a number of channels to the fusion of levels that have so many each. */
export type FusionMaker = <C extends number>(features: C) => Fusion<C, Branch, Branch>;

/** What is known of a fusion before it is loaded. */
export interface FusionRecord {
  /** What it does, as a few words for tables. */
  readonly description: string;
  /** How many parameters it has for levels of so many channels each. */
  readonly parameters: (features: number) => number;
  /** Loads what computes it. */
  readonly load: () => Promise<FusionMaker>;
}

const maker =
  <P extends Branch, S extends Branch>(make: <C extends number>(features: C) => Fusion<C, P, S>): FusionMaker =>
  (features) => untyped(make(features));

/** The fusions by name. All have 108 C² weights for C channels, and some numbers of batch norms. */
export const fusions = {
  "cliff": {
    description: "the paper's",
    parameters: (c: number): number => 108 * c ** 2 + 12 * c,
    load: async (): Promise<FusionMaker> => maker((await import("./cliff.ts")).cliffFusion),
  },
  "cliff-no-identity": {
    description: "without the sum with the upsampled level",
    parameters: (c: number): number => 108 * c ** 2 + 12 * c,
    load: async (): Promise<FusionMaker> => maker((await import("./cliff.ts")).cliffFusionWithoutIdentity),
  },
  "cliff-no-attention": {
    description: "the upsampled level as it is in place of its product with the finer one",
    parameters: (c: number): number => 108 * c ** 2 + 12 * c,
    load: async (): Promise<FusionMaker> => maker((await import("./cliff.ts")).cliffFusionWithoutAttention),
  },
  "concatenation": {
    description: "all levels at P2's size side by side, four 3×3 convolutions; 2.3 times the multiplications",
    parameters: (c: number): number => 108 * c ** 2 + 10 * c,
    load: async (): Promise<FusionMaker> => maker((await import("./cliff.ts")).concatenationFusion),
  },
  "sum": {
    description: "top-down sums, four 3×3 convolutions after each",
    parameters: (c: number): number => 108 * c ** 2 + 24 * c,
    load: async (): Promise<FusionMaker> => maker((await import("./cliff.ts")).sumFusion),
  },
} satisfies { readonly [name: string]: FusionRecord };

/** The name of a fusion. */
export type FusionName = keyof typeof fusions;

/** The names of the fusions, in the order of the records. */
export const fusionNames: readonly FusionName[] = Object.keys(fusions) as FusionName[];

/** The fusion of a name, for levels of `features` channels each. */
export const fusionOf = async <C extends number>(name: FusionName, features: C): Promise<Fusion<C, Branch, Branch>> => {
  const make = await fusions[name].load();
  return make(features);
};

/** The fields of the ResNet. */
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

const fusionDescription: string = `How the estimator joins the levels of the pyramid: ${
  fusionNames.map((name) => `"${name}", ${fusions[name].description}`).join("; ")
}.`;

/** The fields of the network behind its backbone. */
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
  fusion: { type: "choice", of: fusionNames, default: "cliff", description: fusionDescription },
} as const;
