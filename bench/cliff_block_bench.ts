/** One CLIFF block of 64 channels, 15×20 into 30×40, beside the plain fusion that it is compared with in the paper. */
import { readValues } from "../lib/backend/device.ts";
import { cliffBlock } from "../lib/cliffnet/cliff.ts";
import { upsampleTo } from "../lib/cliffnet/pyramid.ts";
import { tf } from "../lib/dependencies/tensorflow.ts";
import { asFeatures, type Features } from "../lib/tensor/features.ts";
import { keyOf } from "../lib/tensor/key.ts";
import { scope } from "../lib/tensor/scope.ts";
import { openForBench } from "./open.ts";

await openForBench();
const block = cliffBlock(64);
const variables = block.init(keyOf(0));
const low = asFeatures(64, tf.randomNormal([1, 30, 40, 64], 0, 1, "float32", 1));
const high = asFeatures(64, tf.randomNormal([1, 15, 20, 64], 0, 1, "float32", 2));

const run = async (fuse: () => Features<64>): Promise<void> => {
  const fused = scope(fuse);
  await readValues(fused);
  fused.dispose();
};

Deno.bench(
  "progressive summing",
  { group: "fusion", baseline: true },
  () => run(() => asFeatures(64, tf.add(low, upsampleTo(64, high, low)))),
);

Deno.bench("CLIFF block", { group: "fusion" }, () => run(() => block.apply(variables, [low, high], "inference")[0]));
