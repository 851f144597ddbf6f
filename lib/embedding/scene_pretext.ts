import { readValues } from "../backend/device.ts";
import type { Dataset, Split } from "../data/dataset.ts";
import { fillHoles } from "../data/fill_holes.ts";
import type { Sample } from "../data/sample.ts";
import { depthTensor } from "../data/tensors.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import { type Failure, failure } from "../errors.ts";
import type { DepthImage } from "../formats/raster.ts";
import type { Variables } from "../nn/layer.ts";
import type { DepthMaps, Tensor2D } from "../tensor/features.ts";
import { scope } from "../tensor/scope.ts";
import { disposeTree } from "../tensor/tree.ts";
import type { Learner } from "../train/learner.ts";
import type { GeneratorCode, GeneratorSettings, MadeStages, PretextData, TrainPretext } from "./generator.ts";
import type { LearnedSettings } from "./generator_records.ts";
import {
  type SceneClassifier,
  sceneClassifier,
  type SceneClassifierParams,
  type SceneClassifierStatistics,
  sceneStages,
  softmaxCrossEntropy,
} from "./scene.ts";
import { sumsOver } from "./sums_over.ts";

/** Depth maps without holes, in metres, or grey images in their place, and the scene of each as a one-hot row (batch, classes). */
export type SceneBatch = {
  readonly filled: DepthMaps;
  readonly scenes: Tensor2D;
};

/** HEG-S: cross entropy of the scene's label. */
export const sceneLearner = (
  classifier: SceneClassifier,
): Learner<SceneBatch, SceneClassifierParams, SceneClassifierStatistics> => ({
  init: classifier.init,
  form: classifier.form,
  losses: (variables, { filled, scenes }, mode) => {
    const [logits, statistics] = classifier.apply(variables, filled, mode);
    return [{ cross_entropy: softmaxCrossEntropy(logits, scenes) }, statistics];
  },
});

/** The class of a sample. Errors: "data" if it has no label, or one that is not in the list. */
export const classOf = (scenes: readonly string[], { name, scene }: Sample): Either<Failure, number> => {
  const index = scene === null ? -1 : scenes.indexOf(scene);
  return index >= 0 ? E.right(index) : E.left(
    failure("data", name, scene === null ? "no scene label" : `the scene "${scene}"`, `one of ${scenes.join(", ")}`),
  );
};

/** The classes of samples. Errors: as {@link classOf}. */
const classesOf = (scenes: readonly string[], samples: readonly Sample[]): Either<Failure, readonly number[]> =>
  E.sequenceArray(samples.map((sample) => classOf(scenes, sample)));

/** From samples of one size to a batch for a scene classifier, or to why there is none. */
export type SceneBatches = (samples: readonly Sample[]) => Either<Failure, SceneBatch>;

/** Batches of what `mapOf` makes of each sample, with their labels. Errors: "data" if a sample's scene is not one of `scenes`. */
export const labelledBatch =
  (scenes: readonly string[], mapOf: (sample: Sample) => DepthImage): SceneBatches => (samples) =>
    pipe(
      classesOf(scenes, samples),
      E.map((classes) =>
        scope(() => ({
          filled: depthTensor(samples.map(mapOf)),
          scenes: tf.oneHot(tf.tensor1d([...classes], "int32"), scenes.length).as2D(classes.length, scenes.length)
            .toFloat(),
        }))
      ),
    );

/**
 * Samples of one size as a batch for HEG-S, holes filled with the nearest measurement.
 *
 * Errors: "data" if a sample's scene is not one of `scenes`.
 */
export const sceneBatch = (scenes: readonly string[]): SceneBatches =>
  labelledBatch(scenes, ({ depth }) => fillHoles(depth));

/** How well a scene classifier does on a split. */
export interface SceneAccuracy {
  /** Share of samples whose scene is recognized. */
  readonly accuracy: number;
  /** Share of samples of the most frequent scene: what is reached without looking. */
  readonly mostFrequent: number;
}

/** The classes that a classifier finds in a batch, which is disposed. */
const classesFoundIn = async (
  classifier: SceneClassifier,
  variables: Variables<SceneClassifierParams, SceneClassifierStatistics>,
  batch: SceneBatch,
): Promise<Float32Array> => {
  const found = scope(() => tf.argMax(classifier.apply(variables, batch.filled, "inference")[0], 1));
  disposeTree(batch);
  return await readValues(found).finally(() => found.dispose());
};

/**
 * The accuracy of HEG-S on a split at the network's input size, or of what else classifies scenes, by the batches that it
 * was trained on. Errors: "data" for samples without a known label.
 */
export const sceneAccuracy = (
  classifier: SceneClassifier,
  variables: Variables<SceneClassifierParams, SceneClassifierStatistics>,
  scenes: readonly string[],
  split: Split,
  batchOf: SceneBatches = sceneBatch(scenes),
): TaskEither<Failure, SceneAccuracy> =>
async () => {
  const frequencies = new Map<number, number>();
  const sums = await sumsOver(split, { hits: 0 }, async (samples) => {
    const batch = batchOf(samples);
    if (E.isLeft(batch)) return batch;
    const found = await classesFoundIn(classifier, variables, batch.right);
    const classes = classesOf(scenes, samples);
    if (E.isLeft(classes)) return classes;
    classes.right.forEach((label) => frequencies.set(label, (frequencies.get(label) ?? 0) + 1));
    return E.right({ hits: classes.right.filter((label, index) => label === found[index]).length });
  })();
  if (E.isLeft(sums)) return sums;
  const mostFrequent = Math.max(...frequencies.values());
  return E.right({ accuracy: sums.right.hits / split.size, mostFrequent: mostFrequent / split.size });
};

/** Trains HEG-S's layers to tell scenes apart by batches of some kind. */
export const trainClassifier = (
  { dataset: { scenes, test }, settings }: PretextData<LearnedSettings>,
  batchOf: SceneBatches,
  train: TrainPretext,
): TaskEither<Failure, MadeStages> => {
  const classifier = sceneClassifier(settings.widths, scenes.length);
  return train({
    learner: sceneLearner(classifier),
    optim: settings.optim,
    batchOf,
    evaluate: (variables) =>
      pipe(
        sceneAccuracy(classifier, variables, scenes, test, batchOf),
        TE.map((report) => ({ ...report })),
      ),
  });
};

/** The data set, if it has scenes to tell apart. Errors: "data" if it has not. */
export const labelledDataset = (
  { title, dataset }: Pick<PretextData<GeneratorSettings>, "title" | "dataset">,
): Either<Failure, Dataset> =>
  dataset.scenes.length >= 2 ? E.right(dataset) : E.left(
    failure(
      "data",
      dataset.name,
      `${dataset.scenes.length} scene labels`,
      `at least 2, for ${title} learns to tell scenes apart`,
      "Fill the column scene, or use a generator that needs no labels, such as reconstruction.",
    ),
  );

/** HEG-S: the scene from the depth map. */
export const sceneCode: GeneratorCode<LearnedSettings> = {
  stages: sceneStages,
  pretrain: (data, train) =>
    pipe(
      TE.fromEither(labelledDataset(data)),
      TE.chain(({ scenes }) => trainClassifier(data, sceneBatch(scenes), train)),
    ),
};
