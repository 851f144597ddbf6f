import type { Sample, Split } from "../data/dataset.ts";
import type { OpenData } from "../data/open_data.ts";
import { emptySplit, type OnUnreadable } from "../data/split.ts";
import { E, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure, settled } from "../errors.ts";
import { writeBytes } from "../formats/files.ts";
import { encodeRgbPng } from "../formats/png.ts";
import type { DepthImage, RgbImage } from "../formats/raster.ts";
import { bestConstantOver } from "../metrics/best_constant.ts";
import type { DepthMetrics } from "../metrics/depth_metrics.ts";
import type { DepthRange, Protocol } from "../metrics/protocols.ts";
import { metricsHeading, metricsLine, summarize } from "../metrics/summary.ts";
import { contactSheet, samplePanel } from "../pictures/panel.ts";
import type { Predictor } from "../train/depth_network.ts";
import { evaluateSplit, type Evaluation } from "../train/evaluate.ts";
import { type Listener, withProgress } from "../train/listener.ts";
import { protocolFor } from "./evaluation_protocol.ts";
import { stem } from "./files.ts";

/** An evaluation with the pictures that were asked for. */
export interface Illustrated {
  readonly evaluation: Evaluation;
  readonly panels: readonly { readonly name: string; readonly picture: RgbImage }[];
}

/** Indices of `count` pictures, evenly over a split. */
const pictured = (size: number, count: number): ReadonlySet<number> =>
  new Set(Array.from({ length: Math.min(count, size) }, (_, at) => Math.floor((at + 0.5) * size / count)));

/** How a split is evaluated. */
export interface EvaluationOptions {
  /** How predictions are compared with the ground truth. */
  readonly protocol: Protocol;
  /** How many samples are drawn. */
  readonly pictures: number;
  /** What is done with samples that cannot be read. */
  readonly onUnreadable: OnUnreadable;
  /** Told of every image. */
  readonly listener: Listener;
}

/** Evaluates a split by a protocol, and draws some of its samples. Errors: those of {@link evaluateSplit}. */
export const evaluateWithPictures = (
  split: Split,
  predict: Predictor,
  { protocol, pictures, onUnreadable, listener }: EvaluationOptions,
): TaskEither<Failure, Illustrated> =>
async () => {
  const chosen = pictured(split.size, pictures);
  const panels: { readonly name: string; readonly picture: RgbImage }[] = [];
  const draw = (index: number, { name, image, depth }: Sample, prediction: DepthImage): void => {
    if (!chosen.has(index)) return;
    const picture = samplePanel({ image, truth: depth, prediction, title: name });
    panels.push({ name: `${String(index).padStart(4, "0")}-${stem(name)}`, picture });
  };
  const result = await settled(() =>
    withProgress(
      listener.progress("evaluation", split.size),
      (update) =>
        evaluateSplit(split, predict, protocol, (index, sample, prediction) => {
          update(index + 1, sample.name);
          draw(index, sample, prediction);
        }, onUnreadable)(),
    )
  )();
  return pipe(result, E.map((evaluation) => ({ evaluation, panels })));
};

/** Writes each panel, and all of them in one overview, to a folder. */
export const writePictures = (folder: string, { panels }: Illustrated): TaskEither<Failure, void> => {
  if (panels.length === 0) return TE.right(undefined);
  const overview = { name: "overview", picture: contactSheet(panels.map(({ picture }) => picture)) };
  return pipe(
    TE.sequenceSeqArray(
      [...panels, overview].map(({ name, picture }) => writeBytes(`${folder}/${name}.png`, encodeRgbPng(picture))),
    ),
    TE.map(() => undefined),
  );
};

/**
 * The constant depth with the least `rel` on a training split, in metres, within the range that predictions are clipped to.
 * Errors: as of {@link bestConstantOver}.
 */
export const trainingConstant = (split: Split, { near, far }: DepthRange): TaskEither<Failure, number> =>
  pipe(
    bestConstantOver(
      "the training split",
      split.size,
      (index) => pipe(split.read(index), TE.map(({ depth }) => depth)),
    ),
    TE.map((metres) => Math.min(Math.max(metres, near), far)),
  );

/** Who predicted, in a failure of numbers: it could be the network or what it is compared with. */
export const predictedBy = (who: string) => (problem: Failure): Failure =>
  problem.kind === "numeric" ? { ...problem, where: `${problem.where}, as predicted by ${who}` } : problem;

/** The prediction that is the same everywhere. */
export const constantPredictor = (metres: number): Predictor => ({ height, width }) =>
  TE.right({ height, width, metres: new Float32Array(height * width).fill(metres) });

/** The name of a protocol and what it measured, as JSON; null for metrics that there are not. */
type EvaluationJson = Readonly<Record<string, number | string | null>>;

/** What was measured on a split, as JSON. */
export const sumJson = ({ protocol, sum }: Evaluation): EvaluationJson => {
  const { count, clipped, beyond } = sum.pixels;
  return {
    protocol: protocol.name,
    ...summarize(protocol, sum),
    images: sum.images,
    images_without_truth: sum.withoutTruth,
    pixels: count,
    clipped_share: count === 0 ? null : clipped / count,
    truth_out_of_range_share: count === 0 ? null : beyond / count,
  };
};

/** An evaluation of a network as JSON.
 * @category Experiments */
export const evaluationJson = (evaluation: Evaluation): EvaluationJson => ({
  ...sumJson(evaluation),
  frames_per_second: evaluation.framesPerSecond,
});

const averages = ({ protocol, sum }: Evaluation): DepthMetrics | null => summarize(protocol, sum);

/** Evaluations as a table of plain text, each with its label.
 * @category Experiments */
export const evaluationTable = (rows: readonly (readonly [label: string, evaluation: Evaluation])[]): string =>
  [metricsHeading(), ...rows.map(([label, evaluation]) => metricsLine(label, averages(evaluation)))].join("\n");

const nothingValid = (where: string, size: number, { name }: Protocol): Failure =>
  failure(
    "data",
    where,
    `${size} test images, none with a pixel that counts by the protocol ${name}`,
    "ground truth in the protocol's range and crop",
    "Check the unit of the depth files, or choose another protocol.",
  );

/**
 * Evaluates the test split of opened data, by a protocol that clips to the range of these if it clips to data. Errors: those
 * of {@link evaluateSplit}; "data" if there is nothing to compare.
 * @category Experiments
 */
export const evaluateData = (
  data: OpenData,
  predict: Predictor,
  protocol: Protocol,
  listener: Listener,
): TaskEither<Failure, Evaluation> => {
  const { original: { name, test }, onUnreadable } = data;
  return test.size === 0 ? TE.left(emptySplit("test")) : pipe(
    protocolFor(protocol, data, listener),
    TE.chain(({ protocol }) => evaluateWithPictures(test, predict, { protocol, pictures: 0, onUnreadable, listener })),
    TE.mapLeft(predictedBy("the network")),
    TE.map(({ evaluation }) => evaluation),
    TE.filterOrElse(({ sum }) => sum.images > 0, () => nothingValid(name, test.size, protocol)),
  );
};
