import type { ResNetDepth } from "../cliffnet/backbone.ts";
import type { Preprocessing } from "../cliffnet/preprocessing.ts";
import type { BottleneckStride } from "../cliffnet/residual_blocks.ts";
import type { PixelLossName } from "../loss/named_losses.ts";

/** Built-in scenes, rendered at the network's input size. */
export interface ScenesData {
  /** Tells built-in scenes from other data. */
  readonly kind: "scenes";
  /** Rows of the pictures, which are the network's input: 32…4096, 64 by default. */
  readonly height: number;
  /** Columns of the pictures: 32…4096, 80 by default. */
  readonly width: number;
  /** Seed of the scenes, apart from the seed of training. */
  readonly seed: number;
  /** How many scenes are rendered for training, 512 by default. */
  readonly train: number;
  /** How many scenes, other ones, are rendered for testing, 64 by default. */
  readonly test: number;
  /** Whether depth has the noise of a structured-light sensor and the picture that of a camera; not by default. */
  readonly noise: boolean;
  /** Whether depth is 0 where a structured-light sensor would measure nothing; not by default. */
  readonly holes: boolean;
}

/** A CSV list of images and depth PNGs. */
export interface CsvData {
  /** Tells a CSV list from other data. */
  readonly kind: "csv";
  /** Rows of the network's input, to which images are resized: 32…4096, 96 by default. */
  readonly height: number;
  /** Columns of the network's input: 32…4096, 128 by default. */
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
  /** Whether half of the samples, at random, have left and right exchanged; so by default. */
  readonly mirror: boolean;
  /** Strength of colour jitter, 0…1. */
  readonly jitter: number;
}

/** The ResNet of the depth network. */
export interface BackboneConfiguration {
  /** Layers of the ResNet: 18, 34, 50 or 101; 50 by default. */
  readonly layers: ResNetDepth;
  /** Channels of the ResNet's stem, 64 as published. */
  readonly width: number;
  /** Which convolution of a bottleneck halves the size, "1x1" by default; ResNets of 18 and 34 layers have none. */
  readonly strideOn: BottleneckStride;
  /** How pictures are prepared for the ResNet, "bgr-caffe" by default. */
  readonly preprocessing: Preprocessing;
  /** A file whose ResNet training begins with, such as an ImageNet classifier of PyTorch; "" for none. */
  readonly weights: string;
}

/** The depth network behind its backbone. */
export interface NetworkConfiguration {
  /** Channels of pyramid and estimator, 256 as published. */
  readonly features: number;
  /** The bias of the last convolution before training, in metres: about the data's mean depth, or 0. */
  readonly initialDepth: number;
}

/** Adam and its schedule. */
export interface OptimConfiguration {
  /** The learning rate between warm-up and the first milestone, 1e-4 by default. */
  readonly lr: number;
  /** The share of each weight, biases and norms left out, that is added to its gradient; 1e-4 by default. */
  readonly decay: number;
  /** Steps at which the learning rate is multiplied by `factor`. */
  readonly milestones: readonly number[];
  /** What the learning rate is multiplied by at each milestone: 0…1, 0.1 by default. */
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
  /** Steps of pretraining, 200 by default. */
  readonly steps: number;
  /** Depth maps in each of its steps, 16 by default. */
  readonly batch: number;
  /** Its optimizer, apart from that of the depth network; the learning rate is 1e-3 by default. */
  readonly optim: OptimConfiguration;
  /** A pretrained generator to be used instead of pretraining one; "" for none. */
  readonly checkpoint: string;
}

/** The generators that are pretrained. */
export type GeneratorName = "scene" | "reconstruction";

/** A loss that needs no generator, with its published parameters. */
export interface PixelTerm<K extends PixelLossName> {
  /** Which loss, by its name in {@link pixelLosses}: "l1" is the mean absolute error in metres. */
  readonly kind: K;
  /** What the loss is multiplied by in the sum of all terms, 1 by default. */
  readonly weight: number;
  /** Steps over which the weight rises linearly from 0. */
  readonly warmup: number;
}

/** The hierarchical loss of a generator. */
export interface HierarchicalTerm {
  /** Tells hierarchical losses from those on pixels alone. */
  readonly kind: "hierarchical";
  /** What embeds depth maps: HEG-S, HEG-R, or the fixed Sobel filters, which need no pretraining. */
  readonly generator: GeneratorName | "sobel";
  /** w₀ … w_K: of the depth itself and of each level. */
  readonly weights: readonly number[];
  /** What the whole loss is multiplied by in the sum of all terms, 1 by default. */
  readonly weight: number;
  /** Steps over which `weight` rises linearly from 0, 100 by default. */
  readonly warmup: number;
  /** Steps for which the term is left out; its warm-up begins after them. 0 by default. */
  readonly delay: number;
}

/** One term of what is minimized. */
export type TermConfiguration = { readonly [K in PixelLossName]: PixelTerm<K> }[PixelLossName] | HierarchicalTerm;

/** How a network is evaluated. */
export interface EvaluationConfiguration {
  /** Metres to which nearer predictions are set, above 0; 0.001 by default. */
  readonly near: number;
  /** Metres to which farther predictions are set, 10 by default. */
  readonly far: number;
  /** How many test samples are drawn as pictures. */
  readonly pictures: number;
}

/** All that a run depends on, but for the folder of the data. */
export interface Configuration {
  /** From which first variables, order and changes of samples are drawn: a non-negative integer, 0 by default. */
  readonly seed: number;
  /** What is trained and evaluated on; built-in scenes by default. */
  readonly data: DataConfiguration;
  /** How training samples are changed at random. */
  readonly augment: AugmentConfiguration;
  /** The ResNet of the network. */
  readonly backbone: BackboneConfiguration;
  /** The network behind it. */
  readonly network: NetworkConfiguration;
  /** The generators by name; those that no term of `loss` names are not pretrained. */
  readonly generators: Readonly<Record<GeneratorName, GeneratorConfiguration>>;
  /** The terms whose weighted sum is minimized; L1 by default. */
  readonly loss: readonly TermConfiguration[];
  /** A module whose default export is the loss, instead of `loss`; "" for none. */
  readonly lossFile: string;
  /** The optimizer of the depth network. */
  readonly optim: OptimConfiguration;
  /** Steps of training, 1000 by default, and pictures in each, 8 by default. */
  readonly training: { readonly steps: number; readonly batch: number };
  /** How the trained network is compared with the ground truth. */
  readonly evaluation: EvaluationConfiguration;
}
