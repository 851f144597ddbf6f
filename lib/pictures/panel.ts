import type { DepthImage, RgbImage } from "../formats/raster.ts";
import { cell } from "./cell.ts";
import {
  colorize,
  depthMap,
  depthRange,
  errorMap,
  errorRange,
  isMeasured,
  paint,
  type Range,
  readable,
  type Rgb,
  separatorGrey,
  white,
} from "./colormap.ts";
import { evenly, filled, frame, hstack, pad, vstack } from "./layout.ts";
import { fittedLabel, type LabelStyle, plainLabel } from "./text.ts";

/** What a panel shows. All have the same height and width; `title`, if any, is the name of the sample.
 * @category Pictures */
export interface PanelInput {
  /** The picture that depth was estimated from. */
  readonly image: RgbImage;
  /** Ground truth in metres; 0 or not finite = no measurement. */
  readonly truth: DepthImage;
  /** Predicted depth in metres. */
  readonly prediction: DepthImage;
  /** A line above the cells, shortened if it is wider than they are. */
  readonly title?: string;
}

/** A picture with its depth.
 * @category Pictures */
export interface PanelPair {
  /** The picture. */
  readonly image: RgbImage;
  /** Its depth in metres; 0 = no measurement. */
  readonly depth: DepthImage;
  /** A line above both, such as the name of the sample. */
  readonly title: string;
}

const spacing = 16;
// Only where there is nothing to take the scale from.
const fallbackRange: Range = [0, 10];
const fallbackErrorRange: Range = [0, 1];
const note = "grey: no valid depth; scales: 2nd to 98th percentile of depth, 0 to 98th of error";
const noteStyle: LabelStyle = { ...plainLabel, foreground: [96, 96, 96] };

const sameSize = (a: DepthImage | RgbImage, b: DepthImage | RgbImage) => a.height === b.height && a.width === b.width;

/**
 * |prediction − truth| in metres; NaN, which {@link samplePanel} draws grey, where the truth is not a measurement or
 * the prediction is not finite. Throws a `RangeError` if the two differ in size.
 * @category Pictures
 */
export const absoluteError = (
  truth: DepthImage,
  prediction: DepthImage,
): DepthImage => {
  if (!sameSize(truth, prediction)) {
    throw new RangeError(
      `error of a prediction: ${prediction.height}x${prediction.width} predicted, ` +
        `${truth.height}x${truth.width} in the ground truth`,
    );
  }
  const metres = truth.metres.map((metre, pixel) =>
    isMeasured(metre) ? Math.abs(prediction.metres[pixel]! - metre) : NaN
  );
  return { ...truth, metres };
};

const meanText = (errors: DepthImage): string => {
  const finite = errors.metres.filter(Number.isFinite);
  if (finite.length === 0) return "error: no valid pixel";
  const total = finite.reduce((a, b) => a + b, 0);
  return `error, mean ${Number((total / finite.length).toPrecision(3))} m`;
};

const errorCell = (truth: DepthImage, prediction: DepthImage): RgbImage => {
  const errors = absoluteError(truth, prediction);
  const range = errorRange(errors) ?? fallbackErrorRange;
  const picture = paint(errors, Number.isFinite, range, errorMap);
  return cell(picture, meanText(errors), { range, map: errorMap });
};

const row = (cells: readonly RgbImage[]): RgbImage =>
  hstack(
    cells.flatMap((one, index) => index === 0 ? [one] : [filled(one.height, spacing, white), one]),
    white,
  );

// A line of text with some space on the side of the cells.
const line = (
  text: string,
  width: number,
  side: "top" | "bottom",
  style: LabelStyle = plainLabel,
): RgbImage =>
  pad(
    fittedLabel(text, width, style),
    { ...evenly(0), [side]: spacing / 2 },
    white,
  );

/**
 * Input, ground truth, prediction and |prediction − truth| side by side with captions and colour bars in metres.
 *
 * Truth and prediction share one scale, the 2nd to 98th percentile of the valid truth (of the prediction if no truth is
 * valid, and 0 to 10 m if neither is); the error has its own, from 0 to its 98th percentile, and the caption gives the
 * mean over all its valid pixels. Values outside a scale get the colour of its end; pixels without a valid value are
 * grey. Pictures narrower than 240 pixels are enlarged by a whole factor. Throws a `RangeError` if truth and prediction
 * differ in size.
 * @category Pictures
 */
export const samplePanel = (
  { image, truth, prediction, title }: PanelInput,
): RgbImage => {
  const known = depthRange(truth);
  const range = known ?? depthRange(prediction) ?? fallbackRange;
  const scale = { range, map: depthMap };
  const truthCaption = known === null ? "ground truth: none valid" : "ground truth";
  const cells = row([
    cell(image, "input", null),
    cell(colorize(truth, range), truthCaption, scale),
    cell(colorize(prediction, range), "prediction", scale),
    errorCell(truth, prediction),
  ]);
  const lines = [
    ...(title === undefined ? [] : [line(title, cells.width, "bottom")]),
    cells,
    line(note, cells.width, "top", noteStyle),
  ];
  return frame(vstack(lines, white), spacing, white);
};

/**
 * A picture and its depth side by side, with a colour bar in metres from the 2nd to the 98th percentile of its valid
 * depths. Pixels without a valid depth are grey.
 * @category Pictures
 */
export const pairPanel = ({ image, depth, title }: PanelPair): RgbImage => {
  const range = depthRange(depth);
  const caption = range === null ? "depth: none valid" : "depth";
  const scale = { range: range ?? fallbackRange, map: depthMap };
  const cells = row([cell(image, "image", null), cell(colorize(depth, scale.range), caption, scale)]);
  return frame(vstack([line(title, cells.width, "bottom"), cells], white), spacing, white);
};

/**
 * Panels from top to bottom with a thin line between them; narrower ones are padded with `background`. No panels give
 * the 0×0 picture.
 * @category Pictures
 */
export const contactSheet = (
  panels: readonly RgbImage[],
  background: Rgb = white,
): RgbImage => {
  const width = Math.max(0, ...panels.map((panel) => panel.width));
  const separator = filled(2, width, separatorGrey);
  return vstack(
    panels.flatMap((panel, index) => index === 0 ? [panel] : [separator, panel]),
    background,
  );
};

/**
 * A depth image in colour under a caption with a colour bar in metres beside it. `range` is that of the colours;
 * without one it is the 2nd to 98th percentile of the valid depths, or 0 to 10 m if there are none, which the caption
 * then says. Throws a `RangeError` if `range` is not finite, ascending and from 0.
 * @category Pictures
 */
export const depthPicture = (depth: DepthImage, range?: Range): RgbImage => {
  const found = depthRange(depth);
  const used = range === undefined ? found ?? fallbackRange : readable(range);
  const caption = found === null ? "depth: none valid" : "depth";
  const picture = cell(colorize(depth, used), caption, {
    range: used,
    map: depthMap,
  });
  return frame(picture, spacing, white);
};
