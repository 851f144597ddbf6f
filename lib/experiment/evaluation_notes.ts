/** What is to be said of an evaluation beside its table: numbers that are not what they look like. */
import type { Evaluation } from "../train/evaluate.ts";

/** What was evaluated, with what tables call it.
 * @category Experiments */
export type Row = readonly [label: string, evaluation: Evaluation];

/** Shares from which on it is said. */
const noteworthy = 0.01;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const rangeOf = ({ protocol: { clip: { near, far } } }: Evaluation): string => `${near}…${far} m`;

const clippedNote = ([label, evaluation]: Row): readonly string[] => {
  const { clipped, count } = evaluation.sum.pixels;
  return clipped > noteworthy * count
    ? [`${percent(clipped / count)} of the pixels predicted by ${label} were clipped to ${rangeOf(evaluation)}.`]
    : [];
};

const truthNote = ([, evaluation]: Row): readonly string[] => {
  const { beyond, count } = evaluation.sum.pixels;
  return beyond > noteworthy * count
    ? [
      `${percent(beyond / count)} of the ground truth lies outside ${
        rangeOf(evaluation)
      }, where no prediction can reach ` +
      "it: evaluation.near and evaluation.far set another range to clip predictions to, data.maxDepth leaves such ground " +
      "truth out.",
    ]
    : [];
};

/** What was clipped in evaluations by one protocol on one split, in sentences: only where it is more than 1 % of pixels.
 * @category Experiments */
export const clippingNotes = (rows: readonly Row[]): readonly string[] => [
  ...rows.flatMap(clippedNote),
  ...rows.slice(0, 1).flatMap(truthNote),
];

/** The mean `rel` over images; null without any. */
const relOf = ({ sum: { images, ofImages } }: Evaluation): number | null => images === 0 ? null : ofImages.rel / images;

/** That a network has not learned, in sentences, with what to try: where it is no better than the best constant depth.
 * @category Experiments */
export const learningNotes = (network: Evaluation, constant: Evaluation): readonly string[] => {
  const [own, other] = [relOf(network), relOf(constant)];
  if (own === null || other === null || own < other) return [];
  return [
    `The network has not learned: its rel of ${own.toFixed(4)} is no better than the constant's, ${
      other.toFixed(4)
    }. ` +
    "See in the log whether the loss fell. If it rose or leapt, try a smaller optim.lr, or optim.warmup and optim.clip; " +
    "if it fell still, more training.steps; if it stood, inspect the data: their unit, and depth that fits its image.",
  ];
};
