/** The settings of generators, as fields of the configuration. */
import type { ValuesOf } from "../formats/fields.ts";
import { optimFields } from "../optim/fields.ts";

const widths = {
  type: "list",
  item: { type: "integer", least: 1, most: 4096, description: "Channels of a stage." },
  least: 1,
  default: [16, 32, 64],
  description: "Channels of the stages.",
} as const;

const batch = {
  type: "integer",
  least: 1,
  most: 10_000_000,
  default: 16,
  description: "Depth maps in each of the steps.",
} as const;

/** The settings of a generator that learns. */
export const learnedFields = {
  widths,
  steps: { type: "integer", least: 0, most: 100_000_000, default: 200, description: "Steps of pretraining." },
  batch,
  optim: {
    type: "group",
    fields: optimFields,
    default: { lr: 1e-3 },
    description: "Its optimizer, apart from that of the depth network; without this group, its learning rate is 1e-3.",
  },
  checkpoint: {
    type: "text",
    default: "",
    description: 'A pretrained generator to be used instead of pretraining one; "" for none.',
  },
} as const;

/** The settings of a generator that learns nothing. */
export const trackedFields = {
  widths,
  steps: {
    type: "integer",
    least: 0,
    most: 100_000_000,
    default: 50,
    description:
      "Batches by which batch norms track their statistics, so that activations are scaled as a trained one's.",
  },
  batch,
  checkpoint: {
    type: "text",
    default: "",
    description: 'A generator of another run to be used instead; "" for none.',
  },
} as const;

/** An embedding generator and its pretraining. */
export interface LearnedSettings extends ValuesOf<typeof learnedFields> {}

/** A generator of random weights. */
export interface TrackedSettings extends ValuesOf<typeof trackedFields> {}
