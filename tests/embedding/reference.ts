/** Embedding generators in float64, from their table in the paper. */
import type { Mode } from "../../lib/nn/layer.ts";
import { convolution, type Maps, partOf, resizeTo, unit, type Weights } from "../nn/reference.ts";

/** Two units of convolution, batch norm and leaky ReLU, the first with the stride. */
const stage = (weights: Weights, name: string, input: Maps, stride: number, slope: number, mode: Mode): Maps => {
  const own = partOf(weights, name);
  const first = unit(partOf(own, "first"), input, mode, { stride, slope });
  return unit(partOf(own, "second"), first, mode, { slope });
};

/** The end of each of so many stages; all but the first halve the size. */
export const stages = (weights: Weights, depth: Maps, count: number, slope: number, mode: Mode): readonly Maps[] =>
  Array.from({ length: count }, (_, index) => index).reduce<readonly Maps[]>(
    (done, index) => [
      ...done,
      stage(weights, `stage${index + 1}`, done.at(-1) ?? depth, index === 0 ? 1 : 2, slope, mode),
    ],
    [],
  );

/** HEG-R: from the coarsest level alone, a decoder's stage at every level's size, and the last convolution. */
export const reconstruction = (weights: Weights, depth: Maps, count: number, mode: Mode): Maps => {
  const levels = stages(partOf(weights, "stages"), depth, count, 0.2, mode);
  const decoder = partOf(weights, "decoder");
  const code = levels.at(-1) ?? depth;
  const decoded = levels.toReversed().reduce((maps, level, index) => {
    const resized = resizeTo(maps, [level.shape[1], level.shape[2]]);
    return stage(decoder, `stage${count - index}`, resized, 1, 0.2, mode);
  }, code);
  return convolution(partOf(weights, "output"), decoded);
};
