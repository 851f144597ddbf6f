/** What a few training samples tell of the depth of all, before anything is trained on it. */
import type { DepthRange, Split } from "../data/dataset.ts";
import { measuredPixels } from "../data/depth_range.ts";
import { describeSpike, spikeOf } from "../data/depth_spike.ts";
import type { OpenData } from "../data/open_data.ts";
import { isUnreadable } from "../data/split.ts";
import { joinSurveys, type Survey, surveyMonoid, surveyOf } from "../data/survey.ts";
import { E, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import type { Listener } from "../train/listener.ts";

/** How many samples are looked at. */
const looked = 8;

/** The share of measured pixels, and of those out of range, from which on it is said. */
const noteworthy = 0.01;

/** Indices of a few samples, evenly over a split. */
const someOf = ({ size }: Split): readonly number[] =>
  Array.from({ length: Math.min(looked, size) }, (_, at) => Math.floor((at + 0.5) * size / Math.min(looked, size)));

const percent = (share: number): string => `${(100 * share).toPrecision(2)} %`;

/** The share of measured pixels of the samples as the network takes them. Errors: those of reading, such as of none. */
const shareAtNetwork = (split: Split): TaskEither<Failure, number> =>
  pipe(
    TE.sequenceArray(someOf(split).map(split.read)),
    TE.map((samples) => {
      const pixels = samples.reduce((sum, { depth }) => sum + depth.metres.length, 0);
      return samples.reduce((sum, sample) => sum + measuredPixels(sample), 0) / pixels;
    }),
  );

/** The survey of the samples as they are in the data set; those that cannot be read are not its business. */
const surveyAtOwnSize = (split: Split): TaskEither<Failure, Survey> => async () => {
  const samples = await Promise.all(someOf(split).map((index) => split.read(index)()));
  const broken = samples.find((sample) => E.isLeft(sample) && !isUnreadable(sample.left));
  if (broken !== undefined && E.isLeft(broken)) return broken;
  const surveys = await Promise.all(
    samples.map((sample) => E.isRight(sample) ? surveyOf(sample.right) : surveyMonoid.empty),
  );
  return E.right(joinSurveys(surveys));
};

const ofRange = (range: DepthRange | null): string => range === null ? "" : ` (${range.near}…${range.far} m)`;

const notesOf = (
  share: number,
  survey: Survey,
  range: DepthRange | null,
  { height, width }: Size,
): readonly string[] => {
  const spike = spikeOf(survey);
  const { outOfRange, valid } = survey;
  const outside = outOfRange / Math.max(outOfRange + valid, 1);
  return [
    ...(share < noteworthy
      ? [
        `only ${
          percent(share)
        } of the pixels have measured depth at the network's ${width}×${height}: little to learn ` +
        "from; larger data.height and data.width may keep more",
      ]
      : []),
    ...(outside > noteworthy
      ? [
        `${percent(outside)} of the measured depth is out of range${
          ofRange(range)
        } and left out: data.minDepth and data.maxDepth set the range`,
      ]
      : []),
    ...(spike === null ? [] : [describeSpike(spike)]),
  ];
};

/** Rows and columns of the network's input. */
export interface Size {
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
}

/**
 * Looks at a few training samples and says what is wrong with their depth: hardly any is measured at the network's size,
 * much lies out of range, or many pixels have the greatest depth exactly.
 *
 * Errors: those of reading; "data", naming the sample, for one without measured depth at the network's size.
 */
export const checkDepth = (
  { original, resized }: Pick<OpenData, "original" | "resized">,
  size: Size,
  { message }: Pick<Listener, "message">,
): TaskEither<Failure, void> =>
  resized.train.size === 0 ? TE.right(undefined) : pipe(
    shareAtNetwork(resized.train),
    TE.chain((share) =>
      pipe(
        surveyAtOwnSize(original.train),
        TE.map((survey) =>
          notesOf(share, survey, original.range ?? null, size).forEach((note) =>
            message(`depth of ${survey.samples} training samples: ${note}`)
          )
        ),
      )
    ),
  );
