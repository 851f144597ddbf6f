/**
 * Learners, the training step and loop, checkpoints, evaluation and explanation.
 *
 * ```ts
 * import { depthBatch, depthLearner, fit } from "@cliffnet/cliffnet/train";
 * import * as cn from "@cliffnet/cliffnet";
 *
 * const device = cn.orThrow(await cn.openDevice("wasm")());
 * const { train } = cn.scenesDataset({ seed: 1, height: 32, width: 40, train: 8, test: 1 });
 * const { backbone, channels } = cn.resNetOfWidth(18, 4);
 * const network = cn.compose(cn.preprocess("bgr-caffe"), cn.cliffNetOn(backbone, channels, 4));
 * const learner = depthLearner(network, cn.named("l1", cn.l1));
 * const { variables } = cn.orThrow(await fit(device, { learner, split: train, batchOf: depthBatch, batch: 2, steps: 2 })());
 * ```
 *
 * @module
 */
export { trackStatistics } from "../embedding/data_passes.ts";
export { greyBatch, greyMap, greyScaleOf } from "../embedding/image.ts";
export { reconstructionBatch, reconstructionError, reconstructionLearner } from "../embedding/reconstruction.ts";
export { sceneAccuracy, sceneBatch, sceneLearner } from "../embedding/scene.ts";
export { readCheckpoint, resumeState, saveCheckpoint } from "./checkpoint.ts";
export { depthBatch, depthLearner, predictor } from "./depth_network.ts";
export { evaluateSplit } from "./evaluate.ts";
export { explain } from "./explain.ts";
export { fit } from "./fit.ts";
export { type Listener, type Progress, silent } from "./listener.ts";
export { trainLoop } from "./loop.ts";
export { initialState, trainStep } from "./step.ts";
