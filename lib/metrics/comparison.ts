import { resizeDepth } from "../data/resize.ts";
import { E, type Either, pipe } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import type { DepthImage } from "../formats/raster.ts";
import { comparisonSize, type CropWindow, cropWindow, resizePrediction } from "./geometry.ts";
import type { DepthRange } from "../data/dataset.ts";
import { checkProtocol, type Protocol } from "./protocols.ts";
import { median } from "./statistics.ts";

/** A prediction and its ground truth at one size, as a protocol compares them: row-major, metres. */
export interface Comparison {
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
  /** Ground truth; 0 where it does not count: no measurement, out of range, or outside the crop. */
  readonly truth: Float32Array;
  /** The prediction, scaled and clipped where ground truth counts; 0 elsewhere. */
  readonly prediction: Float64Array;
  /** What the prediction was multiplied by, 1 without median scaling. */
  readonly scale: number;
  /** Pixels whose prediction was clipped, of those that count. */
  readonly clipped: number;
  /** Pixels that count whose ground truth lies outside the range that predictions are clipped to. */
  readonly beyond: number;
}

const counted = ({ height, width, metres }: DepthImage, window: CropWindow, { min, max }: Protocol["truth"]) => {
  const truth = new Float32Array(height * width);
  const least = Math.max(min, 0);
  for (let row = window.rows[0]; row < window.rows[1]; row++) {
    for (let column = window.columns[0]; column < window.columns[1]; column++) {
      const g = metres[row * width + column]!;
      if (g > least && g < max) truth[row * width + column] = g;
    }
  }
  return truth;
};

const checkFinite = (name: string, { metres }: DepthImage, truth: Float32Array): Either<Failure, void> => {
  const at = truth.findIndex((g, index) => g > 0 && !Number.isFinite(metres[index]));
  return at < 0 ? E.right(undefined) : E.left(
    failure(
      "numeric",
      name,
      `a predicted depth of ${metres[at]}`,
      "finite depths",
      "Training may have diverged: look at the log of its losses.",
    ),
  );
};

const scaleOf = (name: string, { metres }: DepthImage, truth: Float32Array): Either<Failure, number> => {
  const ofTruth = median(truth.filter((g) => g > 0));
  const ofPrediction = median(metres.filter((_, at) => truth[at]! > 0));
  return ofPrediction > 0 ? E.right(ofTruth / ofPrediction) : E.left(
    failure("numeric", name, `a median prediction of ${ofPrediction} m`, "one above 0, for median scaling"),
  );
};

const scaledAndClipped = ({ metres }: DepthImage, truth: Float32Array, scale: number, { near, far }: DepthRange) => {
  const prediction = new Float64Array(truth.length);
  // A range that was measured, or written with few digits, must not leave out the depth that it ends at.
  const [least, most] = [Math.fround(near), Math.fround(far)];
  let [clipped, beyond] = [0, 0];
  for (let at = 0; at < truth.length; at++) {
    const g = truth[at]!;
    if (!(g > 0)) continue;
    const p = metres[at]! * scale;
    prediction[at] = Math.min(Math.max(p, near), far);
    clipped += Number(p < near || p > far);
    beyond += Number(g < least || g > most);
  }
  return { prediction, clipped, beyond };
};

const compareAtSize = (
  protocol: Protocol,
  name: string,
  prediction: DepthImage,
  { height, width, ...truth }: DepthImage,
): Either<Failure, Comparison> =>
  pipe(
    cropWindow(protocol.crop, name, height, width),
    E.map((window) => counted({ height, width, ...truth }, window, protocol.truth)),
    E.chainFirst((valid) => checkFinite(name, prediction, valid)),
    E.chain((valid) =>
      pipe(
        protocol.medianScaling && valid.some((g) => g > 0) ? scaleOf(name, prediction, valid) : E.right(1),
        E.map((scale) => {
          return { height, width, truth: valid, scale, ...scaledAndClipped(prediction, valid, scale, protocol.clip) };
        }),
      )
    ),
  );

/**
 * Brings a prediction and its ground truth to what a protocol compares: resized, cropped, in range, scaled and clipped.
 * What was predicted where no ground truth counts does not matter.
 *
 * Errors: "data" if the crop is for another size, "numeric" if a prediction that counts is not finite, or the median
 * that scales is not above 0, "format" if the size of comparison is too large, all naming the image; "configuration"
 * for a protocol that makes no sense.
 *
 * @param name The image's name, for messages.
 */
export const compare = (
  protocol: Protocol,
  name: string,
  prediction: DepthImage,
  truth: DepthImage,
): Either<Failure, Comparison> =>
  pipe(
    checkProtocol(protocol),
    E.chain(() => comparisonSize(protocol.resizing, name, truth.height, truth.width)),
    E.chain(([height, width]) =>
      compareAtSize(
        protocol,
        name,
        resizePrediction(prediction, height, width),
        resizeDepth(height, width)(truth),
      )
    ),
  );
