/**
 * The losses that need no generator, each told once: from this list come the terms of configurations with their parameters,
 * the types of both, the titles in pictures and the table of the documentation.
 */
import {
  type FixedGeneratorName,
  fixedGeneratorNames,
  type GeneratorName,
  generatorNames,
} from "../embedding/generators.ts";
import type { Fields, ValuesOf } from "../formats/fields.ts";
import { markdownTable } from "../formats/text_table.ts";
import type { Loss } from "./loss.ts";
import type { NumberParameter, PixelLoss, UnfitParameter } from "./pixel_loss.ts";
import {
  berHuLoss,
  depthAwareLoss,
  eigenLoss,
  gradientPixelLoss,
  huberLoss,
  l1Loss,
  l2Loss,
  logLoss,
  multiScaleGradientPixelLoss,
  scaleShiftInvariantLoss,
  siLogLoss,
  smoothnessLoss,
  ssimLoss,
  virtualNormalLoss,
} from "./pixel_loss_records.ts";

/** Every loss that needs no generator. Another one is its record, in a file of its own, and a line here.
 * @category Losses */
export const pixelLosses = [
  l1Loss,
  l2Loss,
  huberLoss,
  berHuLoss,
  logLoss,
  eigenLoss,
  siLogLoss,
  depthAwareLoss,
  gradientPixelLoss,
  multiScaleGradientPixelLoss,
  ssimLoss,
  virtualNormalLoss,
  smoothnessLoss,
  scaleShiftInvariantLoss,
] as const;

/** The names of the losses on pixels in configurations.
 * @category Losses */
export type PixelLossName = typeof pixelLosses[number]["name"];

/** The parameters of each loss as fields of a configuration.
 * @category Losses */
export type PixelLossFields = { readonly [L in typeof pixelLosses[number] as L["name"]]: L["parameters"] };

/** The parameters of each loss as values.
 * @category Losses */
export type PixelLossParameters = { readonly [N in PixelLossName]: ValuesOf<PixelLossFields[N]> };

const byName = Object.fromEntries(pixelLosses.map((each) => [each.name, each])) as {
  readonly [N in PixelLossName]: PixelLoss<N, PixelLossFields[N]>;
};

/** A parameter that does not fit, with what was found. */
export interface FoundParameter extends UnfitParameter<Fields> {
  /** Its value. */
  readonly found: unknown;
}

/** All that is special about a loss. */
export const pixelLossNamed = <N extends PixelLossName>(name: N): PixelLoss<N, PixelLossFields[N]> => byName[name];

/** The published parameters of a loss. */
export const publishedParameters = <N extends PixelLossName>(name: N): PixelLossParameters[N] =>
  Object.fromEntries(
    Object.entries<NumberParameter>(byName[name].parameters).map(([parameter, field]) => [parameter, field.default]),
  ) as PixelLossParameters[N];

/**
 * The loss of a name, with its published parameters where others are not given. Its module is loaded when it is wanted.
 *
 * ```ts
 * const loss = await loadPixelLoss("huber", { threshold: 0.25 });
 * ```
 * @category Losses
 */
export const loadPixelLoss = async <N extends PixelLossName>(
  name: N,
  parameters: Partial<PixelLossParameters[N]> = {},
): Promise<Loss> => {
  const lossOf = await byName[name].load();
  return lossOf({ ...publishedParameters(name), ...parameters });
};

/** A hierarchical loss of a fixed generator. */
export interface FixedHierarchy {
  /** The generator. */
  readonly generator: FixedGeneratorName;
  /** w₀ … w_K. */
  readonly weights: readonly number[];
}

/** The hierarchical loss that a loss on pixels is; null if it is none. */
export const hierarchyOf = <N extends PixelLossName>(
  name: N,
  parameters: PixelLossParameters[N],
): FixedHierarchy | null => {
  const { hierarchy } = byName[name];
  return hierarchy === undefined ? null : { generator: hierarchy.generator, weights: hierarchy.weights(parameters) };
};

/** What is wrong with the parameters of a loss for depth maps of a size, beyond their ranges; null if nothing is. */
export const unfitParameter = <N extends PixelLossName>(
  name: N,
  parameters: PixelLossParameters[N],
  height: number,
  width: number,
): FoundParameter | null => {
  const unfit = byName[name].check?.(parameters, height, width) ?? null;
  return unfit === null ? null : { ...unfit, found: parameters[unfit.name] };
};

const describeParameters = (parameters: Readonly<Record<string, NumberParameter>>): string =>
  Object.entries(parameters).map(([name, { default: published }]) => `\`${name}\` ${published}`).join(", ");

/** The losses as a table in Markdown: what a term is called, its parameters as published, unit and source. */
export const pixelLossTable = (): string =>
  markdownTable([
    ["term", "parameters", "unit", "source"],
    ...pixelLosses.map(({ name, parameters, unit, source }) => [
      `\`${name}\``,
      describeParameters({ ...parameters }),
      unit,
      source,
    ]),
  ]);

const weight = {
  type: "number",
  least: 0,
  most: 1e9,
  default: 1,
  description: "What the loss is multiplied by in the sum of all terms.",
} as const;

/** What every loss that needs no generator takes beside its own parameters.
 * @category Losses */
export const pixelTermFields = {
  weight,
  warmup: {
    type: "integer",
    least: 0,
    most: 100_000_000,
    default: 0,
    description: "Steps over which the weight rises linearly from 0.",
  },
} as const;

const names: readonly (GeneratorName | FixedGeneratorName)[] = [...generatorNames, ...fixedGeneratorNames];

/** The hierarchical loss of a generator.
 * @category Losses */
export const hierarchicalTermFields = {
  generator: {
    type: "choice",
    of: names,
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
  weight,
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

/** The fields of each kind of term.
 * @category Losses */
export type TermKinds =
  & { readonly [N in PixelLossName]: typeof pixelTermFields & PixelLossFields[N] }
  & {
    /** The hierarchical loss of a generator. */
    readonly hierarchical: typeof hierarchicalTermFields;
  };

/** What a term of what is minimized can be: a loss that needs no generator, or the hierarchical loss of one.
 * @category Losses */
export const termKinds = {
  ...Object.fromEntries(pixelLosses.map(({ name, parameters }) => [name, { ...pixelTermFields, ...parameters }])),
  hierarchical: hierarchicalTermFields,
} as TermKinds;
