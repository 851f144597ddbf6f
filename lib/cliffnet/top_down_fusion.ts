import type { Features } from "../tensor/features.ts";
import type { Branch } from "../tensor/tree.ts";
import { joinParts, type Layer, namedPart, sideBySide } from "../nn/layer.ts";
import type { Pyramid } from "./levels.ts";

/** From the levels of a pyramid, C channels each, to feature maps of C channels at the size of the finest. */
export type Fusion<C extends number, P extends Branch, S extends Branch> = Layer<Pyramid<C>, Features<C>, P, S>;

/** One record for each level that a coarser one is fused into, named by it. */
export type PerFusedLevel<T> = {
  readonly level4: T;
  readonly level3: T;
  readonly level2: T;
};

/** Fuses the levels from the coarsest to the finest by three blocks (low, high) → features: P5 into P4, P3, P2. */
export const topDownFusion = <C extends number, P extends Branch, S extends Branch>(
  block: () => Layer<readonly [low: Features<C>, high: Features<C>], Features<C>, P, S>,
): Fusion<C, PerFusedLevel<P>, PerFusedLevel<S>> => {
  const level4 = namedPart("level4", block());
  const level3 = namedPart("level3", block());
  const level2 = namedPart("level2", block());
  return {
    ...sideBySide(sideBySide(level4, level3), level2),
    apply: (variables, [p2, p3, p4, p5], mode) => {
      const [f4, s4] = level4.apply(variables, [p4, p5], mode);
      const [f3, s3] = level3.apply(variables, [p3, f4], mode);
      const [f2, s2] = level2.apply(variables, [p2, f3], mode);
      return [f2, joinParts(joinParts(s4, s3), s2)];
    },
  };
};
