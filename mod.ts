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
export type { KernelChoice } from "./lib/backend/kernels/register.ts";

export * from "./lib/nn/layer.ts";
export * from "./lib/nn/combinators.ts";
export * from "./lib/nn/conv.ts";
export * from "./lib/nn/batch_norm.ts";
export * from "./lib/nn/activations.ts";
export * from "./lib/nn/pooling.ts";
export * from "./lib/nn/linear.ts";
export * from "./lib/nn/conv_norm.ts";
export * from "./lib/nn/absolute.ts";
export * from "./lib/nn/square_root.ts";
export * from "./lib/nn/resize.ts";
export * from "./lib/nn/stop_gradient.ts";
export * from "./lib/nn/reductions.ts";
export * from "./lib/nn/optim_fields.ts";

export * from "./lib/cliffnet/levels.ts";
export * from "./lib/cliffnet/residual_blocks.ts";
export * from "./lib/cliffnet/backbone.ts";
export * from "./lib/cliffnet/pyramid.ts";
export type { CliffParams, CliffStatistics, CrossLevelBlock } from "./lib/cliffnet/cross_level_block.ts";
export * from "./lib/cliffnet/cliff_block.ts";
export * from "./lib/cliffnet/cliff_without_identity.ts";
export * from "./lib/cliffnet/cliff_without_attention.ts";
export * from "./lib/cliffnet/top_down_fusion.ts";
export * from "./lib/cliffnet/four_convolutions.ts";
export * from "./lib/cliffnet/concatenation_fusion.ts";
export * from "./lib/cliffnet/sum_fusion.ts";
export * from "./lib/cliffnet/fields.ts";
export * from "./lib/cliffnet/fusion.ts";
export * from "./lib/cliffnet/fusions.ts";
export * from "./lib/cliffnet/estimator.ts";
export * from "./lib/cliffnet/preprocessing.ts";
export * from "./lib/cliffnet/network.ts";

export * from "./lib/embedding/embedding.ts";
export * from "./lib/embedding/stages.ts";
export * from "./lib/embedding/scene.ts";
export * from "./lib/embedding/reconstruction.ts";
export * from "./lib/embedding/sobel.ts";
export * from "./lib/embedding/multi_scale_sobel.ts";
export * from "./lib/embedding/scene_pretext.ts";
export * from "./lib/embedding/reconstruction_pretext.ts";
export * from "./lib/embedding/grey.ts";
export * from "./lib/embedding/image_pretext.ts";
export * from "./lib/embedding/sums_over.ts";
export * from "./lib/embedding/track_statistics.ts";
export * from "./lib/embedding/generator.ts";
export * from "./lib/embedding/generator_records.ts";
export * from "./lib/embedding/generators.ts";

export * from "./lib/weights/recognize.ts";
export * from "./lib/weights/restore.ts";
export * from "./lib/weights/backbone.ts";
export * from "./lib/weights/convert.ts";

export * from "./lib/loss/loss.ts";
export * from "./lib/loss/pixel.ts";
export * from "./lib/loss/level_maps.ts";
export * from "./lib/loss/huber.ts";
export * from "./lib/loss/berhu.ts";
export * from "./lib/loss/log.ts";
export * from "./lib/loss/log_depth.ts";
export * from "./lib/loss/scale_invariant.ts";
export * from "./lib/loss/depth_aware.ts";
export * from "./lib/loss/gradient.ts";
export * from "./lib/loss/ssim.ts";
export * from "./lib/loss/pinhole.ts";
export * from "./lib/loss/virtual_normal.ts";
export * from "./lib/loss/scale_shift_invariant.ts";
export * from "./lib/loss/pixel_loss.ts";
export * from "./lib/loss/pixel_loss_records.ts";
export * from "./lib/loss/pixel_losses.ts";
export * from "./lib/loss/fields.ts";
export * from "./lib/loss/valid_pixels.ts";
export * from "./lib/loss/hierarchical.ts";
export * from "./lib/loss/pull.ts";
export * from "./lib/loss/explanation.ts";
export * from "./lib/loss/objective.ts";
export * from "./lib/loss/schedule.ts";

export * from "./lib/optim/transformation.ts";
export * from "./lib/optim/adam.ts";

export * from "./lib/formats/raster.ts";
export * from "./lib/formats/image.ts";
export * from "./lib/formats/png.ts";
export type { PngBitDepth } from "./lib/formats/png_header.ts";
export * from "./lib/formats/png_encode.ts";
export * from "./lib/formats/npy.ts";
export * from "./lib/formats/dtype.ts";
export * from "./lib/formats/stored_tensor.ts";
export * from "./lib/formats/byte_source.ts";
export * from "./lib/formats/http_source.ts";
export * from "./lib/formats/tar_index.ts";
export * from "./lib/formats/tensor_file.ts";
export * from "./lib/formats/open_tensor_file.ts";
export * from "./lib/formats/safetensors.ts";
export * from "./lib/formats/write_safetensors.ts";
export * from "./lib/formats/torch_layout.ts";
export * from "./lib/formats/files.ts";

export * from "./lib/data/sample.ts";
export * from "./lib/data/dataset.ts";
export * from "./lib/data/split.ts";
export * from "./lib/data/prefetch.ts";
export * from "./lib/data/unreadable.ts";
export * from "./lib/data/hold_out.ts";
export * from "./lib/data/augment.ts";
export * from "./lib/data/luma.ts";
export * from "./lib/data/colour_jitter.ts";
export * from "./lib/data/crop.ts";
export * from "./lib/data/rotate.ts";
export * from "./lib/data/scale.ts";
export * from "./lib/data/order.ts";
export * from "./lib/data/resize.ts";
export { fillHoles } from "./lib/data/fill_holes.ts";
export * from "./lib/data/tensors.ts";
export * from "./lib/data/survey.ts";
export * from "./lib/data/published_dataset.ts";
export * from "./lib/data/csv_dataset.ts";
export * from "./lib/data/bts_list.ts";
export * from "./lib/data/dense_depth_csv.ts";
export * from "./lib/data/tum_rgbd.ts";
export * from "./lib/data/sun_rgbd.ts";
export * from "./lib/data/cityscapes.ts";
export * from "./lib/data/nyu_depth_v2.ts";
export * from "./lib/data/shards/shard_sample.ts";
export * from "./lib/data/shards/manifest.ts";
export * from "./lib/data/shards/shards_dataset.ts";
export * from "./lib/data/shards/shard_stream.ts";
export * from "./lib/data/shards/shuffle_buffer.ts";
export * from "./lib/data/shards/write_shards.ts";
export * from "./lib/data/shards/pack.ts";
export { recognizeLayout } from "./lib/data/recognize_layout.ts";
export * from "./lib/data/layouts.ts";
export * from "./lib/data/layouts/layout.ts";
export * from "./lib/data/fields.ts";
export type { HttpOptions } from "./lib/formats/http_source.ts";
export type { ValueOf, ValuesOf, VariantOf } from "./lib/formats/fields.ts";
export type { Folder } from "./lib/data/folders.ts";
export type { TextLine } from "./lib/data/text_lines.ts";
export * from "./lib/data/open_files.ts";
export * from "./lib/data/scenes_dataset.ts";
export { type Rendered, type RenderedScene, renderScene, type SceneOptions } from "./lib/data/scenes/render.ts";
export type { PinholeIntrinsics } from "./lib/data/scenes/camera.ts";
export { type SceneKind, sceneKinds } from "./lib/data/scenes/kinds.ts";

export * from "./lib/metrics/crop.ts";
export * from "./lib/metrics/comparison_size.ts";
export * from "./lib/metrics/protocol.ts";
export * from "./lib/metrics/protocols.ts";
export * from "./lib/metrics/describe_protocol.ts";
export * from "./lib/metrics/depth_metrics.ts";
export * from "./lib/metrics/evaluate_image.ts";
export type { PixelSums } from "./lib/metrics/pixel_sums.ts";
export type { BoundarySums } from "./lib/metrics/boundary_sums.ts";
export * from "./lib/metrics/depth_boundaries.ts";
export * from "./lib/metrics/near_boundaries.ts";
export * from "./lib/metrics/summary.ts";
export * from "./lib/metrics/metric_table.ts";
export * from "./lib/metrics/best_constant.ts";
export * from "./lib/metrics/student.ts";
export * from "./lib/metrics/spread.ts";

export * from "./lib/pictures/panel.ts";
export * from "./lib/pictures/explanation_page.ts";

export * from "./lib/train/learner.ts";
export * from "./lib/train/learners.ts";
export * from "./lib/train/batches.ts";
export * from "./lib/train/step.ts";
export * from "./lib/train/listener.ts";
export * from "./lib/train/loop.ts";
export * from "./lib/train/fit.ts";
export * from "./lib/train/checkpoint.ts";
export * from "./lib/train/resume.ts";
export * from "./lib/train/predict.ts";
export * from "./lib/train/explain.ts";
export * from "./lib/train/evaluate.ts";

export type * from "./lib/formats/fields.ts";
export * from "./lib/config/configuration.ts";
export * from "./lib/config/schema.ts";
export { ablationFields, folderOf, rowFields } from "./lib/config/ablation.ts";
export type { Ablation, AblationRow } from "./lib/config/ablation.ts";
export * from "./lib/config/ablation_file.ts";
export * from "./lib/config/merge.ts";
export * from "./lib/config/compose.ts";
export * from "./lib/config/data.ts";
export * from "./lib/config/infer.ts";
export * from "./lib/config/variant.ts";

export * from "./lib/workers/job.ts";
export * from "./lib/workers/local_server.ts";
export * from "./lib/workers/worker_pool.ts";
export * from "./lib/workers/served_data.ts";
