/**
 * CLIFFNet (Wang et al., ECCV 2020) for Deno: monocular depth estimation with cross-level identity feature fusion, trained
 * with a learned loss. Networks, blocks, embedding generators, losses and optimizers are typed functions that compose.
 *
 * ```ts
 * import { cliffBlock, keyOf, openDevice, orThrow } from "@cliffnet/cliffnet";
 *
 * orThrow(await openDevice("auto")());
 * const block = cliffBlock(256); // (low, high) → features, all with 256 channels
 * const variables = block.init(keyOf(0));
 * ```
 *
 * Shapes are NHWC and depths are metres throughout. What can fail for a user's reason gives an `Either` or a `TaskEither`
 * of fp-ts with a {@link Failure} on its left; {@link orThrow} takes the value out. Who is returned a tensor owns it.
 *
 * @module
 */

/**
 * TensorFlow.js, whose own documentation tells what is in it: the one that this library computes with. A program that
 * loaded another would have tensors that this one does not know.
 *
 * @internal
 */
export * as tf from "./lib/dependencies/tensorflow_exports.ts";
export { type Pipe, pipe } from "./lib/dependencies/fp.ts";
export type { Either, Monoid, TaskEither } from "./lib/dependencies/fp.ts";
export { attempt, describe, type Failure, failure, FailureError, type FailureKind, orThrow } from "./lib/errors.ts";

export * from "./lib/tensor/features.ts";
export * from "./lib/tensor/tree.ts";
export { scope } from "./lib/tensor/scope.ts";
export * from "./lib/tensor/gradient.ts";
export * from "./lib/tensor/key.ts";
export * from "./lib/backend/device.ts";
export type { KernelChoice } from "./lib/backend/kernels.ts";

export * from "./lib/nn/layer.ts";
export * from "./lib/nn/combinators.ts";
export * from "./lib/nn/conv.ts";
export * from "./lib/nn/batch_norm.ts";
export * from "./lib/nn/operations.ts";
export * from "./lib/nn/operations.ts";
export * from "./lib/nn/conv.ts";
export * from "./lib/nn/conv_norm.ts";
export * from "./lib/nn/operations.ts";
export * from "./lib/nn/operations.ts";
export * from "./lib/nn/resize.ts";
export * from "./lib/nn/operations.ts";
export * from "./lib/nn/operations.ts";
export * from "./lib/optim/fields.ts";

export * from "./lib/cliffnet/levels.ts";
export * from "./lib/cliffnet/backbone.ts";
export * from "./lib/cliffnet/backbone.ts";
export * from "./lib/cliffnet/pyramid.ts";
export type { CliffParams, CliffStatistics, CrossLevelBlock } from "./lib/cliffnet/cliff.ts";
export * from "./lib/cliffnet/cliff.ts";
export * from "./lib/cliffnet/cliff.ts";
export * from "./lib/cliffnet/cliff.ts";
export * from "./lib/cliffnet/levels.ts";
export * from "./lib/cliffnet/cliff.ts";
export * from "./lib/cliffnet/cliff.ts";
export * from "./lib/cliffnet/cliff.ts";
export * from "./lib/cliffnet/fusions.ts";
export * from "./lib/cliffnet/cliff.ts";
export * from "./lib/cliffnet/fields.ts";
export * from "./lib/cliffnet/estimator.ts";
export * from "./lib/cliffnet/network.ts";
export * from "./lib/cliffnet/network.ts";

export * from "./lib/embedding/embedding.ts";
export * from "./lib/embedding/embedding.ts";
export * from "./lib/embedding/scene.ts";
export * from "./lib/embedding/reconstruction.ts";
export * from "./lib/embedding/embedding.ts";
export * from "./lib/embedding/embedding.ts";
export * from "./lib/embedding/scene.ts";
export * from "./lib/embedding/reconstruction.ts";
export * from "./lib/embedding/image.ts";
export * from "./lib/embedding/image.ts";
export * from "./lib/embedding/data_passes.ts";
export * from "./lib/embedding/data_passes.ts";
export * from "./lib/embedding/generator.ts";
export * from "./lib/embedding/generator_records.ts";
export * from "./lib/embedding/generators.ts";

export * from "./lib/weights/recognize.ts";
export * from "./lib/weights/restore.ts";
export * from "./lib/weights/restore.ts";
export * from "./lib/weights/convert.ts";

export * from "./lib/loss/pixel.ts";
export * from "./lib/loss/pixel.ts";
export * from "./lib/loss/hierarchical.ts";
export * from "./lib/loss/pixel.ts";
export * from "./lib/loss/pixel.ts";
export * from "./lib/loss/scale_invariant.ts";
export * from "./lib/loss/scale_invariant.ts";
export * from "./lib/loss/scale_invariant.ts";
export * from "./lib/loss/pixel.ts";
export * from "./lib/loss/hierarchical.ts";
export * from "./lib/loss/ssim.ts";
export * from "./lib/loss/virtual_normal.ts";
export * from "./lib/loss/virtual_normal.ts";
export * from "./lib/loss/scale_invariant.ts";
export * from "./lib/loss/pixel_loss.ts";
export * from "./lib/loss/pixel_loss_records.ts";
export * from "./lib/loss/pixel_losses.ts";
export * from "./lib/loss/pixel_losses.ts";
export * from "./lib/loss/pixel.ts";
export * from "./lib/loss/hierarchical.ts";
export * from "./lib/loss/explanation.ts";
export * from "./lib/loss/explanation.ts";
export * from "./lib/loss/objective.ts";
export * from "./lib/optim/transformation.ts";

export * from "./lib/optim/transformation.ts";
export * from "./lib/optim/adam.ts";

export * from "./lib/formats/raster.ts";
export * from "./lib/formats/image.ts";
export * from "./lib/formats/png.ts";
export type { PngBitDepth } from "./lib/formats/png_chunks.ts";
export * from "./lib/formats/png.ts";
export * from "./lib/formats/npy.ts";
export * from "./lib/formats/bytes.ts";
export * from "./lib/formats/tensor_file.ts";
export * from "./lib/formats/byte_source.ts";
export * from "./lib/formats/byte_source.ts";
export * from "./lib/formats/tar_index.ts";
export * from "./lib/formats/tensor_file.ts";
export * from "./lib/formats/open_tensor_file.ts";
export * from "./lib/formats/safetensors.ts";
export * from "./lib/formats/safetensors.ts";
export * from "./lib/formats/torch_layout.ts";
export * from "./lib/formats/files.ts";

export * from "./lib/data/dataset.ts";
export * from "./lib/data/dataset.ts";
export * from "./lib/data/split.ts";
export * from "./lib/data/split.ts";
export * from "./lib/data/split.ts";
export * from "./lib/data/dataset.ts";
export * from "./lib/data/augment.ts";
export * from "./lib/data/augment.ts";
export * from "./lib/data/augment.ts";
export * from "./lib/data/resize.ts";
export * from "./lib/data/augment.ts";
export * from "./lib/data/augment.ts";
export * from "./lib/data/split.ts";
export * from "./lib/data/resize.ts";
export { fillHolesWithNearest } from "./lib/data/tensors.ts";
export * from "./lib/data/tensors.ts";
export * from "./lib/data/survey.ts";
export * from "./lib/data/dataset.ts";
export * from "./lib/data/csv.ts";
export * from "./lib/data/bts.ts";
export * from "./lib/data/dense_depth.ts";
export * from "./lib/data/tum.ts";
export * from "./lib/data/sun_rgbd.ts";
export * from "./lib/data/cityscapes.ts";
export * from "./lib/data/nyu_depth_v2.ts";
export * from "./lib/data/shards/shard_sample.ts";
export * from "./lib/data/shards/manifest.ts";
export * from "./lib/data/shards/shards_dataset.ts";
export * from "./lib/data/shards/shard_sample.ts";
export * from "./lib/data/shards/shards_dataset.ts";
export * from "./lib/data/shards/pack.ts";
export * from "./lib/data/shards/pack.ts";
export { recognizeLayout } from "./lib/data/recognize_layout.ts";
export * from "./lib/data/layouts.ts";
export * from "./lib/data/layout.ts";
export * from "./lib/data/fields.ts";
export type { HttpOptions } from "./lib/formats/byte_source.ts";
export type { ValueOf, ValuesOf, VariantOf } from "./lib/formats/fields.ts";
export type { Folder } from "./lib/data/folders.ts";
export type { TextLine } from "./lib/data/folders.ts";
export * from "./lib/data/open_dataset.ts";
export * from "./lib/data/scenes_dataset.ts";
export { type Rendered, type RenderedScene, renderScene, type SceneOptions } from "./lib/scenes/render.ts";
export type { PinholeIntrinsics } from "./lib/scenes/camera.ts";
export { type SceneKind, sceneKinds } from "./lib/scenes/kinds.ts";

export * from "./lib/metrics/geometry.ts";
export * from "./lib/metrics/geometry.ts";
export * from "./lib/metrics/protocols.ts";
export * from "./lib/metrics/protocols.ts";
export * from "./lib/metrics/protocols.ts";
export * from "./lib/metrics/depth_metrics.ts";
export * from "./lib/metrics/depth_metrics.ts";
export type { PixelSums } from "./lib/metrics/depth_metrics.ts";
export type { BoundarySums } from "./lib/metrics/depth_metrics.ts";
export * from "./lib/metrics/boundaries.ts";
export * from "./lib/metrics/boundaries.ts";
export * from "./lib/metrics/summary.ts";
export * from "./lib/metrics/summary.ts";
export * from "./lib/metrics/best_constant.ts";
export * from "./lib/metrics/statistics.ts";
export * from "./lib/metrics/statistics.ts";

export * from "./lib/pictures/panel.ts";
export * from "./lib/pictures/explanation_page.ts";

export * from "./lib/nn/layer.ts";
export * from "./lib/train/depth_network.ts";
export * from "./lib/train/depth_network.ts";
export * from "./lib/train/step.ts";
export * from "./lib/train/listener.ts";
export * from "./lib/train/loop.ts";
export * from "./lib/train/fit.ts";
export * from "./lib/train/checkpoint.ts";
export * from "./lib/train/checkpoint.ts";
export * from "./lib/train/depth_network.ts";
export * from "./lib/train/explain.ts";
export * from "./lib/train/evaluate.ts";

export type * from "./lib/formats/fields.ts";
export * from "./lib/experiment/configuration.ts";
export * from "./lib/experiment/configuration_file.ts";
export { ablationFields, folderOf, rowFields } from "./lib/experiment/ablation_fields.ts";
export type { Ablation, AblationRow } from "./lib/experiment/ablation_fields.ts";
export * from "./lib/experiment/ablation_file.ts";
export * from "./lib/experiment/configuration_file.ts";
export * from "./lib/experiment/compose.ts";
export * from "./lib/data/open_dataset.ts";
export * from "./lib/experiment/compose.ts";
export * from "./lib/experiment/compose.ts";

export * from "./lib/data/workers.ts";
export * from "./lib/data/workers.ts";
export * from "./lib/data/workers.ts";
export * from "./lib/data/workers.ts";
