/**
 * Samples, transforms, batches, and the layouts in which data sets are published.
 *
 * ```ts
 * import { centreCrop, mirror, splitOf } from "@cliffnet/cliffnet/data";
 * import { orThrow, type Sample } from "@cliffnet/cliffnet";
 *
 * const [height, width] = [4, 6];
 * const sample: Sample = {
 *   name: "grey",
 *   scene: null,
 *   image: { height, width, pixels: new Uint8Array(height * width * 3).fill(128) },
 *   depth: { height, width, metres: new Float32Array(height * width).fill(2) }, // 0 would be: not measured
 *   intrinsics: null,
 * };
 * const split = splitOf([{ name: "grey", scene: null, where: "here", read: () => Promise.resolve({ _tag: "Right", right: sample }) }]);
 * const cropped = orThrow(centreCrop(2, 2)(mirror(sample)));
 * ```
 *
 * @module
 */
export {
  type Augmentation,
  colourJitter,
  composeAugmentations,
  lumaOf,
  mirror,
  randomMirror,
  randomRotation,
  randomScale,
  rotate,
  zoom,
} from "./augment.ts";
export { btsDataset } from "./bts.ts";
export { cityscapesDataset } from "./cityscapes.ts";
export { csvDataset } from "./csv.ts";
export { holdOut, type Intrinsics, type Sample, type SampleEntry, splitOf } from "./dataset.ts";
export { denseDepthDataset } from "./dense_depth.ts";
export { dataLayouts, type Layout, layouts } from "./layouts.ts";
export { nyuDepthV2 } from "./nyu_depth_v2.ts";
export { openData, withData } from "./open_data.ts";
export { openDataset, openFiles } from "./open_dataset.ts";
export { recognizeLayout } from "./recognize_layout.ts";
export { centreCrop, resizeDepth, resizeImage, resizeSample } from "./resize.ts";
export { packDataset, writeShard } from "./shards/pack.ts";
export { streamShard } from "./shards/shard_sample.ts";
export { shardsDataset, shuffled } from "./shards/shards_dataset.ts";
export {
  allIndices,
  augmentedRead,
  describeSkipped,
  isUnreadable,
  mapSplit,
  prefetch,
  preparedSplit,
  readAll,
  remember,
  sampleBatches,
  skippingRead,
  skippingSplit,
} from "./split.ts";
export { sunDataset } from "./sun_rgbd.ts";
export {
  type Counts,
  duplicatesIn,
  joinSurveys,
  type Survey,
  surveyMonoid,
  surveyOf,
  surveyTable,
  type Unreadable,
} from "./survey.ts";
export { depthTensor, fillHolesWithNearest, imagesTensor } from "./tensors.ts";
export { tumDataset } from "./tum.ts";
export type { Either, Monoid } from "../dependencies/fp.ts";
export type { Failure, FailureKind } from "../errors.ts";
export type { DepthImage, RgbImage } from "../formats/raster.ts";
export type { Key } from "../tensor/key.ts";
