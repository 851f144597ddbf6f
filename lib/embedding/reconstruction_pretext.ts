import { readValues } from "../backend/device.ts";
import type { Split } from "../data/dataset.ts";
import { fillHoles } from "../data/fill_holes.ts";
import type { Sample } from "../data/sample.ts";
import { depthTensor } from "../data/tensors.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import type { Failure } from "../errors.ts";
import { absolute } from "../nn/absolute.ts";
import type { Variables } from "../nn/layer.ts";
import { maskedMean, sumOfValues } from "../nn/reductions.ts";
import { type DepthMaps, type Scalar, validMask, type ValidMasks } from "../tensor/features.ts";
import { scope } from "../tensor/scope.ts";
import { disposeTree } from "../tensor/tree.ts";
import type { Learner } from "../train/learner.ts";
import { codePerPixel, type GeneratorCode } from "./generator.ts";
import type { LearnedSettings } from "./generator_records.ts";
import {
  reconstructionStages,
  type Reconstructor,
  reconstructor,
  type ReconstructorParams,
  type ReconstructorStatistics,
} from "./reconstruction.ts";
import { type Sums, sumsOver } from "./sums_over.ts";

/** Depth maps whose holes are filled, and where they were measured. */
export type ReconstructionBatch = {
  readonly filled: DepthMaps;
  readonly mask: ValidMasks;
};

/** Samples of one size as a batch for HEG-R, holes filled with the nearest measurement. */
export const reconstructionBatch = (samples: readonly Sample[]): ReconstructionBatch =>
  scope(() => ({
    filled: depthTensor(samples.map(({ depth }) => fillHoles(depth))),
    mask: validMask(depthTensor(samples.map(({ depth }) => depth))),
  }));

/** HEG-R: the mean absolute error of the reconstruction over measured pixels, in metres. */
export const reconstructionLearner = (
  reconstructor: Reconstructor,
): Learner<ReconstructionBatch, ReconstructorParams, ReconstructorStatistics> => ({
  init: reconstructor.init,
  form: reconstructor.form,
  losses: (variables, { filled, mask }, mode) => {
    const [reconstruction, statistics] = reconstructor.apply(variables, filled, mode);
    return [{ reconstruction: maskedMean(absolute(tf.sub(filled, reconstruction)), mask) }, statistics];
  },
});

/** How well a reconstructor does on a split, in metres. */
export interface ReconstructionError {
  /** Mean |reconstruction − depth| over measured pixels. */
  readonly error: number;
  /** The same for the constant mean depth of the split. */
  readonly ofMean: number;
}

const readNumber = async (scalar: Scalar): Promise<number> => {
  const [value] = await readValues(scalar).finally(() => scalar.dispose());
  if (value === undefined) throw new Error("a scalar without a value");
  return value;
};

/** Sums over the measured pixels of a batch: of |reconstruction − depth|, of |mean − depth|, and of 1. */
const deviations = async (
  reconstructor: Reconstructor,
  variables: Variables<ReconstructorParams, ReconstructorStatistics>,
  mean: number,
  samples: readonly Sample[],
): Promise<Either<Failure, Sums<"own" | "ofMean" | "pixels">>> => {
  const batch = reconstructionBatch(samples);
  const sums = scope(() => {
    const [reconstruction] = reconstructor.apply(variables, batch.filled, "inference");
    const total = (guess: tf.Tensor | number) => sumOfValues(tf.mul(absolute(tf.sub(batch.filled, guess)), batch.mask));
    return { own: total(reconstruction), ofMean: total(mean), pixels: sumOfValues(batch.mask) };
  });
  disposeTree(batch);
  const [own, ofMean, pixels] = await Promise.all([
    readNumber(sums.own),
    readNumber(sums.ofMean),
    readNumber(sums.pixels),
  ]);
  return E.right({ own, ofMean, pixels });
};

const meanDepth = (split: Split): TaskEither<Failure, number> =>
  pipe(
    sumsOver(split, { metres: 0, pixels: 0 }, (samples) => {
      const valid = samples.flatMap(({ depth }) => Array.from(depth.metres).filter((metres) => metres > 0));
      const metres = valid.reduce((sum, each) => sum + each, 0);
      return Promise.resolve(E.right({ metres, pixels: valid.length }));
    }),
    TE.map(({ metres, pixels }) => metres / pixels),
  );

/** The error of HEG-R on a split at the network's input size. */
export const reconstructionError = (
  reconstructor: Reconstructor,
  variables: Variables<ReconstructorParams, ReconstructorStatistics>,
  split: Split,
): TaskEither<Failure, ReconstructionError> =>
  pipe(
    meanDepth(split),
    TE.chain((mean) =>
      sumsOver(
        split,
        { own: 0, ofMean: 0, pixels: 0 },
        (samples) => deviations(reconstructor, variables, mean, samples),
      )
    ),
    TE.map(({ own, ofMean, pixels }) => ({ error: own / pixels, ofMean: ofMean / pixels })),
  );

/** HEG-R: the depth map from itself through a bottleneck. */
export const reconstructionCode: GeneratorCode<LearnedSettings> = {
  stages: reconstructionStages,
  pretrain: ({ settings: { widths, optim }, dataset, height, width }, train) => {
    const network = reconstructor(widths);
    return train({
      learner: reconstructionLearner(network),
      optim,
      batchOf: (samples) => E.right(reconstructionBatch(samples)),
      evaluate: (variables) =>
        pipe(
          reconstructionError(network, variables, dataset.test),
          TE.map((report) => ({ ...report, codePerPixel: codePerPixel(widths, height, width) })),
        ),
    });
  },
};
