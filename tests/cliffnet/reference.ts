/** The parts of CLIFFNet in float64, written out from the paper's equations. */
import type { Mode } from "../../lib/nn/layer.ts";
import { maxPool } from "../backend/reference.ts";
import {
  concatenate,
  convolution,
  type Maps,
  partOf,
  rectify,
  resizeTo,
  unit,
  type UnitOptions,
  type Weights,
  zipMaps,
} from "../nn/reference.ts";
import { assert } from "../std.ts";

/** Feature maps of four levels, finest first. */
export type Levels = readonly [Maps, Maps, Maps, Maps];

const add = (first: Maps, second: Maps): Maps => zipMaps(first, second, (a, b) => a + b);

const upsample = (coarse: Maps, fine: Maps): Maps => resizeTo(coarse, [fine.shape[1], fine.shape[2]]);

/** The unit of the part `name`. */
const part = (weights: Weights, name: string, input: Maps, mode: Mode, options?: UnitOptions): Maps =>
  unit(partOf(weights, name), input, mode, options);

/** F_o = ReLU(BN(conv[F_h', F_lc])) + F_h', F_lc = ReLU(BN(conv[F_l, F_l ⊙ F_h'])). */
export const cliff = (weights: Weights, low: Maps, high: Maps, mode: Mode): Maps => {
  const upsampled = upsample(high, low);
  const attended = zipMaps(low, upsampled, (l, h) => l * h);
  const selected = part(weights, "select", concatenate(low, attended), mode);
  return add(part(weights, "fuse", concatenate(upsampled, selected), mode), upsampled);
};

const perLevel = (weights: Weights, [l2, l3, l4, l5]: Levels, mode: Mode): Levels => [
  part(weights, "level2", l2, mode),
  part(weights, "level3", l3, mode),
  part(weights, "level4", l4, mode),
  part(weights, "level5", l5, mode),
];

/** Lateral convolutions, the sums from coarse to fine, smoothing convolutions. */
export const pyramid = (weights: Weights, levels: Levels, mode: Mode): Levels => {
  const [l2, l3, l4, p5] = perLevel(partOf(weights, "lateral"), levels, mode);
  const p4 = add(l4, upsample(p5, l4));
  const p3 = add(l3, upsample(p4, l3));
  const p2 = add(l2, upsample(p3, l2));
  return perLevel(partOf(weights, "smooth"), [p2, p3, p4, p5], mode);
};

/** Heads, fusion of level 5 into 4, 3 and 2, score. */
export const estimator = (weights: Weights, levels: Levels, mode: Mode): Maps => {
  const [p2, p3, p4, p5] = perLevel(partOf(weights, "heads"), levels, mode);
  const fusion = partOf(weights, "fusion");
  const f4 = cliff(partOf(fusion, "level4"), p4, p5, mode);
  const f3 = cliff(partOf(fusion, "level3"), p3, f4, mode);
  const f2 = cliff(partOf(fusion, "level2"), p2, f3, mode);
  const score = partOf(weights, "score");
  return convolution(partOf(score, "output"), part(score, "hidden", f2, mode));
};

const hasPart = (weights: Weights, name: string): boolean =>
  [...weights.keys()].some((path) => path.startsWith(`params/${name}/`));

/** The sum of a residual block's branch and its shortcut, which is the identity if it has no weights. */
const closed = (weights: Weights, input: Maps, branch: Maps, stride: number, mode: Mode): Maps => {
  const shortcut = hasPart(weights, "shortcut") ? part(weights, "shortcut", input, mode, { stride, slope: 1 }) : input;
  return rectify(add(branch, shortcut));
};

/** Two 3×3 convolutions, the first with the stride. */
export const basicBlock = (weights: Weights, input: Maps, stride: number, mode: Mode): Maps => {
  const first = part(weights, "first", input, mode, { stride });
  return closed(weights, input, part(weights, "second", first, mode, { slope: 1 }), stride, mode);
};

/** 1×1, 3×3 and 1×1 convolutions, the stride on the first or the second. */
export const bottleneck =
  (strideOn: "1x1" | "3x3") => (weights: Weights, input: Maps, stride: number, mode: Mode): Maps => {
    const [first, second] = strideOn === "1x1" ? [stride, 1] : [1, stride];
    const reduced = part(weights, "reduce", input, mode, { stride: first });
    const spatial = part(weights, "spatial", reduced, mode, { stride: second });
    return closed(weights, input, part(weights, "expand", spatial, mode, { slope: 1 }), stride, mode);
  };

/** C2…C5 of a ResNet whose stages have so many blocks. */
export const resNet = (
  weights: Weights,
  images: Maps,
  counts: readonly [number, number, number, number],
  block: typeof basicBlock,
  mode: Mode,
): Levels => {
  const stem = part(weights, "stem", images, mode, { stride: 2 });
  const [batch, height, width, channels] = stem.shape;
  const pooled: Maps = {
    shape: [batch, Math.ceil(height / 2), Math.ceil(width / 2), channels],
    values: maxPool(stem.shape, stem.values, [], "first").y,
  };
  const stage = (name: string, input: Maps, count: number, stride: number): Maps =>
    Array.from({ length: count }, (_, index) => partOf(partOf(weights, name), `block${index + 1}`))
      .reduce((maps, own, index) => block(own, maps, index === 0 ? stride : 1, mode), input);
  const c2 = stage("stage2", pooled, counts[0], 1);
  const c3 = stage("stage3", c2, counts[1], 2);
  const c4 = stage("stage4", c3, counts[2], 2);
  const c5 = stage("stage5", c4, counts[3], 2);
  assert(!hasPart(weights, `stage5/block${counts[3] + 1}`), "there are more blocks");
  return [c2, c3, c4, c5];
};
