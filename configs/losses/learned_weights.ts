// deno task train --loss configs/losses/learned_weights.ts
// Three losses that weight themselves (Kendall et al., CVPR 2018): the weights of each step are in the log.
import { edgeAwareSmoothness, gradientLoss, l1, learnedWeights } from "../../lib/loss/mod.ts";

export default learnedWeights({ l1, edges: gradientLoss, smooth: edgeAwareSmoothness });
