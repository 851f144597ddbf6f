import { readValues } from "../backend/device.ts";
import { allIndices, readAll } from "../data/split.ts";
import type { Split } from "../data/dataset.ts";
import type { Sample } from "../data/sample.ts";
import { E, type Either, type TaskEither } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import type { Reconstructor, ReconstructorParams, ReconstructorStatistics } from "../embedding/reconstruction.ts";
import type { SceneClassifier, SceneClassifierParams, SceneClassifierStatistics } from "../embedding/scene.ts";
import type { Failure } from "../errors.ts";
import { sumOfValues } from "../nn/reductions.ts";
import { absolute } from "../nn/absolute.ts";
import type { Variables } from "../nn/layer.ts";
import { scope } from "../tensor/scope.ts";
import { disposeTree } from "../tensor/tree.ts";
import { classOf, reconstructionBatch, sceneBatch, type SceneBatches } from "./batches.ts";

/** How many samples are evaluated at once. */
const batch = 16;

/** Runs through a split in batches; `use` gives numbers that are added up by name. */
const addOver = (
  split: Split,
  use: (samples: readonly Sample[]) => Promise<Either<Failure, readonly number[]>>,
): TaskEither<Failure, readonly number[]> =>
async () => {
  let sums: readonly number[] = [];
  const indices = allIndices(split);
  for (let first = 0; first < indices.length; first += batch) {
    const samples = await readAll(split, indices.slice(first, first + batch))();
    if (E.isLeft(samples)) return samples;
    const values = await use(samples.right);
    if (E.isLeft(values)) return values;
    sums = values.right.map((value, index) => value + (sums[index] ?? 0));
  }
  return E.right(sums);
};

/** How well a scene classifier does on a split. */
export interface SceneAccuracy {
  /** Share of samples whose scene is recognized. */
  readonly accuracy: number;
  /** Share of samples of the most frequent scene: what is reached without looking. */
  readonly mostFrequent: number;
}

const recognized = async (
  classifier: SceneClassifier,
  variables: Variables<SceneClassifierParams, SceneClassifierStatistics>,
  scenes: readonly string[],
  batchOf: SceneBatches,
  samples: readonly Sample[],
): Promise<Either<Failure, readonly number[]>> => {
  const made = batchOf(samples);
  if (E.isLeft(made)) return made;
  const found = scope(() => tf.argMax(classifier.apply(variables, made.right.filled, "inference")[0], 1));
  disposeTree(made.right);
  const classes = await readValues(found).finally(() => found.dispose());
  return E.map((truth: readonly number[]) => {
    const hits = truth.filter((label, index) => label === classes[index]).length;
    const frequencies = scenes.map((_, label) => truth.filter((each) => each === label).length);
    return [hits, ...frequencies];
  })(E.sequenceArray(samples.map((sample) => classOf(scenes, sample))));
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
  const sums = await addOver(split, (samples) => recognized(classifier, variables, scenes, batchOf, samples))();
  return E.map(([hits = 0, ...frequencies]: readonly number[]) => ({
    accuracy: hits / split.size,
    mostFrequent: Math.max(...frequencies) / split.size,
  }))(sums);
};

/** How well a reconstructor does on a split, in metres. */
export interface ReconstructionError {
  /** Mean |reconstruction − depth| over measured pixels. */
  readonly error: number;
  /** The same for the constant mean depth of the split. */
  readonly ofMean: number;
}

const deviations = async (
  reconstructor: Reconstructor,
  variables: Variables<ReconstructorParams, ReconstructorStatistics>,
  mean: number,
  samples: readonly Sample[],
): Promise<Either<Failure, readonly number[]>> => {
  const made = reconstructionBatch(samples);
  const sums = scope(() => {
    const [reconstruction] = reconstructor.apply(variables, made.filled, "inference");
    const total = (guess: tf.Tensor | number) => sumOfValues(tf.mul(absolute(tf.sub(made.filled, guess)), made.mask));
    return tf.stack([total(reconstruction), total(mean), sumOfValues(made.mask)]);
  });
  disposeTree(made);
  return E.right([...await readValues(sums).finally(() => sums.dispose())]);
};

const meanDepth = (split: Split): TaskEither<Failure, number> => async () => {
  const sums = await addOver(split, (samples) => {
    const valid = samples.flatMap(({ depth }) => Array.from(depth.metres).filter((metres) => metres > 0));
    return Promise.resolve(E.right([valid.reduce((sum, metres) => sum + metres, 0), valid.length]));
  })();
  return E.map(([sum = 0, count = 0]: readonly number[]) => sum / count)(sums);
};

/** The error of HEG-R on a split at the network's input size. */
export const reconstructionError = (
  reconstructor: Reconstructor,
  variables: Variables<ReconstructorParams, ReconstructorStatistics>,
  split: Split,
): TaskEither<Failure, ReconstructionError> =>
async () => {
  const mean = await meanDepth(split)();
  if (E.isLeft(mean)) return mean;
  const sums = await addOver(split, (samples) => deviations(reconstructor, variables, mean.right, samples))();
  return E.map(([error = NaN, ofMean = NaN, count = 0]: readonly number[]) => ({
    error: error / count,
    ofMean: ofMean / count,
  }))(sums);
};
