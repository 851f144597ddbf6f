import { aligned } from "../formats/text_table.ts";
import type { Explanation, GeneratorExplanation, TermExplanation } from "../loss/explanation.ts";
import { depthCut } from "../pictures/depth_cut.ts";
import { brief } from "../pictures/explanation_page.ts";
import { absoluteError } from "../pictures/panel.ts";

/** One image with what the losses see in it.
 * @category Experiments */
export interface ExplainedImage {
  /** The name of its sample. */
  readonly name: string;
  /** The file of its picture. */
  readonly picture: string;
  /** What the losses see in it. */
  readonly explanation: Explanation;
}

const meanOf = (values: ArrayLike<number>): number | null => {
  const finite = Array.from(values).filter(Number.isFinite);
  return finite.length === 0 ? null : finite.reduce((sum, value) => sum + value, 0) / finite.length;
};

const generatorJson = ({ name, unit, levels }: GeneratorExplanation) => ({
  name,
  unit: unit === "" ? "embedding" : unit,
  levels: levels.map(({ level, channels, difference: { height, width }, mean, weight }) => ({
    level,
    height,
    width,
    channels,
    mean,
    weight,
    contribution: mean * weight,
  })),
});

const termJson = ({ name, trained, value, strength, boundaryStrength }: TermExplanation) => ({
  name,
  trained,
  value,
  pull: strength,
  pull_at_boundaries: boundaryStrength,
});

const cutJson = ({ truth, prediction, terms }: Explanation) => {
  const cut = depthCut(truth);
  if (cut === null) return null;
  const start = cut.row * truth.width;
  const along = (values: Float32Array) => Array.from(values.subarray(start + cut.from, start + cut.to));
  return {
    row: cut.row,
    from: cut.from,
    edge: cut.edge,
    truth: along(truth.metres),
    prediction: along(prediction.metres),
    pulls: Object.fromEntries(terms.map(({ name, pull }) => [name, along(pull.values)])),
  };
};

/** What was measured on an image, as JSON; metres, embeddings in their own units, pulls relative to L1. */
const imageJson = ({ name, picture, explanation }: ExplainedImage) => ({
  name,
  picture,
  error: meanOf(absoluteError(explanation.truth, explanation.prediction).metres),
  generators: explanation.generators.map(generatorJson),
  terms: explanation.terms.map(termJson),
  cut: cutJson(explanation),
});

/** The numbers of all images, as JSON.
 * @category Experiments */
export const reportJson = (
  checkpoint: string,
  images: readonly ExplainedImage[],
): { readonly checkpoint: string; readonly images: readonly Readonly<Record<string, unknown>>[] } => ({
  checkpoint,
  images: images.map(imageJson),
});

/** A number of each image, averaged over those that have it. */
const average = (
  images: readonly ExplainedImage[],
  numberOf: (explanation: Explanation) => number | null | undefined,
) => meanOf(images.map(({ explanation }) => numberOf(explanation) ?? NaN)) ?? NaN;

const levelLines = (images: readonly ExplainedImage[]): readonly (readonly string[])[] =>
  (images[0]?.explanation.generators ?? []).flatMap(({ name, levels }, at) =>
    levels.map(({ level, weight }, index) => {
      const mean = average(images, ({ generators }) => generators[at]?.levels[index]?.mean);
      return [`${name} level ${level}`, brief(mean), brief(weight), brief(mean * weight)];
    })
  );

const termLines = (images: readonly ExplainedImage[]): readonly (readonly string[])[] =>
  (images[0]?.explanation.terms ?? []).map(({ name, trained }, at) => {
    const of = (numberOf: (term: TermExplanation) => number | null) =>
      brief(average(images, ({ terms }) => terms[at] === undefined ? null : numberOf(terms[at])));
    return [
      name,
      of(({ value }) => value),
      of(({ strength }) => strength),
      of(({ boundaryStrength }) => boundaryStrength),
      trained ? "yes" : "no",
    ];
  });

/** The averages over all images as two tables of plain text: of levels, and of losses.
 * @category Experiments */
export const reportTables = (images: readonly ExplainedImage[]): string =>
  [
    ...aligned([["level", "mean |G(d*)-G(d)|", "weight", "product"], ...levelLines(images)], 1),
    "",
    ...aligned([["loss", "weighted", "mean |pull|", "at edges", "in the loss"], ...termLines(images)], 1),
  ].join("\n");
