import type { ValuesOf } from "../formats/fields.ts";

/** The settings of a learner's optimizer, Adam, and of its learning rate, as fields of a configuration. */
export const optimFields = {
  lr: {
    type: "number",
    least: 0,
    most: 1e3,
    default: 1e-4,
    description: "The learning rate between warm-up and the first milestone.",
  },
  decay: {
    type: "number",
    least: 0,
    most: 1e9,
    default: 1e-4,
    description: "The share of each weight, biases and norms left out, that is added to its gradient.",
  },
  milestones: {
    type: "list",
    item: { type: "integer", least: 0, most: 100_000_000, description: "A step." },
    default: [],
    description: "Steps at which the learning rate is multiplied by `factor`.",
  },
  factor: {
    type: "number",
    least: 0,
    most: 1,
    default: 0.1,
    description: "What the learning rate is multiplied by at each milestone.",
  },
  warmup: {
    type: "integer",
    least: 0,
    most: 100_000_000,
    default: 0,
    description: "Steps over which the learning rate rises linearly from 0.",
  },
  clip: { type: "number", least: 0, most: 1e9, default: 0, description: "Bound of the gradients' norm; 0 for none." },
} as const;

/** Adam and its schedule. */
export interface OptimConfiguration extends ValuesOf<typeof optimFields> {}
