import type { ResNetDepth } from "../cliffnet/backbone.ts";
import type { FusionName } from "../cliffnet/fusion.ts";
import type { Preprocessing } from "../cliffnet/preprocessing.ts";
import type { AugmentConfiguration, DataConfiguration } from "../data/fields.ts";
import type { BottleneckStride } from "../cliffnet/residual_blocks.ts";
import type { PixelLossName } from "../loss/named_losses.ts";
import type { FixedGeneratorName, GeneratorName } from "./generator_names.ts";

export type { AugmentConfiguration, DataConfiguration, FilesData, ScenesData } from "../data/fields.ts";
export type { FixedGeneratorName, GeneratorName } from "./generator_names.ts";

/** The ResNet of the depth network. */
export interface BackboneConfiguration {
  /** Layers of the ResNet: 18, 34, 50 or 101; 50 by default. */
  readonly layers: ResNetDepth;
  /** Channels of the ResNet's stem, 64 as published. */
  readonly width: number;
  /** Which convolution of a bottleneck halves the size, "1x1" by default; ResNets of 18 and 34 layers have none. */
  readonly strideOn: BottleneckStride;
  /** How pictures are prepared for the ResNet: as {@link Preprocessing} tells, "bgr-caffe" by default. */
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
  /** How the estimator fuses the levels: "cliff", the default, or as {@link fusionOf} tells. */
  readonly fusion: FusionName;
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

/** A generator of random weights: HEG-S's stages as they are drawn from the seed. */
export interface RandomGeneratorConfiguration {
  /** Channels of the stages. */
  readonly widths: readonly number[];
  /** Batches by which batch norms track their statistics, so that activations are scaled as a trained one's; 50 by default. */
  readonly steps: number;
  /** Depth maps in each of them, 16 by default. */
  readonly batch: number;
  /** A random generator of another run to be used; "" for none. */
  readonly checkpoint: string;
}

/** The generators that are made before the depth network trains. */
export interface GeneratorsConfiguration {
  /** HEG-S, which learns to tell the scene from the depth map. */
  readonly scene: GeneratorConfiguration;
  /**
   * HEG-R, which learns to reconstruct the depth map. Widths whose last one holds as many numbers as there are pixels, such
   * as the published 16, 32, 64, could copy it, which is said when it trains: 16, 32, 8 cannot.
   */
  readonly reconstruction: GeneratorConfiguration;
  /**
   * A HEG with HEG-S's stages that learns to tell the scene from the grey image, brought to mean and standard deviation of
   * the data's depth: a control, as its task has little to do with depth.
   */
  readonly image: GeneratorConfiguration;
  /** One that learns nothing: the other control. */
  readonly random: RandomGeneratorConfiguration;
}

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
  /** What embeds depth maps: one of {@link GeneratorsConfiguration}, or fixed Sobel filters at one scale or at several. */
  readonly generator: GeneratorName | FixedGeneratorName;
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
  /** The name of a protocol, "own-size" by default. */
  readonly protocol: string;
  /** Metres to which nearer predictions are set, above 0; 0, the default, for what the protocol says. */
  readonly near: number;
  /** Metres to which farther predictions are set; 0, the default, for what the protocol says. */
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
  readonly generators: GeneratorsConfiguration;
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
