/** Reads the inputs and attributes that TensorFlow.js hands to a kernel, which its types leave open, and checks them. */
import { tf } from "../dependencies/tensorflow.ts";

/** What a convolution or a pooling reads and writes: the sizes of its input, output, filter, strides and padding. */
export type Geometry = tf.backend_util.Conv2DInfo;

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

/** The input of this name. @throws Error if it is missing. */
export const inputOf = (inputs: tf.NamedTensorInfoMap, name: string): tf.TensorInfo => {
  const input = inputs[name];
  if (input !== undefined) return input;
  throw new Error(`kernel input ${name}: found nothing, expected a tensor`);
};

/** The input of this name. @throws Error if it is missing or not of floats. */
export const floatInput = (inputs: tf.NamedTensorInfoMap, name: string): tf.TensorInfo => {
  const input = inputs[name];
  if (input?.dtype === "float32") return input;
  throw new Error(`kernel input ${name}: found ${input?.dtype ?? "nothing"}, expected float32`);
};

/** The inputs of these names. @throws Error if one is missing or not of floats. */
export const floatInputs = <N extends string>(
  inputs: tf.NamedTensorInfoMap,
  ...names: readonly N[]
): Readonly<Record<N, tf.TensorInfo>> =>
  Object.fromEntries(names.map((name) => [name, floatInput(inputs, name)])) as Record<N, tf.TensorInfo>;

/** How many numbers a tensor holds. */
export const lengthOf = ({ shape }: tf.TensorInfo): number => shape.reduce((product, size) => product * size, 1);

/** Four sizes, of a tensor or of a filter. */
export const fourSizes = (name: string, value: unknown): Four =>
  isFour(value) ? value : refuse(name, value, "four sizes");

/** The four sizes of an input. */
export const sizesOf = (inputs: tf.NamedTensorInfoMap, name: string): Four => fourSizes(name, inputs[name]?.shape);

/** The attribute of this name, a number. */
export const numberAttribute = (attributes: tf.NamedAttrMap | undefined, name: string): number => {
  const value: unknown = attributes?.[name];
  return typeof value === "number" ? value : refuse(name, value, "a number");
};

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

/**
 * The padding of a convolution, side by side: given one number for all, TensorFlow.js takes the height's window and stride
 * for the width, too.
 */
export const paddingAtSides = ({ pad }: tf.NamedAttrMap): "valid" | "same" | tf.backend_util.ExplicitPadding => {
  const given = padding(pad);
  return typeof given === "number" ? [[0, 0], [given, given], [given, given], [0, 0]] : given;
};

const rounding = (value: unknown): Rounding | undefined =>
  value === undefined || value === null
    ? undefined
    : isRounding(value)
    ? value
    : refuse("dimRoundingMode", value, '"floor", "round" or "ceil"');

const layoutOf = ({ dataFormat }: tf.NamedAttrMap): unknown => dataFormat ?? "NHWC";

/** How far apart the taps of a filter are, down and across; where nothing is given, side by side. */
const dilationsOf = ({ dilations }: tf.NamedAttrMap): readonly number[] => pair("dilations", dilations ?? 1);

/** Whether a filter has holes. */
export const isDilated = (attributes: tf.NamedAttrMap): boolean => dilationsOf(attributes).some((size) => size !== 1);

/** Whether a convolution is one with channels last, which is what this library's kernels compute. */
export const hasChannelsLast = (attributes: tf.NamedAttrMap): boolean => layoutOf(attributes) === "NHWC";

/** The geometry of a convolution, of all channels or of each by itself, with any stride and dilation. */
const windowGeometry = (
  attributes: tf.NamedAttrMap,
  inputShape: Four,
  filterShape: Four,
  depthwise: boolean,
): Geometry => {
  const layout = layoutOf(attributes);
  if (layout !== "NHWC") refuse("dataFormat", layout, '"NHWC": transpose to channels last with tf.transpose');
  const geometry = tf.backend_util.computeConv2DInfo(
    inputShape,
    filterShape,
    pair("strides", attributes.strides),
    pair("dilations", attributes.dilations ?? 1),
    paddingAtSides(attributes),
    rounding(attributes.dimRoundingMode),
    depthwise,
  );
  const { effectiveFilterHeight, effectiveFilterWidth, outHeight, outWidth } = geometry;
  if (outHeight >= 0 && outWidth >= 0) return geometry;
  throw new Error(
    `found a window of ${effectiveFilterHeight}×${effectiveFilterWidth} pixels over an input [${inputShape}], ` +
      "expected one that fits: use a smaller filter or dilation, or more padding.",
  );
};

/**
 * The geometry of a 2-D convolution from the attributes of its kernels. `inputShape` is [batch, height, width,
 * channels], `filterShape` [height, width, channels in, channels out]. Throws where the layout is not NHWC, or both a
 * stride and a dilation are not 1.
 */
export const convolutionGeometry = (
  attributes: tf.NamedAttrMap,
  inputShape: Four,
  filterShape: Four,
): Geometry => {
  const [strides, dilations] = [pair("strides", attributes.strides), dilationsOf(attributes)];
  if (isDilated(attributes) && strides.some((step) => step !== 1)) {
    refuse(
      "dilations",
      dilations,
      `1 at the strides [${strides}]: convolve at stride 1, then take every so many-th pixel`,
    );
  }
  return windowGeometry(attributes, inputShape, filterShape, false);
};

/**
 * The geometry of a depthwise convolution of an input [N, H, W, C] with a filter [R, S, C, M], to C · M channels, or of its
 * gradients, of dy and the filter or the input. What is no input is given as a shape by the attributes.
 */
export const depthwiseGeometry = (inputs: tf.NamedTensorInfoMap, attributes: tf.NamedAttrMap): Geometry => {
  const shapeOf = (name: string, attribute: string): Four =>
    inputs[name] === undefined ? fourSizes(attribute, attributes[attribute]) : sizesOf(inputs, name);
  return windowGeometry(attributes, shapeOf("x", "inputShape"), shapeOf("filter", "filterShape"), true);
};

/** The geometry of Conv2D, whose inputs are x and filter. */
export const conv2DGeometry = (inputs: tf.NamedTensorInfoMap, attributes: tf.NamedAttrMap): Geometry =>
  convolutionGeometry(attributes, sizesOf(inputs, "x"), sizesOf(inputs, "filter"));

/** The geometry of the convolution of which Conv2DBackpropInput, of dy and filter, is the gradient. */
export const inputGradientGeometry = (inputs: tf.NamedTensorInfoMap, attributes: tf.NamedAttrMap): Geometry =>
  convolutionGeometry(attributes, fourSizes("inputShape", attributes.inputShape), sizesOf(inputs, "filter"));

/** Whether dy has other sizes than the convolution's output, as a transposed convolution may ask; no own kernel takes it. */
export const isMismatched = ({ shape }: tf.TensorInfo, { outHeight, outWidth }: Geometry): boolean =>
  shape[1] !== outHeight || shape[2] !== outWidth;

/** The geometry of the convolution of which Conv2DBackpropFilter, of x and dy, is the gradient. */
export const filterGradientGeometry = (inputs: tf.NamedTensorInfoMap, attributes: tf.NamedAttrMap): Geometry =>
  convolutionGeometry(attributes, sizesOf(inputs, "x"), fourSizes("filterShape", attributes.filterShape));

/** The geometry of a 2-D pooling of an input [batch, height, width, channels] from the attributes of its kernels. */
export const poolingGeometry = (attributes: tf.NamedAttrMap, inputShape: Four): Geometry =>
  tf.backend_util.computePool2DInfo(
    inputShape,
    pair("filterSize", attributes.filterSize),
    pair("strides", attributes.strides),
    1,
    padding(attributes.pad),
    rounding(attributes.dimRoundingMode),
  );

/** What is applied after the norm and, unless it comes last, the residual. */
export type KernelActivation = "none" | "relu" | "leakyRelu";

/** The attribute `activation`. */
export const activationOf = (attrs: tf.NamedAttrMap): KernelActivation => {
  const activation: unknown = attrs.activation;
  if (activation === "none" || activation === "relu" || activation === "leakyRelu") return activation;
  throw new Error(
    `kernel attribute activation: found ${JSON.stringify(activation)}, expected "none", "relu" or "leakyRelu".`,
  );
};

const expectSame = (name: string, found: readonly number[], expected: readonly number[]): void => {
  if (found.every((size, axis) => size === expected[axis])) return;
  throw new Error(`kernel input ${name}: found the sizes [${found}], expected [${expected}].`);
};

/** The shape of [x, second ⊙ gain] along channels, second and gain if they are there. */
const joinedShape = (inputs: tf.NamedTensorInfoMap): [number, number, number, number] => {
  const [batch, height, width, channels] = sizesOf(inputs, "x");
  if (inputs.second === undefined) {
    if (inputs.gain === undefined) return [batch, height, width, channels];
    throw new Error("kernel input gain: found a tensor, expected none without the input second.");
  }
  const second = sizesOf(inputs, "second");
  expectSame("second", second.slice(0, 3), [batch, height, width]);
  if (inputs.gain !== undefined) expectSame("gain", sizesOf(inputs, "gain"), second);
  return [batch, height, width, channels + second[3]];
};

/**
 * The geometry of the convolution of [x, second ⊙ gain], second and gain if they are there, with the filter and
 * ⌊size / 2⌋ zeros at every side. Throws where the shapes of the inputs do not belong together.
 */
export const fusedGeometry = (inputs: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap): Geometry => {
  const [input, filter] = [joinedShape(inputs), sizesOf(inputs, "filter")];
  expectSame("filter", [filter[2]], [input[3]]);
  const [rows, columns] = [Math.floor(filter[0] / 2), Math.floor(filter[1] / 2)];
  const pad = [[0, 0], [rows, rows], [columns, columns], [0, 0]];
  const geometry = convolutionGeometry({ strides: numberAttribute(attrs, "stride"), pad }, input, filter);
  if (inputs.residual === undefined) return geometry;
  const [batch, , , channels] = sizesOf(inputs, "residual");
  expectSame("residual", [batch, channels], [geometry.batchSize, geometry.outChannels]);
  return geometry;
};

/** Whether the residual, if there is one, has another height or width than the output. */
export const isResized = (
  { residual }: tf.NamedTensorInfoMap,
  { outHeight, outWidth }: Geometry,
): boolean => residual !== undefined && (residual.shape[1] !== outHeight || residual.shape[2] !== outWidth);

/** The attributes of TensorFlow.js's ResizeBilinear to the size of the output: half-pixel centres, as resizeBilinear's. */
export const resizeAttributes = ({ outHeight, outWidth }: Geometry): tf.NamedAttrMap => ({
  size: [outHeight, outWidth],
  alignCorners: false,
  halfPixelCenters: true,
});
