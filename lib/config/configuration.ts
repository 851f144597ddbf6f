/** All that a run depends on, as data: each field with its range, its default and what it does. */
import { backboneFields, networkFields } from "../cliffnet/fields.ts";
import { augmentFields, filesFields, scenesFields } from "../data/fields.ts";
import type { ValuesOf, VariantOf } from "../formats/fields.ts";
import { evaluationFields } from "../metrics/fields.ts";
import { optimFields } from "../optim/fields.ts";

export type { AugmentConfiguration, DataConfiguration, FilesData, ScenesData } from "../data/fields.ts";
export type { FixedGeneratorName, GeneratorName } from "./generator_names.ts";

/** Where samples come from. */
export const dataKinds = { scenes: scenesFields, files: filesFields } as const;

const widths = {
  type: "list",
  item: { type: "integer", least: 1, most: 4096, description: "Channels of a stage." },
  least: 1,
  default: [16, 32, 64],
  description: "Channels of the stages.",
} as const;

const generatorBatch = {
  type: "integer",
  least: 1,
  most: 10_000_000,
  default: 16,
  description: "Depth maps in each of the steps.",
} as const;

/** An embedding generator and its pretraining. */
export const generatorFields = {
  widths,
  steps: { type: "integer", least: 0, most: 100_000_000, default: 200, description: "Steps of pretraining." },
  batch: generatorBatch,
  optim: {
    type: "group",
    fields: optimFields,
    default: { lr: 1e-3 },
    description: "Its optimizer, apart from that of the depth network; without this group, its learning rate is 1e-3.",
  },
  checkpoint: {
    type: "text",
    default: "",
    description: 'A pretrained generator to be used instead of pretraining one; "" for none.',
  },
} as const;

/** A generator of random weights: HEG-S's stages as they are drawn from the seed. */
export const randomGeneratorFields = {
  widths,
  steps: {
    type: "integer",
    least: 0,
    most: 100_000_000,
    default: 50,
    description:
      "Batches by which batch norms track their statistics, so that activations are scaled as a trained one's.",
  },
  batch: generatorBatch,
  checkpoint: {
    type: "text",
    default: "",
    description: 'A random generator of another run to be used; "" for none.',
  },
} as const;

/** The generators that are made before the depth network trains. */
export const generatorsFields = {
  scene: {
    type: "group",
    fields: generatorFields,
    default: {},
    description: "HEG-S, which learns to tell the scene from the depth map.",
  },
  reconstruction: {
    type: "group",
    fields: generatorFields,
    default: {},
    description:
      "HEG-R, which learns to reconstruct the depth map. Widths whose last one holds as many numbers as there " +
      "are pixels, such as the published 16, 32, 64, could copy it, which is said when it trains: 16, 32, 8 cannot.",
  },
  image: {
    type: "group",
    fields: generatorFields,
    default: {},
    description: "A HEG with HEG-S's stages that learns to tell the scene from the grey image, brought to mean and " +
      "standard deviation of the data's depth: a control, as its task has little to do with depth.",
  },
  random: {
    type: "group",
    fields: randomGeneratorFields,
    default: {},
    description: "One that learns nothing, with HEG-S's stages as they are drawn from the seed: the other control.",
  },
} as const;

const termWeight = {
  type: "number",
  least: 0,
  most: 1e9,
  default: 1,
  description: "What the loss is multiplied by in the sum of all terms.",
} as const;

/** A loss that needs no generator, with its published parameters. */
export const pixelTermFields = {
  weight: termWeight,
  warmup: {
    type: "integer",
    least: 0,
    most: 100_000_000,
    default: 0,
    description: "Steps over which the weight rises linearly from 0.",
  },
} as const;

/** The hierarchical loss of a generator. */
export const hierarchicalTermFields = {
  generator: {
    type: "choice",
    of: ["scene", "reconstruction", "image", "random", "sobel", "multi-scale-sobel"],
    description: "What embeds depth maps: one of `generators`, or fixed Sobel filters at one scale or at several.",
  },
  weights: {
    type: "list",
    item: { type: "number", least: 0, most: 1e9, description: "The weight of a level." },
    least: 1,
    description:
      "w₀ … w_K: of the depth itself and of each level, at most as many as the generator has; the paper's are " +
      "[0, 10, 15].",
  },
  weight: termWeight,
  warmup: {
    type: "integer",
    least: 0,
    most: 100_000_000,
    default: 100,
    description: "Steps over which `weight` rises linearly from 0.",
  },
  delay: {
    type: "integer",
    least: 0,
    most: 100_000_000,
    default: 0,
    description: "Steps for which the term is left out; its warm-up begins after them.",
  },
} as const;

/** What a term of what is minimized can be. */
export const termKinds = {
  "l1": pixelTermFields,
  "l2": pixelTermFields,
  "huber": pixelTermFields,
  "berhu": pixelTermFields,
  "log": pixelTermFields,
  "eigen": pixelTermFields,
  "silog": pixelTermFields,
  "depth-aware": pixelTermFields,
  "gradient": pixelTermFields,
  "multi-scale-gradient": pixelTermFields,
  "ssim": pixelTermFields,
  "virtual-normal": pixelTermFields,
  "scale-shift-invariant": pixelTermFields,
  "hierarchical": hierarchicalTermFields,
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

/** The ResNet of the depth network. */
export interface BackboneConfiguration extends ValuesOf<typeof backboneFields> {}

/** The depth network behind its backbone. */
export interface NetworkConfiguration extends ValuesOf<typeof networkFields> {}

/** Adam and its schedule. */
export interface OptimConfiguration extends ValuesOf<typeof optimFields> {}

/** An embedding generator and its pretraining. */
export interface GeneratorConfiguration extends ValuesOf<typeof generatorFields> {}

/** A generator of random weights: HEG-S's stages as they are drawn from the seed. */
export interface RandomGeneratorConfiguration extends ValuesOf<typeof randomGeneratorFields> {}

/** The generators that are made before the depth network trains. */
export interface GeneratorsConfiguration extends ValuesOf<typeof generatorsFields> {}

/** One term of what is minimized. */
export type TermConfiguration = VariantOf<typeof termKinds>;

/** The hierarchical loss of a generator. */
export type HierarchicalTerm = Extract<TermConfiguration, { readonly kind: "hierarchical" }>;

/** How a network is evaluated. */
export interface EvaluationConfiguration extends ValuesOf<typeof evaluationFields> {}

/** All that a run depends on, but for the folder of the data. */
export interface Configuration extends ValuesOf<typeof configurationFields> {}
