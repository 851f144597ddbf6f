/** Which samples a classifier of scenes learns from and is tested by: those whose scene is known, from their entries alone. */
import { type Dataset, holdOut, type Split } from "../data/dataset.ts";
import { allIndices, emptySplit, subsetOf } from "../data/split.ts";
import { E, type Either } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";

/** The samples of a data set that a classifier of scenes can use. */
export interface LabelledSamples {
  /** Indices of the training samples that it learns from. */
  readonly trained: readonly number[];
  /** What its accuracy is measured on. */
  readonly tested: Split;
  /** Test samples without a scene, or of one that no training sample has. */
  readonly leftOut: number;
  /** Training samples without a scene. */
  readonly unlabelled: number;
  /** Training samples that are kept from training and tested instead, where all test samples are left out; else 0. */
  readonly heldOut: number;
}

/** The share of each scene's training samples that is held out where no test sample can be used. */
const heldOutShare = 0.1;

/** The indices of the samples whose scene is one of some, by their scenes. */
const byScene = (split: Split, isKnown: (scene: string) => boolean): ReadonlyMap<string, readonly number[]> => {
  const indices = new Map<string, number[]>();
  for (const index of allIndices(split)) {
    const { scene } = split.entry(index);
    if (scene === null || !isKnown(scene)) continue;
    const known = indices.get(scene);
    if (known === undefined) indices.set(scene, [index]);
    else known.push(index);
  }
  return indices;
};

const inOrder = (groups: Iterable<readonly number[]>): readonly number[] => [...groups].flat().sort((a, b) => a - b);

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

const noLabels = (title: string, { name, train }: Dataset, labels: number): Failure =>
  failure(
    "data",
    name,
    `${counted(labels, "scene label")} among ${counted(train.size, "training sample")}`,
    `at least 2, for ${title} learns to tell scenes apart`,
    "Fill the column scene, or use a generator that needs no labels, such as reconstruction.",
  );

/**
 * The training and test samples whose scene training can teach. Where every test sample is left out, the last tenth of each
 * scene's training samples is held out to test by: neighbours in a recording are all but the same picture.
 *
 * Errors: "data" for a training split without samples, or without at least two scenes.
 *
 * @param title What messages call the classifier.
 */
export const labelledSamples = (title: string, dataset: Dataset): Either<Failure, LabelledSamples> => {
  const { scenes, train, test } = dataset;
  if (train.size === 0) return E.left(emptySplit("train"));
  const classes = new Set(scenes);
  const taught = byScene(train, (scene) => classes.has(scene));
  if (taught.size < 2) return E.left(noLabels(title, dataset, taught.size));
  const trained = inOrder(taught.values());
  const tested = inOrder(byScene(test, (scene) => taught.has(scene)).values());
  const [leftOut, unlabelled] = [test.size - tested.length, train.size - trained.length];
  if (tested.length > 0 || test.size === 0) {
    return E.right({ trained, tested: subsetOf(test, tested), leftOut, unlabelled, heldOut: 0 });
  }
  const parts = [...taught.values()].map((indices) => holdOut(indices, heldOutShare));
  const heldOut = inOrder(parts.map((part) => part.test));
  return E.right({
    trained: inOrder(parts.map((part) => part.train)),
    tested: subsetOf(train, heldOut),
    leftOut,
    unlabelled,
    heldOut: heldOut.length,
  });
};
