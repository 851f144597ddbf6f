import type { DepthImage, RgbImage } from "../formats/raster.ts";
import type { Explanation, TermExplanation } from "../loss/explanation.ts";
import type { Rectangle } from "./canvas.ts";
import { signedMap } from "./colormap.ts";
import type { DepthCut } from "./depth_cut.ts";
import { evenly, filled, hstack, pad, vstack } from "./layout.ts";
import { isMeasured, type Range, readable } from "./range.ts";
import { ink, invalidGrey, type Rgb, white } from "./rgb.ts";
import { axisWidth, columnAxis, signedBars, stepLine, type Strip, stripPlot } from "./strip.ts";
import { fittedLabel, label, plainLabel } from "./text.ts";

/** The colour of the prediction's line: ColorBrewer's orange, told from black in grey print, too. */
export const predictionColour: Rgb = [230, 85, 13];

/** The colours of a pull nearer and farther away, as in the maps of pulls. */
export const pullColours: readonly [nearer: Rgb, farther: Rgb] = [signedMap(0.1), signedMap(0.9)];

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
