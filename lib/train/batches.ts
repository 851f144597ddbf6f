import { E, type Either } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import { type Failure, failure } from "../errors.ts";
import type { DepthImage } from "../formats/raster.ts";
import { fillHoles } from "../data/fill_holes.ts";
import type { Sample } from "../data/sample.ts";
import { depthTensor, imagesTensor } from "../data/tensors.ts";
import { validMask } from "../tensor/features.ts";
import { scope } from "../tensor/scope.ts";
import { greyMap, type GreyScale } from "./grey.ts";
import type { DepthBatch, ReconstructionBatch, SceneBatch } from "./learners.ts";

/** Samples of one size as a batch for a depth network. The caller owns its tensors. */
export const depthBatch = (samples: readonly Sample[]): DepthBatch =>
  scope(() => {
    const depth = depthTensor(samples.map((sample) => sample.depth));
    return { images: imagesTensor(samples.map(({ image }) => image)), depth, mask: validMask(depth) };
  });

/** Samples of one size as a batch for HEG-R, holes filled with the nearest measurement. */
export const reconstructionBatch = (samples: readonly Sample[]): ReconstructionBatch =>
  scope(() => ({
    filled: depthTensor(samples.map(({ depth }) => fillHoles(depth))),
    mask: validMask(depthTensor(samples.map(({ depth }) => depth))),
  }));

/** The class of a sample. Errors: "data" if it has no label, or one that is not in the list. */
export const classOf = (scenes: readonly string[], { name, scene }: Sample): Either<Failure, number> => {
  const index = scene === null ? -1 : scenes.indexOf(scene);
  return index >= 0 ? E.right(index) : E.left(
    failure("data", name, scene === null ? "no scene label" : `the scene "${scene}"`, `one of ${scenes.join(", ")}`),
  );
};

/** From samples of one size to a batch for a scene classifier, or to why there is none. */
export type SceneBatches = (samples: readonly Sample[]) => Either<Failure, SceneBatch>;

const labelled = (scenes: readonly string[], mapOf: (sample: Sample) => DepthImage): SceneBatches => (samples) => {
  const classes = E.sequenceArray(samples.map((sample) => classOf(scenes, sample)));
  return E.map((indices: readonly number[]) =>
    scope(() => ({
      filled: depthTensor(samples.map(mapOf)),
      scenes: tf.oneHot(tf.tensor1d([...indices], "int32"), scenes.length).as2D(indices.length, scenes.length)
        .toFloat(),
    }))
  )(classes);
};

/**
 * Samples of one size as a batch for HEG-S, holes filled with the nearest measurement.
 *
 * Errors: "data" if a sample's scene is not one of `scenes`.
 */
export const sceneBatch = (scenes: readonly string[]): SceneBatches =>
  labelled(scenes, ({ depth }) => fillHoles(depth));

/**
 * The same of the samples' grey images, brought to the range of depth maps: for a generator that learns an ordinary image
 * task. Errors: as {@link sceneBatch}.
 */
export const greyBatch = (scenes: readonly string[], scale: GreyScale): SceneBatches =>
  labelled(scenes, ({ image }) => greyMap(image, scale));
