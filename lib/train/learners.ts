import { evaluateTerms, type Objective } from "../loss/objective.ts";
import type { Layer } from "../nn/layer.ts";
import type { DepthMaps, Images, ValidMasks } from "../tensor/features.ts";
import type { Branch } from "../tensor/tree.ts";
import type { Learner } from "./learner.ts";

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
