import type { DepthImage, RgbImage, ValueMap } from "../formats/raster.ts";
import type { Explanation, GeneratorExplanation, LevelExplanation, TermExplanation } from "../loss/explanation.ts";
import { captioned, enlargement } from "./cell.ts";
import {
  colorize,
  depthMap,
  depthRange,
  errorMap,
  errorRange,
  paint,
  type Range,
  type Rgb,
  separatorGrey,
  signedMap,
  signedRange,
  white,
} from "./colormap.ts";
import { cutPlot, type DepthCut, depthCut } from "./depth_cut.ts";
import {
  evenly,
  filled,
  frame,
  hstack,
  pad,
  padTo,
  type Rectangle,
  resizeNearest,
  scaleNearest,
  vstack,
  withRectangles,
} from "./layout.ts";
import { absoluteError } from "./panel.ts";
import { fittedLabel, type LabelStyle, plainLabel } from "./text.ts";

/** What a page shows.
 * @category Pictures */
export interface ExplanationPage {
  /** The name of the sample. */
  readonly title: string;
  /** The picture that depth was predicted from, at the size of the prediction. */
  readonly image: RgbImage;
  /** What the losses see in it. */
  readonly explanation: Explanation;
}

const spacing = 16;
const mostCells = 4;
const cutColour: Rgb = [255, 0, 255];
const titleStyle: LabelStyle = { ...plainLabel, scale: 3 };
const noteStyle: LabelStyle = { ...plainLabel, foreground: [96, 96, 96] };
const fallbackRange: Range = [0, 10];
const fallbackErrorRange: Range = [0, 1];

const notes = [
  "Levels: |G(truth) - G(prediction)|, mean over their channels (ch); mean x weight = part of the loss.",
  "Pulls: -dL/dd x valid pixels, so that L1 pulls by 1. Edges: pixels next to the truth's depth boundaries.",
  "Scales: truth's 2nd to 98th percentile; others to the 98th of their own map. Grey: no valid depth.",
];

/** Cells side by side in columns of one width, at most four in a row. */
const grid = (cells: readonly RgbImage[], cellWidth: number): RgbImage => {
  const column = (cell: RgbImage, left: number): RgbImage =>
    pad(padTo(cell, 0, cellWidth, white), { ...evenly(0), left: left === 0 ? 0 : spacing }, white);
  const rows = Array.from({ length: Math.ceil(cells.length / mostCells) }, (_, row) => {
    const cellsOfRow = hstack(cells.slice(row * mostCells, (row + 1) * mostCells).map(column), white);
    return pad(cellsOfRow, { ...evenly(0), top: row === 0 ? 0 : spacing }, white);
  });
  return vstack(rows, white);
};

/** The picture with thin lines above and below the pixels of the cut, so that these stay visible. */
const withCut = (image: RgbImage, cut: DepthCut | null, factor: number): RgbImage => {
  if (cut === null) return image;
  const { row, from, to } = cut;
  const line = (top: number): Rectangle => ({
    top,
    left: from * factor,
    height: 1,
    width: (to - from) * factor,
    colour: cutColour,
  });
  return withRectangles(image, [line(row * factor - 1), line((row + 1) * factor)]);
};

const inputAndDepths = (
  image: RgbImage,
  { truth, prediction }: Explanation,
  cut: DepthCut | null,
  factor: number,
): readonly RgbImage[] => {
  const range = depthRange(truth) ?? depthRange(prediction) ?? fallbackRange;
  const errors = absoluteError(truth, prediction);
  const [finite, errorScale] = [errors.metres.filter(Number.isFinite), errorRange(errors) ?? fallbackErrorRange];
  const mean = finite.length === 0 ? "none valid" : `mean ${brief(finite.reduce((a, b) => a + b) / finite.length)} m`;
  const drawn = (picture: RgbImage): RgbImage => withCut(scaleNearest(picture, factor), cut, factor);
  const depthScale = { range, map: depthMap };
  return [
    captioned(drawn(image), ["input"], null),
    captioned(drawn(colorize(truth, range)), ["ground truth"], depthScale),
    captioned(drawn(colorize(prediction, range)), ["prediction"], depthScale),
    captioned(drawn(paint(errors, Number.isFinite, errorScale, errorMap)), [`error, ${mean}`], {
      range: errorScale,
      map: errorMap,
    }),
  ];
};

/** A part of the page: pictures under a heading. */
interface Section {
  readonly heading: string;
  readonly cells: readonly RgbImage[];
}

const generatorSection = (generator: GeneratorExplanation, size: DrawnSize): Section => ({
  heading: `${generator.name}: |G(truth) - G(prediction)|, level by level`,
  cells: generator.levels.map((level) => levelCell(generator, level, size)),
});

const pullSection = ({ terms, truth }: Explanation, size: DrawnSize): Section => ({
  heading: "Where each loss pulls the prediction: red nearer, blue farther; L1 pulls by 1",
  cells: terms.map((term) => pullCell(term, truth, size)),
});

const cutHeading = ({ row, from, to }: DepthCut): string =>
  `Along row ${row}, columns ${from} to ${to - 1}, across the strongest depth edge (lines above)`;

const underHeading = (heading: string, body: RgbImage, width: number): RgbImage =>
  vstack([
    pad(filled(2, width, separatorGrey), { ...evenly(0), top: spacing, bottom: spacing / 2 }, white),
    pad(fittedLabel(heading, width), { ...evenly(0), bottom: spacing / 2 }, white),
    body,
  ], white);

/**
 * The figure of what losses see in one image: input, truth, prediction and error; for each generator the maps of its
 * levels, each with its own scale; where each loss pulls the prediction; and truth, prediction and pulls along a row across
 * the strongest depth edge. Small pictures are enlarged by a whole factor. Throws a `RangeError` if truth and prediction
 * differ in size.
 * @category Pictures
 */
export const explanationPage = ({ title, image, explanation }: ExplanationPage): RgbImage => {
  const { truth, generators } = explanation;
  const factor = enlargement(truth.height, truth.width);
  const size = { height: truth.height * factor, width: truth.width * factor };
  const cut = depthCut(truth);
  const first = inputAndDepths(image, explanation, cut, factor);
  const sections = [
    ...generators.map((generator) => generatorSection(generator, size)),
    pullSection(explanation, size),
  ];
  const cellWidth = Math.max(...[...first, ...sections.flatMap(({ cells }) => cells)].map((cell) => cell.width));
  const width = mostCells * cellWidth + (mostCells - 1) * spacing;
  return frame(
    vstack([
      pad(fittedLabel(title, width, titleStyle), { ...evenly(0), bottom: spacing / 2 }, white),
      grid(first, cellWidth),
      ...sections.map(({ heading, cells }) => underHeading(heading, grid(cells, cellWidth), width)),
      ...(cut === null ? [] : [underHeading(cutHeading(cut), cutPlot(explanation, cut, width), width)]),
      filled(spacing, width, white),
      ...notes.map((note) => fittedLabel(note, width, noteStyle)),
    ], white),
    spacing,
    white,
  );
};

/** A number for a caption: three digits that count, or another number of them. */
export const brief = (value: number, digits = 3): string => String(Number(value.toPrecision(digits)));

/** How large a picture is drawn, in pixels. */
export interface DrawnSize {
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
}

const asDepth = ({ height, width, values }: ValueMap): DepthImage => ({ height, width, metres: values });

const unitRange: Range = [0, 1];
const signedUnitRange: Range = [-1, 1];

const weighting = ({ mean, weight }: LevelExplanation, unit: string): string => {
  const measured = `mean ${brief(mean)}${unit === "" ? "" : ` ${unit}`}`;
  return weight === 0 ? `${measured}, weight 0` : `${measured} x ${brief(weight)} = ${brief(mean * weight)}`;
};

/**
 * The map of a level's differences, enlarged so that each of its values is a block, under the level's size, its mean, its
 * weight and their product, with a scale of its own from 0 to the 98th percentile.
 */
export const levelCell = ({ unit }: GeneratorExplanation, level: LevelExplanation, size: DrawnSize): RgbImage => {
  const values = asDepth(level.difference);
  const range = errorRange(values) ?? unitRange;
  const picture = resizeNearest(paint(values, Number.isFinite, range, errorMap), size.height, size.width);
  const { height, width } = level.difference;
  return captioned(
    picture,
    [`level ${level.level}: ${width}x${height}, ${level.channels} ch`, weighting(level, unit)],
    {
      range,
      map: errorMap,
      unit,
    },
  );
};

const atBoundaries = ({ strength, boundaryStrength }: TermExplanation): string =>
  boundaryStrength === null || strength === 0 ? "" : `, x${brief(boundaryStrength / strength, 2)} at edges`;

/**
 * The map of a loss's pull, red where it pulls nearer and blue where it pulls farther away, grey where the truth has a
 * hole, under its name, its weighted value, and how strongly it pulls on average and at depth boundaries.
 */
export const pullCell = (term: TermExplanation, truth: DepthImage, size: DrawnSize): RgbImage => {
  const { name, trained, value, pull, strength } = term;
  const range = signedRange(pull.values) ?? signedUnitRange;
  const measured = { ...pull, values: pull.values.map((each, at) => truth.metres[at]! > 0 ? each : NaN) };
  const picture = resizeNearest(paint(asDepth(measured), Number.isFinite, range, signedMap), size.height, size.width);
  const lines = [
    name,
    trained ? `loss ${brief(value)}` : `${brief(value)}, not in the loss`,
    `mean ${brief(strength, 2)}${atBoundaries(term)}`,
  ];
  return captioned(picture, lines, { range, map: signedMap, unit: "" });
};
