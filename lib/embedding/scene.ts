import { readValues } from "../backend/device.ts";
import type { Sample, Split } from "../data/dataset.ts";
import { allIndices, subsetOf } from "../data/split.ts";
import { depthTensor, fillHolesWithNearest } from "../data/tensors.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import { type Failure, failure } from "../errors.ts";
import type { DepthImage } from "../formats/raster.ts";
import { linear, type LinearParams } from "../nn/conv.ts";
import { compose, identityLayer, type Layer, layer, type Learner, mapOutput, type Variables } from "../nn/layer.ts";
import { globalAveragePool } from "../nn/operations.ts";
import type { DepthMaps, Scalar, Tensor1D, Tensor2D } from "../tensor/features.ts";
import { scope } from "../tensor/scope.ts";
import { type Branch, disposeTree } from "../tensor/tree.ts";
import { sumsOver } from "./data_passes.ts";
import { coarsest, type EmbeddingStages, embeddingStages } from "./embedding.ts";
import type { GeneratorCode, LearnedSettings, MadeStages, PretextData, TrainPretext } from "./generator.ts";
import { type LabelledSamples, labelledSamples } from "./scene_labels.ts";

/** Parameters of a scene classifier: the embedding's stages and the head.
 * @category Generators */
export type SceneClassifierParams = {
  readonly stages: Branch;
  readonly head: LinearParams;
};

/** Statistics of a scene classifier's batch norms.
 * @category Generators */
export type SceneClassifierStatistics = {
  readonly stages: Branch;
  readonly head: Branch;
};

/** Depth maps (batch, height, width, 1), metres, to logits (batch, classes).
 * @category Generators */
export type SceneClassifier = Layer<DepthMaps, Tensor2D, SceneClassifierParams, SceneClassifierStatistics>;

/** LeakyReLU's slope in HEG-S. */
const slope = 0.01;

/** The stages of HEG-S. The published loss uses two of them, of widths 16 and 32: 16,464 parameters.
 * @category Generators */
export const sceneStages = (widths: readonly number[]): EmbeddingStages => embeddingStages(widths, slope);

/**
 * HEG-S with its head: scene classification from the depth map alone (PAPER, the table of generators): the stages, global
 * average pooling, a linear layer. Trained with {@link softmaxCrossEntropy}.
 *
 * @throws Error if there are no widths.
 * @category Generators
 */
export const sceneClassifier = (widths: readonly number[], classes: number): SceneClassifier => {
  const width = widths.at(-1);
  if (width === undefined) throw new Error("a classifier needs at least one stage");
  return pipe(
    identityLayer<DepthMaps>(),
    layer("stages", sceneStages(widths)),
    mapOutput(coarsest),
    (stages) => compose(stages, globalAveragePool<number>(width)),
    layer("head", linear(width, classes)),
  );
};

/** The mean over the batch of −log softmax(logits) at the label. Shapes: logits and one-hot labels (batch, classes).
 * @category Generators */
export const softmaxCrossEntropy = (
  logits: Tensor2D,
  labels: Tensor2D,
): Scalar => {
  const likelihoods: Tensor1D = tf.sum(
    tf.mul(tf.logSoftmax(logits), labels),
    1,
  );
  return tf.neg(tf.mean<Scalar>(likelihoods));
};

/** Depth maps without holes, in metres, or grey images in their place, and the scene of each as a one-hot row (batch, classes).
 * @category Generators */
export type SceneBatch = {
  readonly filled: DepthMaps;
  readonly scenes: Tensor2D;
};

/** HEG-S: cross entropy of the scene's label.
 * @category Generators */
export const sceneLearner = (
  classifier: SceneClassifier,
): Learner<SceneBatch, SceneClassifierParams, SceneClassifierStatistics> => ({
  init: classifier.init,
  form: classifier.form,
  losses: (variables, { filled, scenes }, mode, _step, key) => {
    const [logits, statistics] = classifier.apply(variables, filled, mode, key);
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

/** From samples of one size to a batch for a scene classifier, or to why there is none.
 * @category Generators */
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
 * @category Generators
 */
export const sceneBatch = (scenes: readonly string[]): SceneBatches =>
  labelledBatch(scenes, ({ depth }) => fillHolesWithNearest(depth));

/** How well a scene classifier does on a split.
 * @category Generators */
export interface SceneAccuracy {
  /** Share of samples whose scene is recognized; NaN where none has a known one. */
  readonly accuracy: number;
  /** Share of samples of the most frequent scene: what is reached without looking. */
  readonly mostFrequent: number;
  /** Samples without a scene, or of one that is not in the list, which are left out; absent where all are measured on. */
  readonly leftOut?: number;
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

/** How many samples accuracy or training goes without. */
type LeftOut = Partial<Pick<LabelledSamples, "leftOut" | "unlabelled" | "heldOut">>;

/** The counts that are not 0: a report says only what was the case. */
const counted = (counts: LeftOut): LeftOut =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));

/** Whether a scene is one of the list. */
const isOf = (scenes: readonly string[]) => ({ scene }: Pick<Sample, "scene">): boolean =>
  scene !== null && scenes.includes(scene);

/** The labels of some samples, and how many of them a classifier finds. */
const recognized = async (
  classifier: SceneClassifier,
  variables: Variables<SceneClassifierParams, SceneClassifierStatistics>,
  scenes: readonly string[],
  samples: readonly Sample[],
  batchOf: SceneBatches,
): Promise<Either<Failure, { readonly labels: readonly number[]; readonly hits: number }>> => {
  if (samples.length === 0) return E.right({ labels: [], hits: 0 });
  const [labels, batch] = [classesOf(scenes, samples), batchOf(samples)];
  if (E.isLeft(batch)) return batch;
  const found = await classesFoundIn(classifier, variables, batch.right);
  return pipe(
    labels,
    E.map((classes) => ({ labels: classes, hits: classes.filter((label, at) => label === found[at]).length })),
  );
};

/**
 * The accuracy of HEG-S on the samples of a split whose scene is known, at the network's input size, or of what else
 * classifies scenes, by the batches that it was trained on. Errors: those of reading samples and of `batchOf`.
 * @category Generators
 */
export const sceneAccuracy = (
  classifier: SceneClassifier,
  variables: Variables<SceneClassifierParams, SceneClassifierStatistics>,
  scenes: readonly string[],
  split: Split,
  batchOf: SceneBatches = sceneBatch(scenes),
): TaskEither<Failure, SceneAccuracy> =>
async () => {
  const known = allIndices(split).filter((index) => isOf(scenes)(split.entry(index)));
  const frequencies = new Map<number, number>();
  const sums = await sumsOver(subsetOf(split, known), { hits: 0, tested: 0 }, async (read) => {
    // One that stands for a sample that cannot be read may have another scene than the list said.
    const result = await recognized(classifier, variables, scenes, read.filter(isOf(scenes)), batchOf);
    if (E.isLeft(result)) return result;
    const { labels, hits } = result.right;
    labels.forEach((label) => frequencies.set(label, (frequencies.get(label) ?? 0) + 1));
    return E.right({ hits, tested: labels.length });
  })();
  if (E.isLeft(sums)) return sums;
  const { hits, tested } = sums.right;
  const mostFrequent = Math.max(0, ...frequencies.values());
  const counts = counted({ leftOut: split.size - known.length });
  return E.right({ accuracy: hits / tested, mostFrequent: mostFrequent / tested, ...counts });
};

/** The batches of the samples that have a known scene; of none, why there is no batch. */
const ofKnown = (scenes: readonly string[], batchOf: SceneBatches): SceneBatches => (samples) => {
  const known = samples.filter(isOf(scenes));
  return batchOf(known.length === 0 ? samples : known);
};

/** Trains HEG-S's layers to tell scenes apart by batches of some kind. */
export const trainClassifier = (
  { dataset: { scenes }, settings }: PretextData<LearnedSettings>,
  { trained, tested, leftOut, unlabelled, heldOut }: LabelledSamples,
  batchOf: SceneBatches,
  train: TrainPretext,
): TaskEither<Failure, MadeStages> => {
  const classifier = sceneClassifier(settings.widths, scenes.length);
  return train({
    learner: sceneLearner(classifier),
    optim: settings.optim,
    trained,
    batchOf: ofKnown(scenes, batchOf),
    evaluate: (variables) =>
      pipe(
        sceneAccuracy(classifier, variables, scenes, tested, batchOf),
        TE.map((accuracy) => ({ ...accuracy, ...counted({ leftOut, unlabelled, heldOut }) })),
      ),
  });
};

/** What a generator that learns scenes has to find in its data. */
export const checkLabels = ({ title, dataset }: PretextData<LearnedSettings>): Either<Failure, void> =>
  pipe(labelledSamples(title, dataset), E.map(() => undefined));

/** HEG-S: the scene from the depth map. */
export const sceneCode: GeneratorCode<LearnedSettings> = {
  stages: sceneStages,
  check: checkLabels,
  pretrain: (data, train) =>
    pipe(
      TE.fromEither(labelledSamples(data.title, data.dataset)),
      TE.chain((labelled) => trainClassifier(data, labelled, sceneBatch(data.dataset.scenes), train)),
    ),
};
