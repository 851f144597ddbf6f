/**
 * What is asked of a training step in float32. Batch norm over few positions, 6 in the last stage, multiplies every
 * layer's rounding by 1.05 to 1.2: an error of 2e-7 after the first convolution is 7e-4 in the depth. That moves the
 * gradients a little, and carries some 50 of millions of ReLUs over their kink, which moves those of single parameters by
 * as much as 1e-2. Whose ReLUs those are is chance: convolutions that sum in float64 and round once still flip ten. So no
 * float32 is within a fixed multiple of another's error at each of 218 parameters. PyTorch's own errors are one such draw:
 * their largest and their median bound ours, and most of ours are also within the bound of their own parameter.
 * `tests/long/float64_test.ts` compares the same pass without rounding, to nine digits.
 */
import { assert, assertEquals } from "../std.ts";
import {
  assertError,
  assertGradients,
  assertLoss,
  assertSummaries,
  assertZeroGradients,
  type GradientError,
  statisticOf,
} from "./compare.ts";
import type { Pass } from "./passes.ts";
import type { Reference } from "./reference.ts";

type Training = Reference["train"];

/** What a float32 gradient may be off by where PyTorch's is off by `recorded`, both relative. */
const allowed = (recorded: number): number => 1e-3 + 4 * recorded;

/** The middle one of the numbers. */
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** The part of the gradients that is within the bound of its own parameter. */
const shareWithin = ({ float32_error: recorded }: Training, errors: readonly GradientError[]): number =>
  errors.filter(({ name, error }) => error <= allowed(recorded[name] ?? NaN)).length / errors.length;

/** The stem's statistics are rounded once; those of the score carry the rounding of all layers before it. */
const assertStatistics = ({ running }: Training, pass: Pass): void => {
  assertEquals(Object.keys(running).length, 3);
  Object.entries(running).forEach(([name, expected]) => {
    const tolerance = name.startsWith("res_backbone.conv1.") ? 1e-5 : 1e-4;
    assertSummaries([expected], [statisticOf(pass, name)], tolerance, name);
  });
};

/** Fails unless a float32 pass in training mode has the published losses, gradients and statistics but for rounding. */
export const assertTraining = (train: Training, pass: Pass): void => {
  assertLoss(train, pass, 1e-4);
  const recorded = Object.values(train.float32_error);
  const errors = assertGradients(train, pass, allowed(Math.max(...recorded)));
  assertError(median(errors.map(({ error }) => error)), allowed(median(recorded)), "the median over all gradients");
  const share = shareWithin(train, errors);
  assert(share >= 2 / 3, `only ${share} of the gradients are within 1e-3 + 4 times PyTorch's own error`);
  assertZeroGradients(train, pass, 1e-5);
  assertStatistics(train, pass);
};
