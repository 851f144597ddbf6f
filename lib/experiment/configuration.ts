/** All that a run depends on, as data: each field with its range, its default and what it does. */
import { backboneFields, networkFields } from "../cliffnet/fields.ts";
import { augmentFields, filesFields, moduleFields, scenesFields } from "../data/fields.ts";
import { generatorsFields } from "../embedding/generators.ts";
import type { ValuesOf, VariantOf } from "../formats/fields.ts";
import { termKinds } from "../loss/pixel_losses.ts";
import { evaluationFields } from "../metrics/protocols.ts";
import { optimFields } from "../optim/fields.ts";

export type { AugmentConfiguration, DataConfiguration, FilesData, ModuleData, ScenesData } from "../data/fields.ts";
export type { FixedGeneratorName, GeneratorName, GeneratorsConfiguration } from "../embedding/generators.ts";
export type { OptimConfiguration } from "../optim/fields.ts";

/** How long the depth network trains. */
export const trainingFields = {
  steps: { type: "integer", least: 0, most: 100_000_000, default: 1000, description: "Steps of training." },
  batch: { type: "integer", least: 1, most: 65_536, default: 8, description: "Pictures in each of them." },
} as const;

/** What training begins with in place of random numbers. */
export const initFields = {
  file: {
    type: "text",
    default: "",
    description: "A checkpoint, of train or of PyTorch, with whose tensors training begins where path and shape are " +
      'those of the network, as in fine-tuning; "" for none.',
  },
  only: {
    type: "text",
    default: "**",
    description: 'Which of them, as a pattern of their paths: "backbone/**", "{backbone,pyramid}/**".',
  },
} as const;

/** All that a run depends on, but for the folder of the data.
 * @category Configuration */
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
    kinds: { scenes: scenesFields, files: filesFields, module: moduleFields },
    default: { kind: "scenes" },
    description: "What is trained and evaluated on: built-in scenes, samples in files, or those of a module.",
  },
  augment: {
    type: "group",
    fields: augmentFields,
    default: {},
    description: "How training samples are changed at random.",
  },
  backbone: { type: "group", fields: backboneFields, default: {}, description: "The ResNet of the network." },
  network: { type: "group", fields: networkFields, default: {}, description: "The network behind the backbone." },
  networkFile: {
    type: "text",
    default: "",
    description: "A module whose default export is the network, made by `networkModule`, in place of `backbone` and " +
      '`network`; "" for none.',
  },
  networkOptions: {
    type: "open",
    default: {},
    description: "What the module of `networkFile` is given, as it says itself which fields it has.",
  },
  init: {
    type: "group",
    fields: initFields,
    default: {},
    description: "What the depth network begins with in place of random numbers.",
  },
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

/** What the depth network begins with. */
export interface InitConfiguration extends ValuesOf<typeof initFields> {}

/** One term of what is minimized.
 * @category Configuration */
export type TermConfiguration = VariantOf<typeof termKinds>;

/** A loss that needs no generator, with its parameters. */
export type PixelTerm = Exclude<TermConfiguration, { readonly kind: "hierarchical" }>;

/** The hierarchical loss of a generator. */
export type HierarchicalTerm = Extract<TermConfiguration, { readonly kind: "hierarchical" }>;

/** All that a run depends on, but for the folder of the data.
 * @category Configuration */
export interface Configuration extends ValuesOf<typeof configurationFields> {}
