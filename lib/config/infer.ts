import type { ResNetDepth } from "../cliffnet/backbone.ts";
import { shapeFromTorch } from "../formats/torch_layout.ts";
import type { NamedWeights } from "../weights/restore.ts";

/** The shape here of the tensor with an own path, or undefined if the file has none. */
const shapeAt = (weights: NamedWeights, path: string): readonly number[] | undefined => {
  const name = weights.names.get(path);
  const entry = weights.file.entries.find((each) => each.name === name);
  if (entry === undefined) return undefined;
  return weights.title === "own" ? entry.shape : shapeFromTorch(entry.shape);
};

const channelsOf = (weights: NamedWeights, path: string): number | undefined => shapeAt(weights, path)?.at(-1);

const layersOf = ({ names }: NamedWeights): ResNetDepth => {
  const has = (block: string): boolean => names.has(`params/backbone/${block}/conv/kernel`);
  if (has("stage2/block1/expand")) return has("stage4/block23/expand") ? 101 : 50;
  return has("stage2/block3/second") ? 34 : 18;
};

/** Channels of the stages of an embedding generator, from the shapes of its tensors; none for a file of something else. */
export const inferStageWidths = (weights: NamedWeights): readonly number[] => {
  const widths: number[] = [];
  for (let stage = 1;; stage++) {
    const width = channelsOf(weights, `params/stages/stage${stage}/first/conv/kernel`);
    if (width === undefined) return widths;
    widths.push(width);
  }
};

/**
 * The configuration, as far as it can be told, of a depth network whose weights another program wrote: layers and widths from
 * names and shapes, and the paper's input of 228×304 pixels. What cannot be told, where a bottleneck has its stride and how
 * pictures are prepared, takes the defaults, which are the paper's.
 */
export const inferConfiguration = (weights: NamedWeights): Readonly<Record<string, unknown>> => ({
  data: { kind: "scenes", height: 228, width: 304 },
  backbone: { layers: layersOf(weights), width: channelsOf(weights, "params/backbone/stem/conv/kernel") },
  network: { features: channelsOf(weights, "params/pyramid/lateral/level2/conv/kernel") },
});
