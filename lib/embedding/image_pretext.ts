import { pipe, TE } from "../dependencies/fp.ts";
import { greyMap, type GreyScale, greyScaleOf } from "./grey.ts";
import type { GeneratorCode } from "./generator.ts";
import type { LearnedSettings } from "./generator_records.ts";
import { sceneStages } from "./scene.ts";
import { labelledBatch, labelledDataset, type SceneBatches, trainClassifier } from "./scene_pretext.ts";

/**
 * The batches of HEG-S with the samples' grey images in place of their depth maps, brought to the range of these: for a
 * generator that learns an ordinary image task. Errors: "data" if a sample's scene is not one of `scenes`.
 */
export const greyBatch = (scenes: readonly string[], scale: GreyScale): SceneBatches =>
  labelledBatch(scenes, ({ image }) => greyMap(image, scale));

/** The scene from the grey image. */
export const imageCode: GeneratorCode<LearnedSettings> = {
  stages: sceneStages,
  pretrain: (data, train) =>
    pipe(
      TE.fromEither(labelledDataset(data)),
      TE.chain(({ scenes, train: split }) =>
        pipe(greyScaleOf(split), TE.chain((scale) => trainClassifier(data, greyBatch(scenes, scale), train)))
      ),
    ),
};
