/** The built-in generators, one after the other: their lists are in `generators.ts`. */
import type { Field, ValuesOf } from "../formats/fields.ts";
import { markdownTable } from "../formats/text_table.ts";
import { optimFields } from "../optim/fields.ts";
import { codePerPixel, type FixedGenerator, type Generator, type GeneratorReport } from "./generator.ts";

const widths = {
  type: "list",
  item: { type: "integer", least: 1, most: 4096, description: "Channels of a stage." },
  least: 1,
  default: [16, 32, 64],
  description: "Channels of the stages.",
} as const;

const batch = {
  type: "integer",
  least: 1,
  most: 10_000_000,
  default: 16,
  description: "Depth maps in each of the steps.",
} as const;

/** The settings of a generator that learns. */
export const learnedFields = {
  widths,
  steps: { type: "integer", least: 0, most: 100_000_000, default: 200, description: "Steps of pretraining." },
  batch,
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

/** The settings of a generator that learns nothing. */
export const trackedFields = {
  widths,
  steps: {
    type: "integer",
    least: 0,
    most: 100_000_000,
    default: 50,
    description:
      "Batches by which batch norms track their statistics, so that activations are scaled as a trained one's.",
  },
  batch,
  checkpoint: {
    type: "text",
    default: "",
    description: 'A generator of another run to be used instead; "" for none.',
  },
} as const;

/** An embedding generator and its pretraining. */
export interface LearnedSettings extends ValuesOf<typeof learnedFields> {}

/** A generator of random weights. */
export interface TrackedSettings extends ValuesOf<typeof trackedFields> {}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

const describeAccuracy: Generator<string, typeof learnedFields>["describe"] = ({ accuracy, mostFrequent }) =>
  accuracy === undefined || mostFrequent === undefined
    ? null
    : `recognizes ${percent(accuracy)} of the test scenes (the most frequent scene: ${percent(mostFrequent)})`;

/** HEG-S, which learns the scene from the depth map. */
export const sceneGenerator: Generator<"scene", typeof learnedFields> = {
  name: "scene",
  title: "HEG-S",
  description: "HEG-S: learns the scene from the depth map.",
  settings: learnedFields,
  warnings: () => [],
  describe: describeAccuracy,
  load: () => import("./scene.ts").then(({ sceneCode }) => sceneCode),
};

const copyWarning = (numbersPerPixel: number): string =>
  `HEG-R's bottleneck holds ${
    numbersPerPixel.toFixed(1)
  } numbers for each pixel, with which it could copy the depth map; ` +
  "a smaller last one of generators.reconstruction.widths makes it learn what depth maps are like";

/** HEG-R, which learns to reconstruct the depth map through a bottleneck. */
export const reconstructionGenerator: Generator<"reconstruction", typeof learnedFields> = {
  name: "reconstruction",
  title: "HEG-R",
  description:
    "HEG-R: learns to reconstruct the depth map. Published widths 16, 32, 64 hold 4 numbers a pixel at the " +
    "bottleneck and could copy, which training says; 16, 32, 8 hold ½.",
  settings: learnedFields,
  warnings: ({ widths }, height, width) => {
    const share = codePerPixel(widths, height, width);
    return share < 1 ? [] : [copyWarning(share)];
  },
  describe: ({ error, ofMean }) =>
    error === undefined || ofMean === undefined
      ? null
      : `reconstructs test depth to ${error.toFixed(3)} m (the mean depth: ${ofMean.toFixed(3)} m)`,
  load: () => import("./reconstruction.ts").then(({ reconstructionCode }) => reconstructionCode),
};

/** A control that learns the scene from grey images. */
export const imageGenerator: Generator<"image", typeof learnedFields> = {
  name: "image",
  title: "the HEG of grey images",
  description:
    "HEG-S's layers learn the scene from the same frames' grey images, brought to mean and deviation of the " +
    "data's depth by one scale for all.",
  settings: learnedFields,
  warnings: () => [],
  describe: describeAccuracy,
  load: () => import("./image.ts").then(({ imageCode }) => imageCode),
};

/** A control that learns nothing. */
export const randomGenerator: Generator<"random", typeof trackedFields> = {
  name: "random",
  title: "the random HEG",
  description:
    "HEG-S's layers as drawn from the seed, their batch norms' statistics tracked over 50 batches of depth, " +
    "so that only the weights are random.",
  settings: trackedFields,
  warnings: () => [],
  describe: ({ batches }) =>
    batches === undefined ? null : `has learned nothing; its batch norms have tracked ${batches} batches`,
  load: () => import("./scene.ts").then(({ sceneStages }) => ({ stages: sceneStages, pretrain: null })),
};

/** Sobel filters, at one scale. */
export const sobelGenerator: FixedGenerator<"sobel"> = {
  name: "sobel",
  title: "Sobel",
  unit: "m",
  description: "Depth gradients.",
  levels: () => 1,
  load: () => import("./embedding.ts").then(({ sobel }) => () => sobel),
  // Its first level is the Sobel pair itself; the others are those of the multi-scale gradient loss.
  loadExplained: () => import("./embedding.ts").then(({ multiScaleSobel }) => multiScaleSobel(4)),
};

/** Sobel filters, at scales as long as the depth maps have pixels. */
export const multiScaleSobelGenerator: FixedGenerator<"multi-scale-sobel"> = {
  name: "multi-scale-sobel",
  title: "Multi-scale Sobel",
  unit: "m",
  description: "Depth gradients of means over 1, 2, 4 … pixels, a level each.",
  levels: (height, width) => 1 + Math.floor(Math.log2(Math.min(height, width))),
  load: () => import("./embedding.ts").then(({ multiScaleSobel }) => multiScaleSobel),
  loadExplained: null,
};

/**
 * The generators that are made before the depth network trains. Another one is its record, in a file of its own, and a line
 * here.
 */
export const generators = [sceneGenerator, reconstructionGenerator, imageGenerator, randomGenerator] as const;

/** The generators that are known without data. */
export const fixedGenerators = [sobelGenerator, multiScaleSobelGenerator] as const;

/** A generator that is made before the depth network trains. */
export type GeneratorName = typeof generators[number]["name"];

/** A generator that is known without data. */
export type FixedGeneratorName = typeof fixedGenerators[number]["name"];

/** The names of the generators that are made before the depth network trains. */
export const generatorNames: readonly GeneratorName[] = generators.map(({ name }) => name);

/** The names of the generators that are known without data. */
export const fixedGeneratorNames: readonly FixedGeneratorName[] = fixedGenerators.map(({ name }) => name);

/** The settings of each generator as fields of a configuration. */
export type GeneratorSettingsFields = { readonly [G in typeof generators[number] as G["name"]]: G["settings"] };

/** The settings of the generators, each a group of fields of a configuration. */
export type GeneratorsFields = {
  readonly [N in GeneratorName]: {
    /** A group in braces. */
    readonly type: "group";
    /** The settings. */
    readonly fields: GeneratorSettingsFields[N];
    /** All have their defaults. */
    readonly default: Readonly<Record<never, never>>;
    /** What the generator is. */
    readonly description: string;
  };
};

/** The group `generators` of a configuration. */
export const generatorsFields = Object.fromEntries(
  generators.map(({ name, settings, description }): readonly [string, Field] => [
    name,
    { type: "group", fields: settings, default: {}, description },
  ]),
) as GeneratorsFields;

/** The settings of each generator. */
export type GeneratorsConfiguration = { readonly [N in GeneratorName]: ValuesOf<GeneratorSettingsFields[N]> };

const made = Object.fromEntries(generators.map((each) => [each.name, each])) as {
  readonly [N in GeneratorName]: Generator<N, GeneratorSettingsFields[N]>;
};

const fixed = Object.fromEntries(fixedGenerators.map((each) => [each.name, each])) as {
  readonly [N in FixedGeneratorName]: FixedGenerator<N>;
};

/** Whether something is the name of a generator that has to be made first. */
export const isMade = (name: string): name is GeneratorName => Object.hasOwn(made, name);

/** All that is special about a generator that has to be made first. */
export const generatorNamed = <N extends GeneratorName>(name: N): Generator<N, GeneratorSettingsFields[N]> =>
  made[name];

/** All that is special about a generator that is known without data. */
export const fixedGeneratorNamed = <N extends FixedGeneratorName>(name: N): FixedGenerator<N> => fixed[name];

/** How many levels a generator has of depth maps of a size, with the settings of a configuration. */
export const levelCountOf = (
  name: GeneratorName | FixedGeneratorName,
  settings: GeneratorsConfiguration,
  height: number,
  width: number,
): number => isMade(name) ? settings[name].widths.length : fixed[name].levels(height, width);

/** How well a generator does its pretext task, as a sentence; only where it is from if there is no report. */
export const describeGenerator = (name: GeneratorName, report: GeneratorReport, checkpoint: string): string => {
  const { title, describe } = made[name];
  if (Object.values(report).some(Number.isNaN)) return `${title} was not tested: the test split has no sample`;
  return `${title} ${describe(report) ?? `from ${checkpoint}`}`;
};

/** The generators as a table in Markdown: what a term calls them, and what they are. */
export const generatorTable = (): string =>
  markdownTable([
    ["generator", "what embeds depth maps"],
    ...[...generators, ...fixedGenerators].map(({ name, description }) => [`\`${name}\``, description]),
  ]);
