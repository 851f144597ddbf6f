// deno task train --loss configs/losses/edges_of_log_depth.ts
// L1, and the distance between the edges of the logarithms of depth: any function to feature maps is a generator.
import { asFeatures, type Embedding, hierarchical, l1, named, pipe, scale, sobel, sum, tf, warmup } from "../../mod.ts";

// Depths are at least 10 cm in the logarithm, so that no early prediction makes it infinite.
const edges: Embedding = (depth) => sobel(asFeatures(1, tf.log(tf.maximum(depth, 0.1))));

export default sum(
  named("l1", l1),
  // No weight for the depth itself, 1 for the only level; from nothing to half over the first 100 steps.
  pipe(named("edges", hierarchical(edges, [0, 1])), scale(0.5), warmup(100)),
);
