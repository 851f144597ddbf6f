import type { DepthMaps, Features } from "../tensor/features.ts";
import type { Branch } from "../tensor/tree.ts";
import type { Layer, Variables } from "../nn/layer.ts";

/**
 * An embedding generator G: a depth map (batch, height, width, 1), in metres and without holes, to feature maps G₁…G_K,
 * finer to coarser (PAPER, "Hierarchical embedding loss"). Any such function makes a loss.
 */
export type Embedding = (depth: DepthMaps) => readonly Features<number>[];

/** The layer with frozen variables, batch norm in inference mode: gradients flow through it, but not into it. */
export const frozen = <S extends Branch, P extends Branch>(
  layer: Layer<DepthMaps, readonly Features<number>[], P, S>,
  variables: Variables<P, S>,
): Embedding =>
(depth) => layer.apply(variables, depth, "inference")[0];

/** The first `count` feature maps of a generator, for use in `pipe`. */
export const firstLevels = (count: number): (embedding: Embedding) => Embedding => (embedding) => (depth) =>
  embedding(depth).slice(0, count);
