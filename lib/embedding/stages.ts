import { pipe } from "../dependencies/fp.ts";
import type { DepthMaps, Features } from "../tensor/features.ts";
import type { Branch } from "../tensor/tree.ts";
import { allSideBySide } from "../nn/combinators.ts";
import { convNormLeakyRelu } from "../nn/conv_norm.ts";
import { input, joinParts, type Layer, namedPart, opaque, then } from "../nn/layer.ts";

/** Stages of an embedding generator: a depth map to the output of every stage, finer to coarser. */
export type EmbeddingStages = Layer<
  DepthMaps,
  readonly Features<number>[],
  Branch,
  Branch
>;

type Stage = Layer<Features<number>, Features<number>, Branch, Branch>;

const stage = (
  inputChannels: number,
  width: number,
  stride: number,
  slope: number,
): Stage =>
  opaque(pipe(
    input<number>(inputChannels),
    then(
      "first",
      convNormLeakyRelu<number, number>(inputChannels, width, 3, slope, {
        stride,
      }),
    ),
    then("second", convNormLeakyRelu<number, number>(width, width, 3, slope)),
  ));

/**
 * Stages of two 3×3 convolutions (no bias) + batch norm + LeakyReLU; all but the first halve the size (PAPER, the table of
 * generators). With widths 16 and 32 they hold 16,464 parameters.
 *
 * @param widths Channels of each stage.
 * @param slope LeakyReLU's slope: 0.01 for HEG-S, 0.2 for HEG-R.
 */
export const embeddingStages = (
  widths: readonly number[],
  slope: number,
): EmbeddingStages => {
  const stages: readonly Stage[] = widths.map((width, index) =>
    opaque(
      namedPart(
        `stage${index + 1}`,
        stage(widths[index - 1] ?? 1, width, index === 0 ? 1 : 2, slope),
      ),
    )
  );
  return {
    ...allSideBySide(stages),
    apply: (variables, depth, mode) => {
      const outputs: Features<number>[] = [];
      let statistics: Branch = {};
      for (const part of stages) {
        const [output, tracked] = part.apply(
          variables,
          outputs.at(-1) ?? depth,
          mode,
        );
        outputs.push(output);
        statistics = joinParts(statistics, tracked);
      }
      return [outputs, statistics];
    },
  };
};

/** The last of an embedding's feature maps. @throws Error if there is none: a bug of the caller. */
export const coarsest = (
  levels: readonly Features<number>[],
): Features<number> => {
  const last = levels.at(-1);
  if (last === undefined) {
    throw new Error("an embedding needs at least one stage");
  }
  return last;
};
