import { type ResNetDepth, resNetOfWidth } from "../../lib/cliffnet/backbone.ts";
import { cliffNet } from "../../lib/cliffnet/network.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { countParameters } from "../../lib/tensor/tree.ts";
import { assertEquals } from "../../tasks/std.ts";
import { disposeVariables } from "../nn/support.ts";
import { onWasm } from "../support.ts";

onWasm("the published network has 36,892,481 parameters, in each part as many as the paper's", () => {
  const variables = cliffNet().init(keyOf(1));
  const { backbone, pyramid, estimator } = variables.params;
  assertEquals(countParameters(backbone), 23_508_032);
  assertEquals(countParameters(pyramid), 3_348_480);
  assertEquals(countParameters(estimator.heads), 2_362_368);
  assertEquals(countParameters(estimator.fusion), 7_080_960);
  assertEquals(countParameters(estimator.score), 592_641);
  assertEquals(countParameters(variables.params), 36_892_481);
  disposeVariables(variables);
});

const countAt = (depth: ResNetDepth, width: number): number => {
  const variables = resNetOfWidth(depth, width).backbone.init(keyOf(1));
  const count = countParameters(variables.params);
  disposeVariables(variables);
  return count;
};

/**
 * How many parameters a ResNet has at width 64, without drawing them: the count is a·w² + b·w, as a convolution between
 * stages has parameters in w², the stem and the batch norms in w. Width 3 tests that.
 */
const countAt64 = (depth: ResNetDepth): number => {
  const [one, two, three] = [1, 2, 3].map((width) => countAt(depth, width));
  const square = ((two ?? NaN) - 2 * (one ?? NaN)) / 2;
  const linear = (one ?? NaN) - square;
  assertEquals(three, 9 * square + 3 * linear);
  return square * 64 ** 2 + linear * 64;
};

onWasm("ResNets have as many parameters as those published, without their classifiers", () => {
  const depths = [18, 34, 50, 101] as const;
  assertEquals(depths.map(countAt64), [11_176_512, 21_284_672, 23_508_032, 42_500_160]);
});
