import { pipe } from "../dependencies/fp.ts";
import type { DepthMaps, Features } from "../tensor/features.ts";
import { asFeatures } from "../tensor/features.ts";
import type { Branch } from "../tensor/tree.ts";
import { allSideBySide } from "../nn/combinators.ts";
import { biasedConv, type BiasedConvParams } from "../nn/conv.ts";
import { convNormLeakyRelu } from "../nn/conv_norm.ts";
import { identityLayer, input, joinParts, type Layer, namedPart, opaque, then } from "../nn/layer.ts";
import { resizeBilinear } from "../nn/resize.ts";
import { coarsest, type EmbeddingStages, embeddingStages } from "./stages.ts";

/** Parameters of a reconstructor: the embedding's stages, the decoder, and the last convolution. */
export type ReconstructorParams = {
  readonly stages: Branch;
  readonly decoder: Branch;
  readonly output: BiasedConvParams;
};

/** Statistics of a reconstructor's batch norms. */
export type ReconstructorStatistics = {
  readonly stages: Branch;
  readonly decoder: Branch;
  readonly output: Branch;
};

/** Depth maps without holes (batch, height, width, 1), metres, to their reconstruction. */
export type Reconstructor = Layer<
  DepthMaps,
  DepthMaps,
  ReconstructorParams,
  ReconstructorStatistics
>;

/** LeakyReLU's slope in HEG-R. */
const slope = 0.2;

/** The stages of HEG-R's encoder; the published widths are 16, 32 and 64. */
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
  opaque(pipe(
    input<number>(inputChannels),
    then(
      "first",
      convNormLeakyRelu<number, number>(inputChannels, width, 3, slope),
    ),
    then("second", convNormLeakyRelu<number, number>(width, width, 3, slope)),
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
    layer: opaque(
      namedPart(
        `stage${index + 1}`,
        decoderStage(widths[index + 1] ?? width, width),
      ),
    ),
  })).reverse();
  return {
    ...allSideBySide(stages.map(({ layer }) => layer)),
    apply: (variables, levels, mode) =>
      stages.reduce<readonly [Features<number>, Branch]>(
        ([features, statistics], { index, layer }) => {
          const [output, tracked] = layer.apply(variables, atSizeOf(levels[index], features), mode);
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
 */
export const reconstructor = (widths: readonly number[]): Reconstructor => {
  const [finest] = widths;
  if (finest === undefined) throw new Error("a reconstructor needs at least one stage");
  return pipe(
    identityLayer<DepthMaps>(),
    then("stages", reconstructionStages(widths)),
    then("decoder", decoder(widths)),
    then("output", biasedConv<number, 1>(finest, 1, 3)),
  );
};
