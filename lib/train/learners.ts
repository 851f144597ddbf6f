import type { Reconstructor, ReconstructorParams, ReconstructorStatistics } from "../embedding/reconstruction.ts";
import {
  type SceneClassifier,
  type SceneClassifierParams,
  type SceneClassifierStatistics,
  softmaxCrossEntropy,
} from "../embedding/scene.ts";
import { evaluateTerms, type Objective } from "../loss/objective.ts";
import { l1 } from "../loss/pixel.ts";
import type { Layer } from "../nn/layer.ts";
import type { DepthMaps, Images, Tensor2D, ValidMasks } from "../tensor/features.ts";
import type { Branch } from "../tensor/tree.ts";
import type { Learner } from "./learner.ts";

/** Pictures with their ground truth. */
export type DepthBatch = {
  readonly images: Images;
  /** Metres; 0 = no measurement. */
  readonly depth: DepthMaps;
  readonly mask: ValidMasks;
};

/** Depth maps without holes, in metres, or grey images in their place, and the scene of each as a one-hot row (batch, classes). */
export type SceneBatch = {
  readonly filled: DepthMaps;
  readonly scenes: Tensor2D;
};

/** Depth maps whose holes are filled, and where they were measured. */
export type ReconstructionBatch = {
  readonly filled: DepthMaps;
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

/** HEG-S: cross entropy of the scene's label. */
export const sceneLearner = (
  classifier: SceneClassifier,
): Learner<SceneBatch, SceneClassifierParams, SceneClassifierStatistics> => ({
  init: classifier.init,
  form: classifier.form,
  losses: (variables, { filled, scenes }, mode) => {
    const [logits, statistics] = classifier.apply(variables, filled, mode);
    return [{ cross_entropy: softmaxCrossEntropy(logits, scenes) }, statistics];
  },
});

/** HEG-R: the mean absolute error of the reconstruction over measured pixels, in metres. */
export const reconstructionLearner = (
  reconstructor: Reconstructor,
): Learner<
  ReconstructionBatch,
  ReconstructorParams,
  ReconstructorStatistics
> => ({
  init: reconstructor.init,
  form: reconstructor.form,
  losses: (variables, { filled, mask }, mode) => {
    const [reconstruction, statistics] = reconstructor.apply(
      variables,
      filled,
      mode,
    );
    return [{ reconstruction: l1(filled, reconstruction, mask) }, statistics];
  },
});
