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
export { btsDataset, type BtsList, type BtsOptions } from "./bts.ts";
export { cityscapesDataset, type CityscapesOptions } from "./cityscapes.ts";
export { csvDataset, type CsvDatasetOptions } from "./csv.ts";
export {
  type Dataset,
  type DepthRange,
  type FileSizes,
  type HeldOut,
  holdOut,
  type Intrinsics,
  type Omission,
  type OriginalFiles,
  type PublishedDataset,
  type Sample,
  type SampleEntry,
  type SampleSource,
  type Split,
  splitOf,
} from "./dataset.ts";
export { type DepthCoding, linearDepth, type Pair, type PairFiles, readPair } from "./pair.ts";
export { type PlainSample, splitBy } from "./split_by.ts";
export { type DataModule, dataModule, type DataRequest, loadDataModule, type OwnData } from "./data_module.ts";
export { type DenseDepthCoding, denseDepthDataset, type DenseDepthOptions } from "./dense_depth.ts";
export { type DepthBounds, withinRange } from "./depth_range.ts";
export type { CountedDepths } from "./depth_histogram.ts";
export type {
  AugmentConfiguration,
  augmentFields,
  DataConfiguration,
  FilesData,
  filesFields,
  ModuleData,
  moduleFields,
  ScenesData,
  scenesFields,
} from "./fields.ts";
export type { layoutFields, LayoutOptions, Purpose } from "./layout.ts";
export { dataLayouts, type Layout, layouts } from "./layouts.ts";
export { namesDigest } from "./names.ts";
export { nyuDepthV2, type NyuDepthV2Options, nyuIntrinsics } from "./nyu_depth_v2.ts";
export { type OpenData, openData, type OpenDataOptions, type ReadingOptions, withData } from "./open_data.ts";
export { type FilesOptions, openDataset, openFiles } from "./open_dataset.ts";
export { recognizeLayout } from "./recognize_layout.ts";
export { centreCrop, resizeDepth, resizeImage, resizeSample } from "./resize.ts";
export type { ScenesDatasetOptions } from "./scenes_dataset.ts";
export type { Extent, ListedSample, Manifest, Shard } from "./shards/manifest.ts";
export { packDataset, type PackOptions, writeShard } from "./shards/pack.ts";
export { type SampleFiles, streamShard } from "./shards/shard_sample.ts";
export { shardsDataset, type ShardsOptions, shuffled } from "./shards/shards_dataset.ts";
export {
  allIndices,
  type AugmentedRead,
  augmentedRead,
  describeSkipped,
  isUnreadable,
  mapSplit,
  type OnUnreadable,
  prefetch,
  preparedSplit,
  readAll,
  remember,
  sampleBatches,
  skippingRead,
  skippingSplit,
} from "./split.ts";
export { sunDataset, type SunOptions } from "./sun_rgbd.ts";
export {
  type Counts,
  duplicatesIn,
  joinSurveys,
  type SplitSurveys,
  type Survey,
  surveyMonoid,
  surveyOf,
  surveyTable,
  type Unreadable,
} from "./survey.ts";
export type { Turning } from "./turning.ts";
export { depthTensor, fillHolesWithNearest, imagesTensor } from "./tensors.ts";
export { tumDataset, type TumOptions } from "./tum.ts";
export type { Orientation } from "../formats/orientation.ts";
export type { Either, Monoid, TaskEither } from "../dependencies/fp.ts";
export type { Failure, FailureKind } from "../errors.ts";
export type { HttpOptions } from "../formats/byte_source.ts";
export type { ValueOf, ValuesOf, VariantOf } from "../formats/fields.ts";
export type { JsonObject } from "../formats/json.ts";
export type { OwnModule } from "../modules/own_module.ts";
export type { DepthImage, RasterSize, RgbImage } from "../formats/raster.ts";
export type { SceneOptions } from "../scenes/render.ts";
export type { Key } from "../tensor/key.ts";
export type { StoredDepth } from "../formats/depth_file.ts";
export type {
  BooleanField,
  ChoiceField,
  Described,
  EitherField,
  Field,
  Fields,
  GroupField,
  ListField,
  NamedField,
  NumberField,
  OpenField,
  TextField,
  VariantField,
} from "../formats/fields.ts";
