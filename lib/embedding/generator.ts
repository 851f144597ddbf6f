/** What a generator is: its settings, how it is pretrained, and what is told of it. */
import type { Dataset, Sample } from "../data/dataset.ts";
import type { Either, TaskEither } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import type { Fields, ValuesOf } from "../formats/fields.ts";
import type { Learner, Variables } from "../nn/layer.ts";
import { type OptimConfiguration, optimFields } from "../optim/fields.ts";
import type { Branch } from "../tensor/tree.ts";
import type { Embedding, EmbeddingStages } from "./embedding.ts";

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
  most: 65_536,
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

/** Settings that every generator has which is made before the depth network trains. */
export interface GeneratorSettings {
  /** Channels of the stages. */
  readonly widths: readonly number[];
  /** Steps of pretraining. */
  readonly steps: number;
  /** Depth maps in each of them. */
  readonly batch: number;
  /** A generator of another run to be used instead; "" for none. */
  readonly checkpoint: string;
}

/** How well a generator does its pretext task: measures by name.
 * @category Generators */
export type GeneratorReport = Readonly<Record<string, number>>;

/** A tree with the stages of a generator, beside what else its pretext task needs. */
export type WithStages = {
  /** The part that embeds depth maps. */
  readonly stages: Branch;
};

/** What a generator learns before it is used: its pretext task. */
export interface PretextTask<B extends Branch, P extends WithStages & Branch, S extends WithStages & Branch> {
  /** What is trained. */
  readonly learner: Learner<B, P, S>;
  /** Its optimizer. */
  readonly optim: OptimConfiguration;
  /** Indices of the training samples that are learned from; absent for all. */
  readonly trained?: readonly number[];
  /** Samples of one size as a batch, or why they are none. */
  readonly batchOf: (samples: readonly Sample[]) => Either<Failure, B>;
  /** How well the task is done after training; the variables stay their owner's. */
  readonly evaluate: (variables: Variables<P, S>) => TaskEither<Failure, GeneratorReport>;
}

/** The stages of a generator after it was made, which the caller owns, and how well it does its pretext task. */
export interface MadeStages {
  /** Parameters and statistics of the stages. */
  readonly stages: Variables<Branch, Branch>;
  /** Measures by name. */
  readonly report: GeneratorReport;
}

/** Trains a pretext task, writes its checkpoint, and evaluates it. */
export type TrainPretext = <B extends Branch, P extends WithStages & Branch, S extends WithStages & Branch>(
  task: PretextTask<B, P, S>,
) => TaskEither<Failure, MadeStages>;

/** What a generator is made of. */
export interface PretextData<S extends GeneratorSettings> {
  /** What messages call the generator. */
  readonly title: string;
  /** Its settings. */
  readonly settings: S;
  /** The data at the network's input size. */
  readonly dataset: Dataset;
  /** Rows of the network's input. */
  readonly height: number;
  /** Columns of the network's input. */
  readonly width: number;
}

/** What computes of a generator that is made before the depth network trains. */
export interface GeneratorCode<S extends GeneratorSettings> {
  /** The stages of some widths, of which as many are computed as the loss has weights. */
  readonly stages: (widths: readonly number[]) => EmbeddingStages;
  /**
   * Whether the data have what the task asks for, as far as that is known before samples are read; absent for a task that
   * any data will do for. Errors: "data".
   */
  readonly check?: (data: PretextData<S>) => Either<Failure, void>;
  /**
   * Learns the pretext task by `train`; null for a generator that learns nothing, and whose batch norms only track the
   * statistics of the data. Errors: "data" if the data do not have what the task asks for.
   */
  readonly pretrain: ((data: PretextData<S>, train: TrainPretext) => TaskEither<Failure, MadeStages>) | null;
}

/**
 * All that is special about a generator that is made before the depth network trains. It is light: what computes is loaded
 * when it is wanted. Its settings are a group of `generators` in a configuration; among them are {@link GeneratorSettings}.
 */
export interface Generator<N extends string, F extends Fields> {
  /** Its name in configurations, the kind of its checkpoints, and what its log is called. */
  readonly name: N;
  /** Its name in messages and pictures. */
  readonly title: string;
  /** What it is, in sentences, for the documentation and for editors of configurations. */
  readonly description: string;
  /** Its settings. */
  readonly settings: F;
  /** What to say before it is made, such as that its task could be done without learning. */
  readonly warnings: (settings: ValuesOf<F>, height: number, width: number) => readonly string[];
  /** What a report says, for after the title; null if it has none of the measures, as that of a generator from a file. */
  readonly describe: (report: GeneratorReport) => string | null;
  /** Loads what computes. */
  readonly load: () => Promise<GeneratorCode<ValuesOf<F> & GeneratorSettings>>;
}

/** All that is special about a generator that is known without data. */
export interface FixedGenerator<N extends string> {
  /** Its name in configurations. */
  readonly name: N;
  /** Its name in messages and pictures. */
  readonly title: string;
  /** The unit of its values. */
  readonly unit: "m";
  /** What it is, in a sentence, for the documentation. */
  readonly description: string;
  /** How many levels it has of depth maps of a size. */
  readonly levels: (height: number, width: number) => number;
  /** Loads the generator, as a function of how many levels are wanted. */
  readonly load: () => Promise<(levels: number) => Embedding>;
  /** Loads what `explain` draws of it beside the generators of a run; null for nothing. */
  readonly loadExplained: (() => Promise<Embedding>) | null;
}

/**
 * How many numbers the coarsest level of some widths holds for each pixel of the depth map. From 1 on it could copy the map,
 * and to reconstruct it from there asks for no understanding; the widths 16, 32, 64 have 4, and 16, 32, 8 have ½.
 *
 * @throws Error if there are no widths.
 * @category Generators
 */
export const codePerPixel = (widths: readonly number[], height: number, width: number): number => {
  const code = widths.at(-1);
  if (code === undefined) throw new Error("a generator needs at least one stage");
  const shrink = 2 ** (widths.length - 1);
  return code * Math.ceil(height / shrink) * Math.ceil(width / shrink) / (height * width);
};
