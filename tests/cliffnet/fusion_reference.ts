/** The fusions that CLIFF is compared with in float64, written out from their definitions. */
import type { FusionName } from "../../lib/cliffnet/fusions.ts";
import type { Mode } from "../../lib/nn/layer.ts";
import { concatenate, type Maps, partOf, resizeTo, unit, type Weights, zipMaps } from "../nn/reference.ts";
import { cliff, type Levels } from "./reference.ts";

/** Joins a finer level with a coarser one by the weights of a step. */
type Step = (weights: Weights, low: Maps, high: Maps, mode: Mode) => Maps;

const add = (first: Maps, second: Maps): Maps => zipMaps(first, second, (a, b) => a + b);

const upsample = (coarse: Maps, fine: Maps): Maps => resizeTo(coarse, [fine.shape[1], fine.shape[2]]);

/** The parts `conv1` … `conv4`, one after the other. */
const fourUnits = (weights: Weights, input: Maps, mode: Mode): Maps =>
  [1, 2, 3, 4].reduce((maps, index) => unit(partOf(weights, `conv${index}`), maps, mode), input);

/** F_o = ReLU(BN(conv[F_h', F_lc])), F_lc = ReLU(BN(conv[F_l, F_l ⊙ F_h'])). */
const withoutIdentity: Step = (weights, low, high, mode) => {
  const upsampled = upsample(high, low);
  const attention = zipMaps(low, upsampled, (l, h) => l * h);
  const selected = unit(partOf(weights, "select"), concatenate(low, attention), mode);
  return unit(partOf(weights, "fuse"), concatenate(upsampled, selected), mode);
};

/** F_o = ReLU(BN(conv[F_h', F_lc])) + F_h', F_lc = ReLU(BN(conv[F_l, F_h'])). */
const withoutAttention: Step = (weights, low, high, mode) => {
  const upsampled = upsample(high, low);
  const selected = unit(partOf(weights, "select"), concatenate(low, upsampled), mode);
  return add(unit(partOf(weights, "fuse"), concatenate(upsampled, selected), mode), upsampled);
};

/** Four convolutions of F_l + F_h'. */
const sum: Step = (weights, low, high, mode) => fourUnits(weights, add(low, upsample(high, low)), mode);

/** Level 5 into 4, 3 and 2. */
const topDown = (step: Step) => (weights: Weights, [p2, p3, p4, p5]: Levels, mode: Mode): Maps => {
  const f4 = step(partOf(weights, "level4"), p4, p5, mode);
  const f3 = step(partOf(weights, "level3"), p3, f4, mode);
  return step(partOf(weights, "level2"), p2, f3, mode);
};

/** Four convolutions of all levels at the size of the finest. */
const concatenation = (weights: Weights, [p2, p3, p4, p5]: Levels, mode: Mode): Maps => {
  const upsampled = [p3, p4, p5].map((level) => upsample(level, p2));
  return fourUnits(weights, upsampled.reduce(concatenate, p2), mode);
};

/** Each fusion by its name. */
export const fusions: Readonly<Record<FusionName, (weights: Weights, levels: Levels, mode: Mode) => Maps>> = {
  "cliff": topDown(cliff),
  "cliff-no-identity": topDown(withoutIdentity),
  "cliff-no-attention": topDown(withoutAttention),
  "concatenation": concatenation,
  "sum": topDown(sum),
};
