import { E, type TaskEither } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import type { Split } from "../data/dataset.ts";
import type { Sample } from "../data/sample.ts";
import type { DepthImage } from "../formats/raster.ts";
import { countValid, type DepthRange, imageMetrics } from "../metrics/depth_metrics.ts";
import { type MetricSum, metricSum, ofImage } from "../metrics/summary.ts";
import type { Predictor } from "./predict.ts";

/** The metrics of a split and how fast its images were predicted, decoding and metrics left out. */
export interface Evaluation {
  /** The metrics summed over images; {@link averageOverImages} gives their means. */
  readonly sum: MetricSum;
  /** Images that were predicted in a second, their resizing and the wait for the device included. */
  readonly framesPerSecond: number;
}

/** What a sample and its prediction are shown to after each image. */
export type OnPrediction = (index: number, sample: Sample, prediction: DepthImage) => void;

/**
 * Predicts every image of a split at its own size and compares with the ground truth as it was measured (PAPER,
 * "Evaluation").
 */
export const evaluateSplit =
  (split: Split, predict: Predictor, range: DepthRange, onPrediction: OnPrediction): TaskEither<Failure, Evaluation> =>
  async () => {
    let sum = metricSum.empty;
    let seconds = 0;
    for (let index = 0; index < split.size; index++) {
      const sample = await split.read(index)();
      if (E.isLeft(sample)) return sample;
      const started = performance.now();
      const prediction = await predict(sample.right.image)();
      seconds += (performance.now() - started) / 1000;
      if (E.isLeft(prediction)) return prediction;
      const { depth } = sample.right;
      sum = metricSum.concat(sum, ofImage(imageMetrics(prediction.right, depth, range), countValid(depth)));
      onPrediction(index, sample.right, prediction.right);
    }
    return E.right({ sum, framesPerSecond: split.size / seconds });
  };
