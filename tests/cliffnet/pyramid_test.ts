import { depthEstimator } from "../../lib/cliffnet/estimator.ts";
import type { FeatureLevels, Pyramid } from "../../lib/cliffnet/levels.ts";
import { featurePyramid } from "../../lib/cliffnet/pyramid.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import {
  assertAgrees,
  assertMaps,
  disposeVariables,
  noiseMaps,
  tensorOf,
  variablesOf,
  weightsOf,
} from "../nn/support.ts";
import { assert, assertEquals } from "../std.ts";
import { onBackend, onWasm, read } from "../support.ts";
import { estimator, type Levels, pyramid } from "./reference.ts";

/** Sizes that are not all the halves of each other. */
const sizes = [[9, 7], [5, 4], [3, 2], [2, 1]] as const;

const levelsOf = (channels: readonly [number, number, number, number]): Levels => [
  noiseMaps([2, ...sizes[0], channels[0]], 1),
  noiseMaps([2, ...sizes[1], channels[1]], 2),
  noiseMaps([2, ...sizes[2], channels[2]], 3),
  noiseMaps([2, ...sizes[3], channels[3]], 4),
];

onBackend("the pyramid is lateral convolutions, sums from coarse to fine, smoothing convolutions", async () => {
  const channels = [2, 3, 4, 5] as const;
  const levels = levelsOf(channels);
  const layer = featurePyramid(channels, 3);
  const variables = variablesOf(layer);
  const weights = await weightsOf(variables);
  for (const mode of ["training", "inference"] as const) {
    const outputs = await read(() => {
      const input: FeatureLevels<typeof channels> = [
        tensorOf(2, levels[0]),
        tensorOf(3, levels[1]),
        tensorOf(4, levels[2]),
        tensorOf(5, levels[3]),
      ];
      const [[p2, p3, p4, p5]] = layer.apply(variables, input, mode);
      return { p2, p3, p4, p5 };
    });
    const [p2, p3, p4, p5] = pyramid(weights, levels, mode);
    Object.entries({ p2, p3, p4, p5 }).forEach(([name, expected]) => {
      const actual = Object.entries(outputs).find(([other]) => other === name)?.[1];
      assert(actual !== undefined);
      assertMaps(actual, expected, 1e-4, `${mode} ${name}`);
    });
  }
  disposeVariables(variables);
});

onBackend("the estimator is heads, CLIFF blocks from coarse to fine, and the score", async () => {
  const levels = levelsOf([2, 2, 2, 2]);
  const input = (): Pyramid<2> => [
    tensorOf(2, levels[0]),
    tensorOf(2, levels[1]),
    tensorOf(2, levels[2]),
    tensorOf(2, levels[3]),
  ];
  await assertAgrees(depthEstimator(2), input, (weights, mode) => estimator(weights, levels, mode), 2e-4);
});

onWasm("the score's bias begins at the initial depth, 0 if there is none", async () => {
  for (const depth of [undefined, 2.75]) {
    const variables = depthEstimator(2, depth).init(keyOf(1));
    assertEquals(await variables.params.score.output.bias.data(), Float32Array.from([depth ?? 0]));
    disposeVariables(variables);
  }
});
