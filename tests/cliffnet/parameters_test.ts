import { countTensors } from "../../lib/backend/device.ts";
import { resNetOfWidth } from "../../lib/cliffnet/backbone.ts";
import { cliffNet } from "../../lib/cliffnet/network.ts";
import { countParameters } from "../../lib/tensor/tree.ts";
import { assertEquals } from "../std.ts";
import { onWasm } from "../support.ts";

onWasm("the published network has 36,892,481 parameters, in each part as many as the paper's", () => {
  const before = countTensors();
  const { params } = cliffNet().form;
  const { backbone, pyramid, estimator } = params;
  assertEquals(countParameters(backbone), 23_508_032);
  assertEquals(countParameters(pyramid), 3_348_480);
  assertEquals(countParameters(estimator.heads), 2_362_368);
  assertEquals(countParameters(estimator.fusion), 7_080_960);
  assertEquals(countParameters(estimator.score), 592_641);
  assertEquals(countParameters(params), 36_892_481);
  assertEquals(countTensors(), before);
});

onWasm("ResNets have as many parameters as those published, without their classifiers", () => {
  const depths = [18, 34, 50, 101] as const;
  const counts = depths.map((depth) => countParameters(resNetOfWidth(depth, 64).backbone.form.params));
  assertEquals(counts, [11_176_512, 21_284_672, 23_508_032, 42_500_160]);
});
