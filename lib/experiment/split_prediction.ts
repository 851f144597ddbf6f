/** Depth maps of all samples of a split, in folders as the names of the samples have them. */
import type { Dataset, Split } from "../data/dataset.ts";
import { allIndices, emptySplit } from "../data/split.ts";
import { pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { join } from "../dependencies/text.ts";
import type { Failure } from "../errors.ts";
import { usualEncoding } from "../pictures/depth_formats.ts";
import type { Predictor } from "../train/depth_network.ts";
import { type PredictionRun, type Predictions, predictPlanned } from "./prediction.ts";
import type { PredictionOptions, PredictionPlan } from "./prediction_plan.ts";
import { plannedImages, sampleResultNames } from "./result_names.ts";
import { checkFree } from "./result_places.ts";

/**
 * Where the results of a split go: into the folder of its name in `out`, each below the folders of its sample's name. Names
 * that differ only by what some file system does not tell apart get numbers. Nothing is written yet.
 *
 * Errors: "data" for a split without samples; "file", listing what stands where results are to be written.
 * @category Experiments
 */
export const planSplit = (
  dataset: Pick<Dataset, "train" | "test">,
  name: "train" | "test",
  { out, formats, encoding = usualEncoding, overwrite = false }: PredictionOptions,
): TaskEither<Failure, PredictionPlan> => {
  const split = dataset[name];
  if (split.size === 0) return TE.left(emptySplit(name));
  const names = allIndices(split).map((index) => split.entry(index).name);
  const images = plannedImages(names, join(out, name), formats, sampleResultNames);
  return pipe(
    checkFree(images, join(out, name), overwrite),
    TE.map(() => ({ images, leftOut: [], encoding })),
  );
};

/**
 * Predicts the samples of a split, each at its own size, as {@link planSplit} has planned it. Errors: as `predictFiles`.
 *
 * @param split The split that was planned, with its samples at their own sizes.
 * @category Experiments
 */
export const predictSplit = (
  predict: Predictor,
  split: Split,
  plan: PredictionPlan,
  run: Omit<PredictionRun, "maxMegapixels"> = {},
): TaskEither<Failure, Predictions> =>
  predictPlanned((_, place) => pipe(split.read(place), TE.chain(({ image }) => predict(image))), plan, run);
