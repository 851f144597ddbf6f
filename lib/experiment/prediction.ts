import type { OnUnreadable } from "../data/split.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { dirname } from "../dependencies/text.ts";
import { describe, type Failure, failure } from "../errors.ts";
import { readBytes, removeAbandoned, writeBytes } from "../formats/files.ts";
import { decodeUpright } from "../formats/image.ts";
import { type DepthImage, usualMegapixels } from "../formats/raster.ts";
import type { DepthEncoding } from "../pictures/depth_formats.ts";
import type { Predictor } from "../train/depth_network.ts";
import { type Listener, silent, withProgress } from "../train/listener.ts";
import { type CutDepth, cutDepths, describeCuts } from "./cut_depth.ts";
import type { PredictionPlan } from "./prediction_plan.ts";
import type { PlannedImage } from "./result_names.ts";

/** A picture without a depth map, and why.
 * @category Experiments */
export interface FailedImage {
  /** The file of the picture. */
  readonly image: string;
  /** Why it could not be read or predicted. */
  readonly problem: Failure;
}

/** What has become of a plan.
 * @category Experiments */
export interface Predictions {
  /** The pictures whose depth maps were written. */
  readonly predicted: readonly PlannedImage[];
  /** The others. */
  readonly failed: readonly FailedImage[];
}

/** How a plan is carried out.
 * @category Experiments */
export interface PredictionRun {
  /** Whether a picture that cannot be read ends it, or the others are predicted all the same, as by default. */
  readonly onUnreadable?: OnUnreadable;
  /** Pictures of more millions of pixels are refused before they are decoded; 110 by default, which take up to 2.5 GB. */
  readonly maxMegapixels?: number;
  /** Told of every picture, and of depth that a file cannot hold; nobody by default. */
  readonly listener?: Listener;
}

/** How the depth of a picture of a plan is predicted, by its file or its place in the plan. */
export type PlannedPredictor = (image: PlannedImage, place: number) => TaskEither<Failure, DepthImage>;

/** From the file of a picture to its depth, both upright as viewers show the picture. */
const filePredictor = (predict: Predictor, maxMegapixels: number): PlannedPredictor => ({ image: path }) =>
  pipe(readBytes(path, "picture"), TE.chain((bytes) => decodeUpright(path, bytes, maxMegapixels)), TE.chain(predict));

/** Writes one file after the other, so that the bytes of no more than one are in memory. */
const writeResults = (
  { results }: PlannedImage,
  encoding: DepthEncoding,
  depth: DepthImage,
): TaskEither<Failure, void> =>
async () => {
  for (const { format, path } of results) {
    const written = await writeBytes(path, format.encode(depth, encoding))();
    if (E.isLeft(written)) return written;
  }
  return E.right(undefined);
};

/** Whether what failed is of one picture: a network that predicts no numbers fails on all of them. */
const isOfImage = ({ kind }: Failure): boolean => kind !== "numeric";

/** What has become of one picture: what its files cannot hold of its depth, or why there are none. */
type Outcome = { readonly planned: PlannedImage; readonly cuts: readonly CutDepth[] } | FailedImage;

const outcomeOf =
  (predict: PlannedPredictor, encoding: DepthEncoding, onUnreadable: OnUnreadable) =>
  (planned: PlannedImage, place: number): TaskEither<Failure, Outcome> =>
  async () => {
    const depth = await predict(planned, place)();
    if (E.isLeft(depth)) {
      const ends = onUnreadable === "fail" || !isOfImage(depth.left);
      return ends ? depth : E.right({ image: planned.image, problem: depth.left });
    }
    return await pipe(
      writeResults(planned, encoding, depth.right),
      TE.map(() => ({ planned, cuts: cutDepths(planned, encoding, depth.right) })),
    )();
  };

const outcomesOf = (
  images: readonly PlannedImage[],
  predictOne: (planned: PlannedImage, place: number) => TaskEither<Failure, Outcome>,
  listener: Listener,
): TaskEither<Failure, readonly Outcome[]> =>
() =>
  withProgress(listener.progress("predict", images.length), async (update) => {
    const outcomes: Outcome[] = [];
    for (const [place, planned] of images.entries()) {
      const outcome = await predictOne(planned, place)();
      if (E.isLeft(outcome)) return outcome;
      outcomes.push(outcome.right);
      update(outcomes.length, planned.image);
    }
    return E.right(outcomes);
  });

/** The folders that results are written to. */
const foldersOf = (images: readonly PlannedImage[]): readonly string[] => [
  ...new Set(images.flatMap(({ results }) => results.map(({ path }) => dirname(path)))),
];

const predictionsOf = (outcomes: readonly Outcome[]): Predictions => ({
  predicted: outcomes.flatMap((outcome) => "planned" in outcome ? [outcome.planned] : []),
  failed: outcomes.flatMap((outcome) => "problem" in outcome ? [outcome] : []),
});

/** {@link predictFiles} of pictures that come from anywhere. Errors: as there. */
export const predictPlanned = (
  predict: PlannedPredictor,
  { images, encoding }: PredictionPlan,
  { onUnreadable = "skip", listener = silent }: Omit<PredictionRun, "maxMegapixels"> = {},
): TaskEither<Failure, Predictions> =>
  pipe(
    TE.sequenceSeqArray(foldersOf(images).map(removeAbandoned)),
    TE.chain(() => outcomesOf(images, outcomeOf(predict, encoding, onUnreadable), listener)),
    TE.map((outcomes) => {
      const cuts = outcomes.flatMap((outcome) => "cuts" in outcome ? outcome.cuts : []);
      describeCuts(cuts, encoding).forEach(listener.message);
      return predictionsOf(outcomes);
    }),
  );

/**
 * Predicts the depth of pictures, each at its own size, and writes it; each file appears whole or not at all. Depth that is
 * cut, as it is beyond what a file can hold, is told with its share of the pixels.
 *
 * Errors: "numeric" for a network that predicts no finite depths; those of writing; with `onUnreadable` "fail" those of
 * reading and predicting a picture, which else are in what is returned.
 * @category Experiments
 */
export const predictFiles = (
  predict: Predictor,
  plan: PredictionPlan,
  { maxMegapixels = usualMegapixels, ...run }: PredictionRun = {},
): TaskEither<Failure, Predictions> => predictPlanned(filePredictor(predict, maxMegapixels), plan, run);

const lineOf = ({ image, problem }: FailedImage): string => {
  const text = describe(problem).replaceAll("\n", " ");
  return problem.where === image ? text : `${image}: ${text}`;
};

/** Predictions of which none failed. Errors: "data", listing the pictures without a depth map, and why.
 * @category Experiments */
export const checkPredicted = (predictions: Predictions): Either<Failure, Predictions> => {
  const { predicted, failed } = predictions;
  const all = predicted.length + failed.length;
  return failed.length === 0 ? E.right(predictions) : E.left({
    ...failure(
      "data",
      "predict",
      `${failed.length} of ${all} pictures without a depth map, listed below`,
      "one of each",
    ),
    details: failed.map(lineOf),
  });
};
