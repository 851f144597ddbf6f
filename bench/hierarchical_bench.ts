/** The hierarchical loss of HEG-S's first two stages beside L1: value and gradient by the prediction, batch 2, 96×128. */
import { readValues } from "../lib/backend/device.ts";
import { tf } from "../lib/dependencies/tensorflow.ts";
import { frozen } from "../lib/embedding/embedding.ts";
import { sceneStages } from "../lib/embedding/scene.ts";
import { hierarchical } from "../lib/loss/hierarchical.ts";
import type { DepthLoss } from "../lib/loss/loss.ts";
import { l1 } from "../lib/loss/pixel.ts";
import { asFeatures } from "../lib/tensor/features.ts";
import { keyOf } from "../lib/tensor/key.ts";
import { scope } from "../lib/tensor/scope.ts";
import { openForBench } from "./open.ts";

await openForBench();
const stages = sceneStages([16, 32]);
const loss = hierarchical(frozen(stages, stages.init(keyOf(0))), [1, 10, 15]);
const target = asFeatures(1, tf.randomUniform([2, 96, 128, 1], 1, 9, "float32", 1));
const prediction = asFeatures(1, tf.randomUniform([2, 96, 128, 1], 1, 9, "float32", 2));
const mask = asFeatures(1, tf.onesLike(target));

const gradientOf = async (of: DepthLoss): Promise<void> => {
  const gradient = scope(() => tf.grad((x) => of(target, asFeatures(1, x), mask))(prediction));
  await readValues(gradient);
  gradient.dispose();
};

Deno.bench("L1", { group: "loss", baseline: true }, () => gradientOf(l1));

Deno.bench("hierarchical, HEG-S", { group: "loss" }, () => gradientOf(loss));
