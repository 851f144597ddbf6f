/** What a loss that needs no generator says of itself in the list of `pixel_losses.ts`. */
import type { FixedGeneratorName } from "../embedding/generators.ts";
import type { Fields, NumberField, ValuesOf } from "../formats/fields.ts";
import type { Loss } from "./loss.ts";

/** A number that a loss depends on; what an absent one is, is the published value. */
export interface NumberParameter extends NumberField {
  /** The published value. */
  readonly default: number;
}

/** A parameter that is any number in a closed range. */
export const numberParameter = (
  published: number,
  [least, most]: readonly [least: number, most: number],
  description: string,
): NumberParameter => ({ type: "number", least, most, default: published, description });

/** A parameter that is an integer in a closed range. */
export const integerParameter = (
  published: number,
  [least, most]: readonly [least: number, most: number],
  description: string,
): NumberParameter => ({ type: "integer", least, most, default: published, description });

/** The parameters of a loss that has none. */
export type NoParameters = Readonly<Record<never, never>>;

/** A parameter that does not fit the others, or the size of the depth maps. */
export interface UnfitParameter<F extends Fields> {
  /** Its name. */
  readonly name: keyof F & string;
  /** What it should be, in words. */
  readonly expected: string;
}

/** The hierarchical loss of a fixed generator that gives the same number. */
export interface SameHierarchy<F extends Fields> {
  /** The generator; its first level is the finest. */
  readonly generator: FixedGeneratorName;
  /** w₀ … w_K, as `hierarchical` takes them. */
  readonly weights: (parameters: ValuesOf<F>) => readonly number[];
}

/**
 * All that is special about a loss that needs no generator. It is light: what computes is loaded when it is wanted. Its
 * parameters are fields of its term in a configuration, beside `kind`, `weight` and `warmup`.
 */
export interface PixelLoss<N extends string, F extends Fields> {
  /** Its name in configurations. */
  readonly name: N;
  /** Its name in tables and pictures. */
  readonly title: string;
  /** The unit of its value: "m", "m²" or, without a unit, "1". */
  readonly unit: "m" | "m²" | "1";
  /** Where it was published. */
  readonly source: string;
  /** What it depends on, by name. */
  readonly parameters: F;
  /** What the ranges of the parameters cannot tell: null if all fit each other and depth maps of this size. */
  readonly check?: (parameters: ValuesOf<F>, height: number, width: number) => UnfitParameter<F> | null;
  /** False for one that looks at the prediction alone, and so is above 0 for the truth itself, too. */
  readonly seesTruth?: boolean;
  /** The hierarchical loss that it is, if it is one, for figures that show the levels of its generator. */
  readonly hierarchy?: SameHierarchy<F>;
  /** Loads what makes the loss of its parameters. */
  readonly load: () => Promise<(parameters: ValuesOf<F>) => Loss>;
}
