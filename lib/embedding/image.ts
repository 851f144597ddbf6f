import { lumaOf } from "../data/augment.ts";
import type { Sample, Split } from "../data/dataset.ts";
import { subsetOf } from "../data/split.ts";
import { E, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import { checkNumbers, countFrom } from "../formats/numbers.ts";
import type { DepthImage, RgbImage } from "../formats/raster.ts";
import type { GeneratorCode, LearnedSettings } from "./generator.ts";
import { checkLabels, labelledBatch, type SceneBatches, sceneStages, trainClassifier } from "./scene.ts";
import { labelledSamples } from "./scene_labels.ts";

/** How grey images are brought to the range of depth maps: gain · luma + offset, luma 0…1.
 * @category Generators */
export interface GreyScale {
  /** Metres for a luma of 1 above those for 0. */
  readonly gain: number;
  /** Metres for a luma of 0. */
  readonly offset: number;
}

/** Count, sum and sum of squares of some numbers. */
type Moments = readonly [count: number, sum: number, squares: number];

const momentsOf = (values: Float32Array): Moments => {
  const moments: [number, number, number] = [0, 0, 0];
  for (const value of values) {
    moments[0] += 1;
    moments[1] += value;
    moments[2] += value * value;
  }
  return moments;
};

const together = ([a, b, c]: Moments, [d, e, f]: Moments): Moments => [a + d, b + e, c + f];

const none: Moments = [0, 0, 0];

const meanAndDeviation = ([count, sum, squares]: Moments): readonly [mean: number, deviation: number] => {
  const mean = count === 0 ? 0 : sum / count;
  return [mean, count === 0 ? 0 : Math.sqrt(Math.max(squares / count - mean * mean, 0))];
};

const scaleOf = (greys: Moments, depths: Moments): GreyScale => {
  const [[grey, spread], [depth, depthSpread]] = [meanAndDeviation(greys), meanAndDeviation(depths)];
  const gain = spread === 0 ? 0 : depthSpread / spread;
  return { gain, offset: depth - gain * grey };
};

const measured = ({ depth: { metres } }: Sample): Float32Array => metres.filter((each) => each > 0);

/**
 * The scale by which the grey images of a split have, over all of it, mean and standard deviation of its depth: one scale
 * for the whole data set, so that no image tells anything of its own depth. At most `most` samples are read, evenly spread.
 * @category Generators
 */
export const greyScaleOf = (split: Split, most = 64): TaskEither<Failure, GreyScale> => async () => {
  const sound = checkNumbers("the scale of grey images", { most: countFrom(1) }, { most });
  if (E.isLeft(sound)) return sound;
  let [greys, depths] = [none, none];
  const count = Math.min(split.size, most);
  for (let index = 0; index < count; index++) {
    const sample = await split.read(Math.floor(index * split.size / count))();
    if (E.isLeft(sample)) return sample;
    greys = together(greys, momentsOf(lumaOf(sample.right.image)));
    depths = together(depths, momentsOf(measured(sample.right)));
  }
  return E.right(scaleOf(greys, depths));
};

/** A grey image as if it were a depth map without holes.
 * @category Generators */
export const greyMap = (image: RgbImage, { gain, offset }: GreyScale): DepthImage => ({
  height: image.height,
  width: image.width,
  metres: lumaOf(image).map((value) => gain * value + offset),
});

/**
 * The batches of HEG-S with the samples' grey images in place of their depth maps, brought to the range of these: for a
 * generator that learns an ordinary image task. Errors: "data" if a sample's scene is not one of `scenes`.
 * @category Generators
 */
export const greyBatch = (scenes: readonly string[], scale: GreyScale): SceneBatches =>
  labelledBatch(scenes, ({ image }) => greyMap(image, scale));

/** The scene from the grey image. */
export const imageCode: GeneratorCode<LearnedSettings> = {
  stages: sceneStages,
  check: checkLabels,
  pretrain: (data, train) => {
    const { title, dataset } = data;
    return pipe(
      TE.fromEither(labelledSamples(title, dataset)),
      TE.chain((labelled) =>
        pipe(
          greyScaleOf(subsetOf(dataset.train, labelled.trained)),
          TE.chain((scale) => trainClassifier(data, labelled, greyBatch(dataset.scenes, scale), train)),
        )
      ),
    );
  },
};
