import { readValues } from "../backend/device.ts";
import { onDevice } from "../backend/device_failure.ts";
import { depthTensor, imagesTensor } from "../data/tensors.ts";
import type { TaskEither } from "../dependencies/fp.ts";
import type { Embedding } from "../embedding/embedding.ts";
import type { Failure } from "../errors.ts";
import type { DepthImage, RgbImage } from "../formats/raster.ts";
import {
  type Explanation,
  type GeneratorExplanation,
  type LevelExplanation,
  pullOf,
  type TermExplanation,
} from "../loss/explanation.ts";
import { levelMaps } from "../loss/hierarchical.ts";
import { type Loss, type LossContext, lossContext, scaleLoss } from "../loss/loss.ts";
import { nearBoundaries } from "../metrics/boundaries.ts";
import { type DepthMaps, type Features, type Scalar, validMask, type ValidMasks } from "../tensor/features.ts";
import { keyOf } from "../tensor/key.ts";
import { scope } from "../tensor/scope.ts";
import { type Branch, disposeTree } from "../tensor/tree.ts";

/** A generator whose levels are to be compared.
 * @category Training */
export interface ExplainedGenerator {
  /** Its name for people, such as "HEG-S". */
  readonly name: string;
  /** The unit of its values: "m", or "" for an embedding, whose unit is its own. */
  readonly unit: string;
  /** What embeds depth maps. */
  readonly embedding: Embedding;
  /** What the mean difference of each level is multiplied by in the loss of the run; absent ones are 0. */
  readonly weights: readonly number[];
}

/** A loss whose pull is to be shown.
 * @category Training */
export interface ExplainedTerm {
  /** Its name for people, such as "HEG-S". */
  readonly name: string;
  /** Whether it is part of what the run minimized. */
  readonly trained: boolean;
  /** What the loss is multiplied by. */
  readonly weight: number;
  /** The loss before it is weighted. */
  readonly loss: Loss;
  /** What the loss has learned; absent for those that learn nothing. The caller owns it. */
  readonly params?: Branch;
}

/** What is to be explained.
 * @category Training */
export interface Explained {
  /** The generators whose levels are compared. */
  readonly generators: readonly ExplainedGenerator[];
  /** The losses whose pulls are compared. */
  readonly terms: readonly ExplainedTerm[];
  /** The step that losses are told of, 0 by default. */
  readonly step?: number;
}

/**
 * From ground truth and prediction of one image, of one size, in metres, to what losses see in it. The image itself, of that
 * size, is for losses that see it, and black if it is absent.
 * @category Training
 */
export type Explainer = (
  truth: DepthImage,
  prediction: DepthImage,
  image?: RgbImage,
) => TaskEither<Failure, Explanation>;

/** Ground truth, prediction and valid mask on the device. */
type Compared = readonly [target: DepthMaps, prediction: DepthMaps, mask: ValidMasks];

/** What is drawn for a loss that draws: the same for every image. */
const key = keyOf(0);

/** How far from a depth boundary a pixel still counts as next to it, in pixels: its eight neighbours do. */
const reach = 1.5;

const mean = (values: Float32Array, counts: (at: number) => boolean): number | null => {
  let [sum, count] = [0, 0];
  values.forEach((value, at) => {
    if (!counts(at)) return;
    sum += Math.abs(value);
    count++;
  });
  return count === 0 ? null : sum / count;
};

const levelOf = async (
  map: Features<1>,
  channels: number | undefined,
  level: number,
  weight: number,
): Promise<LevelExplanation> => {
  const [, height, width] = map.shape;
  if (channels === undefined) throw new Error("an embedding gives one depth map more levels than another");
  const values = await readValues(map);
  return { level, channels, difference: { height, width, values }, mean: mean(values, () => true) ?? 0, weight };
};

const explainGenerator = async (
  { name, unit, embedding, weights }: ExplainedGenerator,
  compared: Compared,
): Promise<GeneratorExplanation> => {
  const channels = scope(() => embedding(compared[0]).map(({ shape }) => shape[3]));
  const maps = scope(() => levelMaps(embedding, ...compared));
  const levels: LevelExplanation[] = [];
  for (const [index, map] of maps.entries()) {
    levels.push(await levelOf(map, channels[index], index + 1, weights[index] ?? 0));
  }
  maps.forEach(disposeTree);
  return { name, unit, levels };
};

const explainTerm = async (
  { name, trained, weight, loss, params = {} }: ExplainedTerm,
  compared: Compared,
  context: LossContext,
  truth: DepthImage,
  near: Uint8Array,
): Promise<TermExplanation> => {
  const weighted = scaleLoss(weight)(loss);
  const at = { ...context, params };
  const { value, pull }: { readonly value: Scalar; readonly pull: Features<1> } = scope(() => ({
    value: weighted(...compared, at),
    pull: pullOf(weighted, ...compared, at),
  }));
  const [[number], values] = await Promise.all([readValues(value), readValues(pull)]);
  [value, pull].forEach(disposeTree);
  if (number === undefined) throw new Error("a scalar without a value");
  return {
    name,
    trained,
    value: number,
    pull: { height: truth.height, width: truth.width, values },
    strength: mean(values, (at) => truth.metres[at]! > 0) ?? 0,
    boundaryStrength: mean(values, (at) => near[at] === 1),
  };
};

const explainOn = async (
  { generators, terms }: Explained,
  truth: DepthImage,
  prediction: DepthImage,
  compared: Compared,
  context: LossContext,
): Promise<Explanation> => {
  const near = nearBoundaries(truth, reach);
  const explainedGenerators: GeneratorExplanation[] = [];
  for (const generator of generators) explainedGenerators.push(await explainGenerator(generator, compared));
  const explainedTerms: TermExplanation[] = [];
  for (const term of terms) explainedTerms.push(await explainTerm(term, compared, context, truth, near));
  return { truth, prediction, generators: explainedGenerators, terms: explainedTerms };
};

const blackImage = ({ height, width }: DepthImage): RgbImage => ({
  height,
  width,
  pixels: new Uint8Array(3 * height * width),
});

/**
 * What generators and losses see in one image: where the levels of ground truth and prediction differ, and where each loss
 * pulls the prediction. Both maps have the size of the network's input, at which the losses of training compare them.
 *
 * Errors: "device" if the backend fails, such as for want of memory.
 * @category Training
 */
export const explain = (explained: Explained): Explainer => (truth, prediction, image = blackImage(truth)) =>
  onDevice("the maps of the losses", async () => {
    const { compared, context }: { readonly compared: Compared; readonly context: LossContext } = scope(() => {
      const target = depthTensor([truth]);
      return {
        compared: [target, depthTensor([prediction]), validMask(target)],
        context: lossContext(imagesTensor([image]), explained.step ?? 0, key),
      };
    });
    return await explainOn(explained, truth, prediction, compared, context).finally(() =>
      [...compared, context.images, context.step].forEach(disposeTree)
    );
  });
