import { readValues } from "../backend/device.ts";
import type { Sample, Split } from "../data/dataset.ts";
import { depthTensor, fillHolesWithNearest } from "../data/tensors.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import type { Failure } from "../errors.ts";
import { allSideBySide } from "../nn/combinators.ts";
import { biasedConv, type BiasedConvParams } from "../nn/conv.ts";
import { convNormLeakyRelu } from "../nn/conv_norm.ts";
import {
  identityLayer,
  inputFeatures,
  joinParts,
  type Layer,
  layer,
  type Learner,
  namedPart,
  untyped,
  type Variables,
} from "../nn/layer.ts";
import { absolute, maskedMean, sumOfValues } from "../nn/operations.ts";
import { resizeBilinear } from "../nn/resize.ts";
import {
  asFeatures,
  type DepthMaps,
  type Features,
  type Scalar,
  validMask,
  type ValidMasks,
} from "../tensor/features.ts";
import { scope } from "../tensor/scope.ts";
import { type Branch, disposeTree } from "../tensor/tree.ts";
import { type Sums, sumsOver } from "./data_passes.ts";
import { coarsest, type EmbeddingStages, embeddingStages } from "./embedding.ts";
import { codePerPixel, type GeneratorCode, type LearnedSettings } from "./generator.ts";

/** Parameters of a reconstructor: the embedding's stages, the decoder, and the last convolution.
 * @category Generators */
export type ReconstructorParams = {
  readonly stages: Branch;
  readonly decoder: Branch;
  readonly output: BiasedConvParams;
};

/** Statistics of a reconstructor's batch norms.
 * @category Generators */
export type ReconstructorStatistics = {
  readonly stages: Branch;
  readonly decoder: Branch;
  readonly output: Branch;
};

/** Depth maps without holes (batch, height, width, 1), metres, to their reconstruction.
 * @category Generators */
export type Reconstructor = Layer<
  DepthMaps,
  DepthMaps,
  ReconstructorParams,
  ReconstructorStatistics
>;

/** LeakyReLU's slope in HEG-R. */
const slope = 0.2;

/** The stages of HEG-R's encoder; the published widths are 16, 32 and 64.
 * @category Generators */
export const reconstructionStages = (
  widths: readonly number[],
): EmbeddingStages => embeddingStages(widths, slope);

type Decoder = Layer<
  readonly Features<number>[],
  Features<number>,
  Branch,
  Branch
>;

/** Two 3×3 convolutions + batch norm + LeakyReLU, at the size of one encoder stage. */
const decoderStage = (
  inputChannels: number,
  width: number,
): Layer<Features<number>, Features<number>, Branch, Branch> =>
  untyped(pipe(
    inputFeatures<number>(inputChannels),
    layer(
      "first",
      convNormLeakyRelu<number, number>(inputChannels, width, 3, slope),
    ),
    layer("second", convNormLeakyRelu<number, number>(width, width, 3, slope)),
  ));

/** The features at the size of a level of the encoder. */
const atSizeOf = (level: Features<number> | undefined, features: Features<number>): Features<number> => {
  if (level === undefined) throw new Error("a decoder has as many stages as its encoder has levels");
  const [, height, width] = level.shape;
  const fits = features.shape[1] === height && features.shape[2] === width;
  return fits ? features : asFeatures<number>(
    features.shape[3],
    resizeBilinear(features, [height, width]),
  );
};

/** From the code, the last of the encoder's levels, to the size of the first: the other levels give only their sizes. */
const decoder = (widths: readonly number[]): Decoder => {
  const stages = widths.map((width, index) => ({
    index,
    layer: untyped(
      namedPart(
        `stage${index + 1}`,
        decoderStage(widths[index + 1] ?? width, width),
      ),
    ),
  })).reverse();
  return {
    ...allSideBySide(stages.map(({ layer }) => layer)),
    apply: (variables, levels, mode, key) =>
      stages.reduce<readonly [Features<number>, Branch]>(
        ([features, statistics], { index, layer }) => {
          const [output, tracked] = layer.apply(variables, atSizeOf(levels[index], features), mode, key);
          return [output, joinParts(statistics, tracked)];
        },
        [coarsest(levels), {}],
      ),
  };
};

/**
 * HEG-R with its decoder: reconstruction of the depth map through a bottleneck (PAPER, the table of generators). For the
 * published widths 16, 32, 64 the decoder is 64, 64↑ | 32, 32↑ | 16, 16, 1; upsampling is bilinear, to the encoder's sizes.
 *
 * @throws Error if there are no widths.
 * @category Generators
 */
export const reconstructor = (widths: readonly number[]): Reconstructor => {
  const [finest] = widths;
  if (finest === undefined) throw new Error("a reconstructor needs at least one stage");
  return pipe(
    identityLayer<DepthMaps>(),
    layer("stages", reconstructionStages(widths)),
    layer("decoder", decoder(widths)),
    layer("output", biasedConv<number, 1>(finest, 1, 3)),
  );
};

/** Depth maps whose holes are filled, and where they were measured.
 * @category Generators */
export type ReconstructionBatch = {
  readonly filled: DepthMaps;
  readonly mask: ValidMasks;
};

/** Samples of one size as a batch for HEG-R, holes filled with the nearest measurement.
 * @category Generators */
export const reconstructionBatch = (samples: readonly Sample[]): ReconstructionBatch =>
  scope(() => ({
    filled: depthTensor(samples.map(({ depth }) => fillHolesWithNearest(depth))),
    mask: validMask(depthTensor(samples.map(({ depth }) => depth))),
  }));

/** HEG-R: the mean absolute error of the reconstruction over measured pixels, in metres.
 * @category Generators */
export const reconstructionLearner = (
  reconstructor: Reconstructor,
): Learner<ReconstructionBatch, ReconstructorParams, ReconstructorStatistics> => ({
  init: reconstructor.init,
  form: reconstructor.form,
  losses: (variables, { filled, mask }, mode, _step, key) => {
    const [reconstruction, statistics] = reconstructor.apply(variables, filled, mode, key);
    return [{ reconstruction: maskedMean(absolute(tf.sub(filled, reconstruction)), mask) }, statistics];
  },
});

/** How well a reconstructor does on a split, in metres.
 * @category Generators */
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

/** The error of HEG-R on a split at the network's input size.
 * @category Generators */
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
