/** What FusedConvolution of both backends reads off its inputs and attributes. */
import type { tf } from "../../dependencies/tensorflow.ts";
import { convolutionGeometry, type Geometry, numberAttribute, sizesOf } from "./attributes.ts";

/** What is applied after the norm and, unless it comes last, the residual. */
export type Activation = "none" | "relu" | "leakyRelu";

/** The attribute `activation`. */
export const activationOf = (attrs: tf.NamedAttrMap): Activation => {
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
