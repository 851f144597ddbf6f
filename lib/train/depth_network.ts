import { readValues } from "../backend/device.ts";
import { onDevice } from "../backend/device_failure.ts";
import { resizeBilinearly } from "../data/bilinear.ts";
import type { Sample } from "../data/dataset.ts";
import { resizeImage } from "../data/resize.ts";
import { depthTensor, imagesTensor } from "../data/tensors.ts";
import { E, type Either, type TaskEither, TE } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import { type Failure, failure, orThrow } from "../errors.ts";
import { checkNumbers, countFrom } from "../formats/numbers.ts";
import type { DepthImage, RgbImage } from "../formats/raster.ts";
import { learnedPartsOf } from "../loss/learned.ts";
import { lossContext } from "../loss/loss.ts";
import { evaluateTerms, learnedWeightsOf, type Objective } from "../loss/objective.ts";
import { joinParts, type Layer, type Learner, type Parametrized, type Variables } from "../nn/layer.ts";
import { type DepthMaps, type Images, validMask, type ValidMasks } from "../tensor/features.ts";
import { foldIn, keyOf } from "../tensor/key.ts";
import { scope } from "../tensor/scope.ts";
import { type Branch, disposeTree, type Empty } from "../tensor/tree.ts";
import { objectivePart } from "../weights/restore.ts";

/** Pictures with their ground truth.
 * @category Training */
export type DepthBatch = {
  readonly images: Images;
  /** Metres; 0 = no measurement. */
  readonly depth: DepthMaps;
  readonly mask: ValidMasks;
};

/** What an objective learns, in the parameters of its learner. */
const objectiveParams = (params: Branch): Branch => {
  const own = params[objectivePart];
  return own === undefined || own instanceof tf.Tensor ? {} : own;
};

/** What a network and its objective learn: the objective's parameters are one part more, beside those of the network. */
const withObjective = <P extends Branch, S extends Branch>(
  { init, form }: Parametrized<P, S>,
  objective: Parametrized<Branch, Empty>,
): Parametrized<P, S> => ({
  init: (key) => {
    const { params, statistics } = init(key);
    const learned = { [objectivePart]: objective.init(foldIn(key, objectivePart)).params };
    return { params: joinParts(params, learned), statistics };
  },
  form: { params: joinParts(form.params, { [objectivePart]: objective.form.params }), statistics: form.statistics },
});

const learnsItself = (objective: Objective): boolean => objective.some(({ learns }) => learns !== undefined);

/**
 * A depth network under an objective. What the objective learns itself lies beside the parameters of the network, under
 * "objective".
 *
 * @throws Error if two terms that learn have the same name.
 * @category Training
 */
export const depthLearner = <P extends Branch, S extends Branch>(
  network: Layer<Images, DepthMaps, P, S>,
  objective: Objective,
): Learner<DepthBatch, P, S> => {
  const learns = learnsItself(objective);
  const { init, form } = learns ? withObjective(network, learnedPartsOf(objective)) : network;
  return {
    init,
    form,
    losses: (variables, { images, depth, mask }, mode, step, key = foldIn(keyOf(0), step)) => {
      const [prediction, statistics] = network.apply(variables, images, mode, foldIn(key, "network"));
      const at = lossContext(images, step, foldIn(key, "objective"), objectiveParams(variables.params));
      return [evaluateTerms(objective, step, depth, prediction, mask, at), statistics];
    },
    ...(learns ? { weights: ({ params }) => learnedWeightsOf(objective, objectiveParams(params)) } : {}),
  };
};

/** The variables of a network that was trained under an objective, whose own parameters, if it has any, are freed. */
export const networkVariables = <P extends Branch, S extends Branch>(
  objective: Objective,
  { params, statistics }: Variables<P, S>,
): Variables<P, S> => {
  if (!learnsItself(objective)) return { params, statistics };
  const { [objectivePart]: learned, ...own }: Branch = params;
  if (learned !== undefined) disposeTree(learned);
  return { params: own as P, statistics };
};

/**
 * Samples of one size as a batch for a depth network, whether any pixel of them is measured or not, see
 * {@link measuredBatch}. The caller owns its tensors.
 * @category Training
 */
export const depthBatch = (samples: readonly Sample[]): DepthBatch =>
  scope(() => {
    const depth = depthTensor(samples.map((sample) => sample.depth));
    return { images: imagesTensor(samples.map(({ image }) => image)), depth, mask: validMask(depth) };
  });

/**
 * {@link depthBatch} of samples of which at least one has a measured pixel. Without any, the loss would be 0 and nothing
 * learned. Errors: "data", naming the samples.
 * @category Training
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

/** From a picture of any size to its depth map at the same size, in metres, finite, not clipped.
 * @category Training */
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
 * @category Training
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
