import type { DepthImage, RgbImage } from "../formats/raster.ts";
import type { Explanation, TermExplanation } from "../loss/explanation.ts";
import { ink, invalidGrey, isMeasured, type Range, readable, type Rgb, signedMap, white } from "./colormap.ts";
import { evenly, filled, hstack, pad, type Rectangle, vstack } from "./layout.ts";
import { axisWidth, columnAxis, signedBars, stepLine, type Strip, stripPlot } from "./strip.ts";
import { fittedLabel, label, plainLabel } from "./text.ts";

/** A part of a row of a depth map, across its strongest edge. */
export interface DepthCut {
  /** The row of the depth map. */
  readonly row: number;
  /** The first column. */
  readonly from: number;
  /** The column after the last one. */
  readonly to: number;
  /** The column just before the edge: depth jumps between it and the next one. */
  readonly edge: number;
}

/** The jump of depth after a pixel, in metres, above 0 if it goes farther away; NaN next to a hole. */
const jumpAfter = ({ width, metres }: DepthImage, row: number, column: number): number => {
  const [left, right] = [metres[row * width + column]!, metres[row * width + column + 1]!];
  return isMeasured(left) && isMeasured(right) ? right - left : NaN;
};

/** The least jump of some rows at a column, if all go the same way: 0 otherwise. */
const commonJump = (depth: DepthImage, rows: readonly number[], column: number): number => {
  const jumps = rows.map((row) => jumpAfter(depth, row, column));
  const sameWay = jumps.every((jump) => jump > 0) || jumps.every((jump) => jump < 0);
  return sameWay ? Math.min(...jumps.map(Math.abs)) : 0;
};

/** A cut as long as cuts are in this depth map, with an edge in its middle where that is possible. */
const cutAround = ({ width }: DepthImage, row: number, edge: number): DepthCut => {
  const length = Math.min(width, Math.max(24, Math.round(width / 3)));
  const from = Math.max(0, Math.min(width - length, edge + 1 - Math.floor(length / 2)));
  return { row, edge, from, to: from + length };
};

const measuredShare = ({ metres, width }: DepthImage, { row, from, to }: DepthCut): number =>
  metres.subarray(row * width + from, row * width + to).filter(isMeasured).length / (to - from);

const strongest = (depth: DepthImage, reach: number): DepthCut | null => {
  let [most, found]: [number, DepthCut | null] = [0, null];
  for (let row = reach; row < depth.height - reach; row++) {
    const rows = Array.from({ length: 2 * reach + 1 }, (_, index) => row - reach + index);
    for (let edge = 0; edge + 1 < depth.width; edge++) {
      const jump = commonJump(depth, rows, edge);
      if (jump <= most) continue;
      const cut = cutAround(depth, row, edge);
      const strength = jump * measuredShare(depth, cut);
      if (strength > most) [most, found] = [strength, cut];
    }
  }
  return found;
};

/**
 * A cut along a row across the strongest depth edge of a ground truth in metres (0 or not finite = no measurement): the
 * largest jump between neighbours that the rows above and below have as well, so that it is no speck, or of a single row if
 * there is none such; where much of the cut is holes, a jump counts for less. It is a third of the row, at least 24 columns if there are as many, with the edge in its middle
 * unless that is too near to the picture's side. `null` if depth jumps nowhere.
 */
export const depthCut = (truth: DepthImage): DepthCut | null => strongest(truth, 1) ?? strongest(truth, 0);

/** The colour of the prediction's line: ColorBrewer's orange, told from black in grey print, too. */
const predictionColour: Rgb = [230, 85, 13];

/** The colours of a pull nearer and farther away, as in the maps of pulls. */
const pullColours: readonly [nearer: Rgb, farther: Rgb] = [signedMap(0.1), signedMap(0.9)];

const depthHeight = 160;
const pullHeight = 90;
const headroom = 1.08;

const along = (values: Float32Array, width: number, { row, from, to }: DepthCut): readonly number[] =>
  Array.from(values.subarray(row * width + from, row * width + to));

const depthsAlong = ({ metres, width }: DepthImage, cut: DepthCut): readonly number[] =>
  along(metres, width, cut).map((depth) => isMeasured(depth) ? depth : NaN);

const rangeOf = (values: readonly number[]): Range => {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  const [near, far] = readable([Math.min(...finite), Math.max(...finite)]);
  const room = (far - near) * (headroom - 1);
  return [Math.max(0, near - room), far + room];
};

/** A line where the edge is, behind what is plotted. */
const edgeLine = ({ edge, from }: DepthCut, { step, height }: Strip): Rectangle => ({
  top: 0,
  left: (edge + 1 - from) * step - 1,
  height,
  width: 1,
  colour: invalidGrey,
});

const indented = (image: RgbImage): RgbImage => pad(image, { ...evenly(0), top: 6, left: axisWidth, bottom: 2 }, white);

const depthPlot = ({ truth, prediction }: Explanation, cut: DepthCut, step: number): RgbImage => {
  const [measured, predicted] = [depthsAlong(truth, cut), depthsAlong(prediction, cut)];
  const strip: Strip = {
    length: measured.length,
    step,
    height: depthHeight,
    range: rangeOf([...measured, ...predicted]),
  };
  const legend = hstack([
    label("ground truth"),
    filled(1, 24, white),
    label("prediction", { ...plainLabel, foreground: predictionColour }),
  ], white);
  const lines = [...stepLine(strip, predicted, predictionColour), ...stepLine(strip, measured, ink)];
  return vstack([indented(legend), stripPlot(strip, "m", [edgeLine(cut, strip), ...lines])], white);
};

const pullPlot = ({ name, trained, pull }: TermExplanation, cut: DepthCut, step: number): RgbImage => {
  const values = along(pull.values, pull.width, cut);
  const most = Math.max(...values.filter(Number.isFinite).map(Math.abs), 0) * headroom || 1;
  const strip: Strip = { length: values.length, step, height: pullHeight, range: [-most, most] };
  const caption = `pull of ${name}${trained ? "" : " (not in the loss of this run)"}`;
  const drawn = [edgeLine(cut, strip), ...signedBars(strip, values, pullColours)];
  const text = indented(fittedLabel(caption, step * values.length));
  return vstack([text, stripPlot(strip, "", drawn)], white);
};

/**
 * Truth, prediction and the pull of each loss along a cut, one below the other over the numbers of the columns, at most
 * `width` pixels wide but at least one pixel a column. A thin line marks the edge.
 */
export const cutPlot = (explanation: Explanation, cut: DepthCut, width: number): RgbImage => {
  const length = cut.to - cut.from;
  const step = Math.max(1, Math.floor((width - axisWidth - 2) / length));
  return vstack([
    depthPlot(explanation, cut, step),
    ...explanation.terms.map((term) => pullPlot(term, cut, step)),
    columnAxis({ length, step }, cut.from),
  ], white);
};
