/** What losses see in one image, as numbers: what figures are drawn from. */
import type { DepthImage, ValueMap } from "../formats/raster.ts";

/** One level of a generator on one image. */
export interface LevelExplanation {
  /** From 1, the finest. */
  readonly level: number;
  /** How many channels the level has. */
  readonly channels: number;
  /** The mean over channels of |G_k(d*) − G_k(d)|, at the level's own size, in the unit of the generator. */
  readonly difference: ValueMap;
  /** The mean of `difference`: what the loss weights. */
  readonly mean: number;
  /** What the mean is multiplied by in the loss of the run, warm-up included; 0 if it is not in the loss. */
  readonly weight: number;
}

/** A generator on one image. */
export interface GeneratorExplanation {
  /** Its name for people, such as "HEG-S". */
  readonly name: string;
  /** The unit of its values: "m", or "" for an embedding, whose unit is its own. */
  readonly unit: string;
  /** Finer to coarser. */
  readonly levels: readonly LevelExplanation[];
}

/** A weighted loss on one image. */
export interface TermExplanation {
  /** Its name for people, such as "L1" or "HEG-S". */
  readonly name: string;
  /** Whether it is part of what the run minimized; others are shown for comparison, with their published weights. */
  readonly trained: boolean;
  /** Its value, weighted. */
  readonly value: number;
  /** Its pull, as {@link pullOf} gives it, at the size of the prediction. */
  readonly pull: ValueMap;
  /** The mean of |pull| over valid pixels. */
  readonly strength: number;
  /** The mean of |pull| over valid pixels next to depth boundaries; null if there are none. */
  readonly boundaryStrength: number | null;
}

/** What the losses of a run see in one image. All maps but those of levels have the size of the network's input. */
export interface Explanation {
  /** Ground truth in metres; 0 = no measurement. */
  readonly truth: DepthImage;
  /** Prediction in metres. */
  readonly prediction: DepthImage;
  /** The generators, with the maps of their levels. */
  readonly generators: readonly GeneratorExplanation[];
  /** The losses, with their pulls. */
  readonly terms: readonly TermExplanation[];
}
