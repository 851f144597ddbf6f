/** Backbones of one's own under the pyramid, for `tests/long/blocks_test.ts`, which compiles them beside its blocks. */
import type { Text } from "../compiler.ts";

const root = new URL("../../", import.meta.url);

const from = (path: string): string => JSON.stringify(new URL(`lib/${path}`, root).href);

/** Stages of 16, 32 and 64 channels, and a last one. */
const chain = (last: string, channels: string): string => `
  import { cliffNetOn } from ${from("cliffnet/network.ts")};
  import { pipe } from ${from("dependencies/fp.ts")};
  import { l1 } from ${from("loss/pixel.ts")};
  import { named } from ${from("loss/objective.ts")};
  import { collectLayer, collectOutputs } from ${from("nn/combinators.ts")};
  import { convNormRelu } from ${from("nn/conv_norm.ts")};
  import { inputFeatures, layer } from ${from("nn/layer.ts")};
  import { depthLearner } from ${from("train/depth_network.ts")};
  const stem = pipe(inputFeatures(3), layer("stem", convNormRelu(3, 16, 3, { stride: 4 })));
  const backbone = pipe(
    collectOutputs(stem),
    collectLayer("c3", convNormRelu(16, 32, 3, { stride: 2 })),
    collectLayer("c4", convNormRelu(32, 64, 3, { stride: 2 })),
    ${last}
  );
  export const learner = depthLearner(cliffNetOn(backbone, ${channels}, 8), named("l1", l1));
  `;

const fourth = `collectLayer("c5", convNormRelu(64, 128, 3, { stride: 2 })),`;

/** One that fits, one of other channels, and one without its last level. */
export const ownBackbones: readonly Text[] = [
  { name: "right", text: chain(fourth, "[16, 32, 64, 128]") },
  { name: "channels", text: chain(fourth, "[16, 32, 64, 256]") },
  { name: "level", text: chain("", "[16, 32, 64, 128]") },
];
