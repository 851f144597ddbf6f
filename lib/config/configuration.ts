import type { ResNetDepth } from "../cliffnet/backbone.ts";
import type { Preprocessing } from "../cliffnet/preprocessing.ts";
import type { BottleneckStride } from "../cliffnet/residual_blocks.ts";

/** Built-in scenes, rendered at the network's input size. */
export interface ScenesData {
  readonly kind: "scenes";
  /** Input size in pixels. */
  readonly height: number;
  readonly width: number;
  /** Seed of the scenes, apart from the seed of training. */
  readonly seed: number;
  /** How many scenes are rendered for training and, other ones, for testing. */
  readonly train: number;
  readonly test: number;
  /** Whether depth has a sensor's noise, and its holes. */
  readonly noise: boolean;
  readonly holes: boolean;
}

/** A CSV list of images and depth PNGs. */
export interface CsvData {
  readonly kind: "csv";
  /** Input size in pixels, to which images are resized. */
  readonly height: number;
  readonly width: number;
  /** The list's name in the folder given by --data. */
  readonly list: string;
  /** The folder, if --data is not given. */
  readonly folder: string;
  /** How many units of a depth PNG are a metre. */
  readonly depthScale: number;
}

/** Where samples come from. */
export type DataConfiguration = ScenesData | CsvData;

/** Random changes of training samples. */
export interface AugmentConfiguration {
  readonly mirror: boolean;
  /** Strength of colour jitter, 0…1. */
  readonly jitter: number;
}

/** The depth network. */
export interface NetworkConfiguration {
  /** Layers of the ResNet. */
  readonly backbone: ResNetDepth;
  /** Channels of the ResNet's stem, 64 as published. */
  readonly width: number;
  /** Channels of pyramid and estimator, 256 as published. */
  readonly features: number;
  readonly strideOn: BottleneckStride;
  readonly preprocessing: Preprocessing;
  /** The bias of the last convolution before training, in metres: about the data's mean depth, or 0. */
  readonly initialDepth: number;
}

/** Adam and its schedule. */
export interface OptimConfiguration {
  readonly lr: number;
  readonly decay: number;
  /** Steps at which the learning rate is multiplied by `factor`. */
  readonly milestones: readonly number[];
  readonly factor: number;
  /** Steps over which the learning rate rises linearly from 0. */
  readonly warmup: number;
  /** Bound of the gradients' norm; 0 for none. */
  readonly clip: number;
}

/** An embedding generator and its pretraining. */
export interface GeneratorConfiguration {
  /** Channels of the stages. */
  readonly widths: readonly number[];
  readonly steps: number;
  readonly batch: number;
  readonly optim: OptimConfiguration;
  /** A pretrained generator to be used instead of pretraining one; "" for none. */
  readonly checkpoint: string;
}

/** The generators that are pretrained. */
export type GeneratorName = "scene" | "reconstruction";

/** A loss on pixels. */
export interface PixelTerm<K extends "l1" | "l2"> {
  readonly kind: K;
  readonly weight: number;
  /** Steps over which the weight rises linearly from 0. */
  readonly warmup: number;
}

/** The hierarchical loss of a generator. */
export interface HierarchicalTerm {
  readonly kind: "hierarchical";
  readonly generator: GeneratorName | "sobel";
  /** w₀ … w_K: of the depth itself and of each level. */
  readonly weights: readonly number[];
  readonly weight: number;
  readonly warmup: number;
}

/** One term of what is minimized. */
export type TermConfiguration = PixelTerm<"l1"> | PixelTerm<"l2"> | HierarchicalTerm;

/** How a network is evaluated. */
export interface EvaluationConfiguration {
  /** Metres to which predictions are clipped. */
  readonly near: number;
  readonly far: number;
  /** How many test samples are drawn as pictures. */
  readonly pictures: number;
}

/** All that a run depends on, but for the folder of the data. */
export interface Configuration {
  readonly seed: number;
  readonly data: DataConfiguration;
  readonly augment: AugmentConfiguration;
  readonly network: NetworkConfiguration;
  readonly generators: Readonly<Record<GeneratorName, GeneratorConfiguration>>;
  readonly loss: readonly TermConfiguration[];
  /** A module whose default export is the loss, instead of `loss`; "" for none. */
  readonly lossFile: string;
  readonly optim: OptimConfiguration;
  readonly training: { readonly steps: number; readonly batch: number };
  readonly evaluation: EvaluationConfiguration;
}
