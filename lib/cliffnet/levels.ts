/** Levels of features, finest first, and layers that take and give one for each level, or fuse them. */
import type { Features } from "../tensor/features.ts";
import type { Branch } from "../tensor/tree.ts";
import { type Layer, namedPart, sideBySide } from "../nn/layer.ts";

/** Channel counts of four levels, finest first: strides 4, 8, 16 and 32. */
export type LevelChannels = readonly [number, number, number, number];

/** Feature maps of four levels, finest first, with the channel counts L. */
export type FeatureLevels<L extends LevelChannels> = readonly [
  Features<L[0]>,
  Features<L[1]>,
  Features<L[2]>,
  Features<L[3]>,
];

/** Feature maps of four levels, finest first, with C channels each. */
export type Pyramid<C extends number> = readonly [
  Features<C>,
  Features<C>,
  Features<C>,
  Features<C>,
];

/** One record for each level. */
export type PerLevel<T> = {
  readonly level2: T;
  readonly level3: T;
  readonly level4: T;
  readonly level5: T;
};

/** One layer for each level, side by side: each takes and gives its own level's feature maps. */
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
    apply: (variables, [i2, i3, i4, i5], mode) => {
      const [o2, s2] = l2.apply(variables, i2, mode);
      const [o3, s3] = l3.apply(variables, i3, mode);
      const [o4, s4] = l4.apply(variables, i4, mode);
      const [o5, s5] = l5.apply(variables, i5, mode);
      return [[o2, o3, o4, o5], { ...s2, ...s3, ...s4, ...s5 }];
    },
  };
};
