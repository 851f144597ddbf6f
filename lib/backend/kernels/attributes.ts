/** Reads the attributes that TensorFlow.js hands to a kernel, which its types leave open, and checks them. */
import { tf } from "../../dependencies/tensorflow.ts";

type Four = [number, number, number, number];
type Rounding = "floor" | "round" | "ceil";

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((item) => typeof item === "number");

const isPair = (value: unknown): value is [number, number] => isNumbers(value) && value.length === 2;

const isFour = (value: unknown): value is Four => isNumbers(value) && value.length === 4;

const isExplicit = (
  value: unknown,
): value is tf.backend_util.ExplicitPadding => Array.isArray(value) && value.length === 4 && value.every(isPair);

const isRounding = (value: unknown): value is Rounding => value === "floor" || value === "round" || value === "ceil";

const refuse = (name: string, found: unknown, expected: string): never => {
  throw new Error(
    `kernel attribute ${name}: found ${JSON.stringify(found)}, expected ${expected}.`,
  );
};

/** Four sizes, of a tensor or of a filter. */
export const fourSizes = (name: string, value: unknown): Four =>
  isFour(value) ? value : refuse(name, value, "four sizes");

const pair = (name: string, value: unknown): [number, number] =>
  typeof value === "number"
    ? [value, value]
    : isPair(value)
    ? value
    : refuse(name, value, "a number or a pair of numbers");

const padding = (
  value: unknown,
): number | "valid" | "same" | tf.backend_util.ExplicitPadding =>
  typeof value === "number" || value === "valid" || value === "same" ||
    isExplicit(value)
    ? value
    : refuse(
      "pad",
      value,
      '"valid", "same", a number or four pairs of numbers',
    );

const rounding = (value: unknown): Rounding | undefined =>
  value === undefined || value === null
    ? undefined
    : isRounding(value)
    ? value
    : refuse("dimRoundingMode", value, '"floor", "round" or "ceil"');

/**
 * The geometry of a 2-D convolution from the attributes of its kernels. `inputShape` is [batch, height, width,
 * channels], `filterShape` [height, width, channels in, channels out]. Throws where the layout is not NHWC or the
 * dilation is not 1.
 */
export const convolutionGeometry = (
  attributes: tf.NamedAttrMap,
  inputShape: Four,
  filterShape: Four,
): tf.backend_util.Conv2DInfo => {
  const layout = attributes.dataFormat ?? "NHWC";
  if (layout !== "NHWC") refuse("dataFormat", layout, '"NHWC"');
  const dilations = pair("dilations", attributes.dilations ?? 1);
  if (dilations.some((size) => size !== 1)) {
    refuse("dilations", dilations, "1, as dilated filters have no gradient");
  }
  return tf.backend_util.computeConv2DInfo(
    inputShape,
    filterShape,
    pair("strides", attributes.strides),
    1,
    padding(attributes.pad),
    rounding(attributes.dimRoundingMode),
  );
};

/**
 * The geometry of a 2-D pooling from the attributes of its kernels. `inputShape` is [batch, height, width, channels].
 */
export const poolingGeometry = (
  attributes: tf.NamedAttrMap,
  inputShape: Four,
): tf.backend_util.Conv2DInfo =>
  tf.backend_util.computePool2DInfo(
    inputShape,
    pair("filterSize", attributes.filterSize),
    pair("strides", attributes.strides),
    1,
    padding(attributes.pad),
    rounding(attributes.dimRoundingMode),
  );

/** A number. */
export const numberAttribute = (name: string, value: unknown): number =>
  typeof value === "number" ? value : refuse(name, value, "a number");
