import { stepSamples } from "../lib/data/split.ts";
import { fillHoles } from "../lib/data/fill_holes.ts";
import { depthTensor } from "../lib/data/tensors.ts";
import { pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { sceneStages } from "../lib/embedding/scene.ts";
import type { Failure } from "../lib/errors.ts";
import { fold, keyOf } from "../lib/tensor/key.ts";
import { saveCheckpoint } from "../lib/train/checkpoint.ts";
import { trackStatistics } from "../lib/train/track_statistics.ts";
import { generatorTitles } from "./generator_titles.ts";
import { mirrorOnly, type Pretrained, type Pretraining } from "./pretext.ts";

/**
 * HEG-S's stages with weights as they are drawn from the seed, whose batch norms have tracked the training data's depth:
 * they are scaled as a trained generator's, so that nothing but the weights is random. Writes its checkpoint.
 */
export const drawRandom = (
  { configuration, data, out, telling }: Pretraining,
): TaskEither<Failure, Pretrained> =>
async () => {
  const { widths, steps, batch } = configuration.generators.random;
  const key = fold(keyOf(configuration.seed), "random");
  const layer = sceneStages(widths);
  const samplesAt = stepSamples(data.augmented(mirrorOnly), data.resized.train, key, batch);
  const shown = telling.progress(generatorTitles.random, steps);
  const depthAt = (step: number) =>
    pipe(
      samplesAt(step),
      TE.map((samples) => {
        shown.update(step + 1, "statistics");
        return depthTensor(samples.map(({ depth }) => fillHoles(depth)));
      }),
    );
  const tracked = await trackStatistics(layer, layer.init(fold(key, "init")), steps, depthAt)();
  shown.end();
  const checkpoint = `${out}/heg-random.safetensors`;
  const info = { kind: "random", configuration: JSON.stringify(configuration), scenes: data.resized.scenes } as const;
  return pipe(
    TE.fromEither(tracked),
    TE.chainFirst(({ params, statistics }) => {
      const variables = { params: { stages: params }, statistics: { stages: statistics } };
      return saveCheckpoint(checkpoint, { step: steps, key, variables, optimizer: {} }, info);
    }),
    TE.map((stages): Pretrained => ({ generator: "random", checkpoint, stages, report: { batches: steps } })),
  )();
};
