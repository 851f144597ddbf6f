/** Levels of features, finest first, and layers that take and give one for each level, or fuse them. */
import { joinParts, type Layer, namedPart, sideBySide, untyped } from "../nn/layer.ts";
import type { Features } from "../tensor/features.ts";
import type { Branch } from "../tensor/tree.ts";

/** Channel counts of four levels, finest first: strides 4, 8, 16 and 32.
 * @category Network */
export type LevelChannels = readonly [number, number, number, number];

/** Feature maps of four levels, finest first, with the channel counts L.
 * @category Network */
export type FeatureLevels<L extends LevelChannels> = readonly [
  Features<L[0]>,
  Features<L[1]>,
  Features<L[2]>,
  Features<L[3]>,
];

/** Feature maps of four levels, finest first, with C channels each.
 * @category Network */
export type Pyramid<C extends number> = readonly [
  Features<C>,
  Features<C>,
  Features<C>,
  Features<C>,
];

/** One record for each level.
 * @category Network */
export type PerLevel<T> = {
  readonly level2: T;
  readonly level3: T;
  readonly level4: T;
  readonly level5: T;
};

/** One layer for each level, side by side: each takes and gives its own level's feature maps.
 * @category Network */
export const perLevel = <I2, I3, I4, I5, O, P extends Branch, S extends Branch>(
  level2: Layer<I2, O, P, S>,
  level3: Layer<I3, O, P, S>,
  level4: Layer<I4, O, P, S>,
  level5: Layer<I5, O, P, S>,
): Layer<
  readonly [I2, I3, I4, I5],
  readonly [O, O, O, O],
  PerLevel<P>,
  PerLevel<S>
> => {
  const [l2, l3, l4, l5] = [
    namedPart("level2", level2),
    namedPart("level3", level3),
    namedPart("level4", level4),
    namedPart("level5", level5),
  ];
  return {
    ...sideBySide(sideBySide(l2, l3), sideBySide(l4, l5)),
    apply: (variables, [i2, i3, i4, i5], mode, key) => {
      const [o2, s2] = l2.apply(variables, i2, mode, key);
      const [o3, s3] = l3.apply(variables, i3, mode, key);
      const [o4, s4] = l4.apply(variables, i4, mode, key);
      const [o5, s5] = l5.apply(variables, i5, mode, key);
      return [[o2, o3, o4, o5], { ...s2, ...s3, ...s4, ...s5 }];
    },
  };
};

/** From the levels of a pyramid, C channels each, to feature maps of C channels at the size of the finest.
 * @category Network */
export type Fusion<C extends number, P extends Branch, S extends Branch> = Layer<Pyramid<C>, Features<C>, P, S>;

/** One record for each level that a coarser one is fused into, named by it.
 * @category Network */
export type PerFusedLevel<T> = {
  readonly level4: T;
  readonly level3: T;
  readonly level2: T;
};

/** Fuses the levels from the coarsest to the finest by three blocks (low, high) → features: P5 into P4, P3, P2.
 * @category Network */
export const topDownFusion = <C extends number, P extends Branch, S extends Branch>(
  block: () => Layer<readonly [low: Features<C>, high: Features<C>], Features<C>, P, S>,
): Fusion<C, PerFusedLevel<P>, PerFusedLevel<S>> => {
  const level4 = namedPart("level4", block());
  const level3 = namedPart("level3", block());
  const level2 = namedPart("level2", block());
  return {
    ...sideBySide(sideBySide(level4, level3), level2),
    apply: (variables, [p2, p3, p4, p5], mode, key) => {
      const [f4, s4] = level4.apply(variables, [p4, p5], mode, key);
      const [f3, s3] = level3.apply(variables, [p3, f4], mode, key);
      const [f2, s2] = level2.apply(variables, [p2, f3], mode, key);
      return [f2, joinParts(joinParts(s4, s3), s2)];
    },
  };
};

/** From a number of channels to the fusion of levels that have so many each.
 * @category Network */
export type FusionMaker = <C extends number>(features: C) => Fusion<C, Branch, Branch>;

/**
 * What is known of a fusion before it is loaded, in the list of `fusions.ts`. It is light, so that who only reads
 * configurations needs no TensorFlow.js.
 * @category Network
 */
export interface FusionRecord<N extends string> {
  /** Its name in configurations. */
  readonly name: N;
  /** What it does, as a few words for tables and for editors of configurations. */
  readonly description: string;
  /** How many parameters it has for levels of so many channels each. */
  readonly parameters: (features: number) => number;
  /** Loads what computes it. */
  readonly load: () => Promise<FusionMaker>;
}

/** A fusion as what {@link FusionRecord.load} gives: whatever its parameters are, they are seen as trees only. */
export const fusionMaker =
  <P extends Branch, S extends Branch>(make: <C extends number>(features: C) => Fusion<C, P, S>): FusionMaker =>
  (features) => untyped(make(features));
