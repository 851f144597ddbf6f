/**
 * The generators that a configuration can name, each told once: from these lists come the settings of configurations, the
 * names that terms have for them, messages and the table of the documentation.
 */
import type { Field, ValuesOf } from "../formats/fields.ts";
import { markdownTable } from "../formats/text_table.ts";
import type { FixedGenerator, Generator, GeneratorReport } from "./generator.ts";
import {
  imageGenerator,
  multiScaleSobelGenerator,
  randomGenerator,
  reconstructionGenerator,
  sceneGenerator,
  sobelGenerator,
} from "./generator_records.ts";

/**
 * The generators that are made before the depth network trains. Another one is its record, in a file of its own, and a line
 * here.
 * @category Generators
 */
export const generators = [
  sceneGenerator,
  reconstructionGenerator,
  imageGenerator,
  randomGenerator,
] as const;

/** The generators that are known without data. */
export const fixedGenerators = [sobelGenerator, multiScaleSobelGenerator] as const;

/** A generator that is made before the depth network trains.
 * @category Generators */
export type GeneratorName = typeof generators[number]["name"];

/** A generator that is known without data. */
export type FixedGeneratorName = typeof fixedGenerators[number]["name"];

/** The names of the generators that are made before the depth network trains.
 * @category Generators */
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

/** All that is special about a generator that has to be made first.
 * @category Generators */
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

const whyUntested = ({ leftOut = 0 }: GeneratorReport): string =>
  leftOut === 0
    ? "the test split has no sample"
    : `none of the ${leftOut} test samples has a scene of training, whose samples are too few to hold any out`;

/** How well a generator does its pretext task, as a sentence; only where it is from if there is no report. */
export const describeGenerator = (name: GeneratorName, report: GeneratorReport, checkpoint: string): string => {
  const { title, describe } = made[name];
  if (Object.values(report).some(Number.isNaN)) return `${title} was not tested: ${whyUntested(report)}`;
  return `${title} ${describe(report) ?? `from ${checkpoint}`}`;
};

/** The generators as a table in Markdown: what a term calls them, and what they are. */
export const generatorTable = (): string =>
  markdownTable([
    ["generator", "what embeds depth maps"],
    ...[...generators, ...fixedGenerators].map(({ name, description }) => [`\`${name}\``, description]),
  ]);
