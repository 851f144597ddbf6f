import { mirror } from "../data/augment.ts";
import type { Sample, Split } from "../data/dataset.ts";
import { resizeSample } from "../data/resize.ts";
import { isUnreadable, type OnUnreadable, prefetch } from "../data/split.ts";
import { E, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import type { DepthImage } from "../formats/raster.ts";
import { evaluateImage, type ImageResult } from "../metrics/depth_metrics.ts";
import { comparisonSize } from "../metrics/geometry.ts";
import type { Protocol } from "../metrics/protocols.ts";
import { type MetricSum, metricSum, sumOfImage } from "../metrics/summary.ts";
import type { Predictor } from "./depth_network.ts";
import { lettingThrough } from "./listener.ts";

/** What a protocol measured on a split, and how fast its images were predicted, decoding and metrics left out.
 * @category Training */
export interface Evaluation {
  /** How predictions were compared with ground truth. */
  readonly protocol: Protocol;
  /** The sums over all images; {@link summarize} gives their averages. */
  readonly sum: MetricSum;
  /** The results of each image, in the order of the split. */
  readonly images: readonly ImageResult[];
  /** Why samples were left out that could not be read. */
  readonly unreadable: readonly Failure[];
  /** Images that were predicted in a second, their resizing and the wait for the device included. */
  readonly framesPerSecond: number;
}

/** What a sample, at the size of comparison, and its prediction are shown to after each image.
 * @category Training */
export type OnPrediction = (index: number, sample: Sample, prediction: DepthImage) => void;

/** The sample with picture and ground truth at the size at which a protocol compares them. */
const atComparisonSize = ({ resizing }: Protocol, sample: Sample): E.Either<Failure, Sample> =>
  pipe(
    comparisonSize(resizing, sample.name, sample.depth.height, sample.depth.width),
    E.map(([height, width]) => resizeSample(height, width)(sample)),
  );

const meanWithMirrored = (prediction: DepthImage, mirrored: DepthImage): DepthImage => {
  const { width } = prediction;
  const metres = prediction.metres.map((depth, at) => {
    const column = at % width;
    return (depth + (mirrored.metres[at - column + width - 1 - column] ?? NaN)) / 2;
  });
  return { ...prediction, metres };
};

/** The mean of what is predicted for a sample's picture and, mirrored back, for the mirrored picture. */
const flipTested = (predict: Predictor, sample: Sample): TaskEither<Failure, DepthImage> =>
  pipe(
    predict(sample.image),
    TE.chain((prediction) =>
      pipe(predict(mirror(sample).image), TE.map((mirrored) => meanWithMirrored(prediction, mirrored)))
    ),
  );

/** Samples that are read while one is predicted. */
const ahead = 2;

/** A sample at the size of comparison, its prediction, and how they compare. */
interface Evaluated {
  readonly sample: Sample;
  readonly prediction: DepthImage;
  readonly result: ImageResult;
  /** How long it took to predict. */
  readonly seconds: number;
}

const evaluateSample =
  (protocol: Protocol, predict: Predictor, measured: Sample): TaskEither<Failure, Evaluated> => async () => {
    const sample = atComparisonSize(protocol, measured);
    if (E.isLeft(sample)) return sample;
    const started = performance.now();
    const prediction = await (protocol.flipTest ? flipTested(predict, sample.right) : predict(sample.right.image))();
    const seconds = (performance.now() - started) / 1000;
    if (E.isLeft(prediction)) return prediction;
    return pipe(
      evaluateImage(protocol, measured.name, prediction.right, sample.right.depth),
      E.map((result) => ({ sample: sample.right, prediction: prediction.right, result, seconds })),
    );
  };

/**
 * Predicts every image of a split, at the size at which the protocol compares it, and compares with the ground truth by
 * the protocol.
 *
 * Errors: those of reading and predicting, and of {@link evaluateImage}; the first ends the evaluation, unless it is of a
 * sample that cannot be read and these are to be skipped.
 * @category Training
 */
export const evaluateSplit = (
  split: Split,
  predict: Predictor,
  protocol: Protocol,
  onPrediction: OnPrediction,
  onUnreadable: OnUnreadable = "fail",
): TaskEither<Failure, Evaluation> =>
async () => {
  let sum = metricSum.empty;
  let seconds = 0;
  const images: ImageResult[] = [];
  const unreadable: Failure[] = [];
  const readAhead = prefetch(split.read, ahead, split.size);
  const pause = lettingThrough();
  for (let index = 0; index < split.size; index++) {
    const measured = await readAhead(index)();
    if (E.isLeft(measured) && onUnreadable === "skip" && isUnreadable(measured.left)) {
      unreadable.push(measured.left);
      continue;
    }
    if (E.isLeft(measured)) return measured;
    const evaluated = await evaluateSample(protocol, predict, measured.right)();
    if (E.isLeft(evaluated)) return evaluated;
    const { sample, prediction, result } = evaluated.right;
    images.push(result);
    sum = metricSum.concat(sum, sumOfImage(result));
    seconds += evaluated.right.seconds;
    await pause();
    onPrediction(index, sample, prediction);
  }
  return E.right({ protocol, sum, images, unreadable, framesPerSecond: images.length / seconds });
};
