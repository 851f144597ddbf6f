import { readValues } from "../backend/device.ts";
import { onDevice } from "../backend/device_failure.ts";
import { resizeBilinearly } from "../data/bilinear.ts";
import type { Sample } from "../data/dataset.ts";
import { resizeImage } from "../data/resize.ts";
import { depthTensor, imagesTensor } from "../data/tensors.ts";
import { E, type Either, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure, orThrow } from "../errors.ts";
import { checkNumbers, countFrom } from "../formats/numbers.ts";
import type { DepthImage, RgbImage } from "../formats/raster.ts";
import { evaluateTerms, type Objective } from "../loss/objective.ts";
import type { Layer, Learner, Variables } from "../nn/layer.ts";
import { type DepthMaps, type Images, validMask, type ValidMasks } from "../tensor/features.ts";
import { scope } from "../tensor/scope.ts";
import type { Branch } from "../tensor/tree.ts";

/** Pictures with their ground truth. */
export type DepthBatch = {
  readonly images: Images;
  /** Metres; 0 = no measurement. */
  readonly depth: DepthMaps;
  readonly mask: ValidMasks;
};

/** A depth network under an objective. */
export const depthLearner = <P extends Branch, S extends Branch>(
  network: Layer<Images, DepthMaps, P, S>,
  objective: Objective,
): Learner<DepthBatch, P, S> => ({
  init: network.init,
  form: network.form,
  losses: (variables, { images, depth, mask }, mode, step) => {
    const [prediction, statistics] = network.apply(variables, images, mode);
    return [
      evaluateTerms(objective, step, depth, prediction, mask),
      statistics,
    ];
  },
});

/**
 * Samples of one size as a batch for a depth network, whether any pixel of them is measured or not, see
 * {@link measuredBatch}. The caller owns its tensors.
 */
export const depthBatch = (samples: readonly Sample[]): DepthBatch =>
  scope(() => {
    const depth = depthTensor(samples.map((sample) => sample.depth));
    return { images: imagesTensor(samples.map(({ image }) => image)), depth, mask: validMask(depth) };
  });

/**
 * {@link depthBatch} of samples of which at least one has a measured pixel. Without any, the loss would be 0 and nothing
 * learned. Errors: "data", naming the samples.
 */
export const measuredBatch = (samples: readonly Sample[]): Either<Failure, DepthBatch> => {
  if (samples.some(({ depth }) => depth.metres.some((metres) => metres > 0))) return E.right(depthBatch(samples));
  const names = samples.slice(0, 3).map(({ name }) => name).join(", ");
  const more = samples.length > 3 ? ` and ${samples.length - 3} more` : "";
  return E.left(
    failure(
      "data",
      `the batch of ${names}${more}`,
      "no measured depth after its random changes",
      "at least one measured pixel",
      "Depth so sparse is lost by augment.rotation and augment.scale: set them to 0 and 1, or raise training.batch or " +
        "data.height and data.width.",
    ),
  );
};

/** From a picture of any size to its depth map at the same size, in metres, finite, not clipped. */
export type Predictor = (image: RgbImage) => TaskEither<Failure, DepthImage>;

/** Depths that are numbers, or why they are none, said of what predicted them. */
const finite = (metres: Float32Array, origin: string): Either<Failure, Float32Array> => {
  const strange = metres.find((depth) => !Number.isFinite(depth));
  return strange === undefined ? E.right(metres) : E.left(
    failure(
      "numeric",
      origin,
      `a predicted depth of ${strange}`,
      "finite depths",
      "Training may have diverged: look at the log of its losses.",
    ),
  );
};

/** Rows and columns of a picture, or of a network's input. */
export interface InputSize {
  readonly height: number;
  readonly width: number;
}

/**
 * {@link predictor} whose input is of a size that depends on the picture's own.
 *
 * @param sizeOf The network's input for a picture; whole numbers from 1 on.
 */
export const sizedPredictor = <P extends Branch, S extends Branch>(
  network: Layer<Images, DepthMaps, P, S>,
  variables: Variables<P, S>,
  sizeOf: (image: InputSize) => InputSize,
  origin = "the prediction",
): Predictor =>
(image) =>
  onDevice("the prediction", async () => {
    const { height, width } = sizeOf(image);
    const depth = scope(() => {
      const images = imagesTensor([resizeImage(height, width)(image)]);
      return network.apply(variables, images, "inference")[0];
    });
    const metres = await readValues(depth).finally(() => depth.dispose());
    return resizeBilinearly(image.height, image.width)({ height, width, metres: orThrow(finite(metres, origin)) });
  });

/**
 * Depth prediction with fixed variables: the picture is resized to the network's input size, and the depth map bilinearly
 * back to the picture's own, which a device need not hold: pictures may be larger than its memory.
 *
 * Errors: "device" if the backend fails, such as for want of memory, or if another device was opened since; "numeric" if a
 * depth is NaN or infinite; "configuration" for a size of no whole numbers.
 *
 * @param origin What is said to predict such a depth: the path of the checkpoint, if there is one.
 */
export const predictor = <P extends Branch, S extends Branch>(
  network: Layer<Images, DepthMaps, P, S>,
  variables: Variables<P, S>,
  height: number,
  width: number,
  origin = "the prediction",
): Predictor => {
  const sound = checkNumbers("the network's input", { height: countFrom(1), width: countFrom(1) }, { height, width });
  if (E.isLeft(sound)) return () => TE.left(sound.left);
  return sizedPredictor(network, variables, () => ({ height, width }), origin);
};
