import {
  type FixedGeneratorName,
  fixedGeneratorNames,
  type GeneratorName,
  generatorNames,
} from "../embedding/generators.ts";
import { pixelLosses, type PixelLossFields, type PixelLossName } from "./pixel_losses.ts";

const weight = {
  type: "number",
  least: 0,
  most: 1e9,
  default: 1,
  description: "What the loss is multiplied by in the sum of all terms.",
} as const;

/** What every loss that needs no generator takes beside its own parameters. */
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

/** The hierarchical loss of a generator. */
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

/** The fields of each kind of term. */
export type TermKinds =
  & { readonly [N in PixelLossName]: typeof pixelTermFields & PixelLossFields[N] }
  & {
    /** The hierarchical loss of a generator. */
    readonly hierarchical: typeof hierarchicalTermFields;
  };

/** What a term of what is minimized can be: a loss that needs no generator, or the hierarchical loss of one. */
export const termKinds = {
  ...Object.fromEntries(pixelLosses.map(({ name, parameters }) => [name, { ...pixelTermFields, ...parameters }])),
  hierarchical: hierarchicalTermFields,
} as TermKinds;
