/** A number for each step, counted from 0: a learning rate or the weight of a loss. */
export type Schedule = (step: number) => number;

/** The same number at every step. */
export const constant = (value: number): Schedule => () => value;

/** `value`, multiplied by `factor` at each of the boundaries (PAPER, "Training": 0.1 at 80k, 120k and 160k). */
export const stepwise = (value: number, boundaries: readonly number[], factor: number): Schedule => (step) =>
  value * factor ** boundaries.filter((boundary) => step >= boundary).length;

/** The linear ramp 0 → 1 over the first `steps` steps, 1 after them; without steps, 1 throughout. */
export const ramp = (steps: number): Schedule => (step) => steps <= 0 ? 1 : Math.min(step / steps, 1);

/** The product of two schedules, such as a warm-up and a decay. */
export const times = (first: Schedule, second: Schedule): Schedule => (step) => first(step) * second(step);
