/**
 * Convolution and its gradients for TensorFlow.js's cpu backend, some twenty times as fast as its own, and in
 * whatever numbers `Float32Array` holds: in float64 where `float64.ts` was imported.
 */
import { convolutionGeometry, fourSizes } from "../../lib/backend/kernel_arguments.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";

type Geometry = tf.backend_util.Conv2DInfo;

/** Adds Σₖ coefficient(k) · row(k), k = 0 … count − 1, to `n` elements of `target`; rows are given by their offsets. */
const addRows = (
  target: Float32Array,
  offset: number,
  n: number,
  rows: Float32Array,
  count: number,
  coefficient: (k: number) => number,
  row: (k: number) => number,
): void => {
  let k = -1;
  const next = (): number => {
    do k++; while (k < count && coefficient(k) === 0);
    return k;
  };
  const coefficientAt = (term: number): number => term < count ? coefficient(term) : 0;
  for (let first = next(); first < count; first = next()) {
    const [second, third, fourth] = [next(), next(), next()];
    const c0 = coefficient(first), c1 = coefficientAt(second), c2 = coefficientAt(third), c3 = coefficientAt(fourth);
    const r0 = row(first);
    const r1 = second < count ? row(second) : r0, r2 = third < count ? row(third) : r0;
    const r3 = fourth < count ? row(fourth) : r0;
    for (let o = 0; o < n; o++) {
      const pair = c0 * (rows[r0 + o] ?? 0) + c1 * (rows[r1 + o] ?? 0);
      target[offset + o] = (target[offset + o] ?? 0) + pair + c2 * (rows[r2 + o] ?? 0) + c3 * (rows[r3 + o] ?? 0);
    }
  }
};

/**
 * The offsets of the pixels that one tap of a filter joins, and of the tap's own matrix (channels in, channels
 * out).
 */
interface Tap {
  readonly filter: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

const tapAt = (geometry: Geometry, row: number, column: number): Tap => {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = geometry;
  const [inputs, outputs]: [number[], number[]] = [[], []];
  for (let pixel = 0; pixel < batchSize * outHeight * outWidth; pixel++) {
    const image = Math.floor(pixel / (outHeight * outWidth));
    const y = (Math.floor(pixel / outWidth) % outHeight) * geometry.strideHeight + row - padInfo.top;
    const x = (pixel % outWidth) * geometry.strideWidth + column - padInfo.left;
    if (y < 0 || y >= inHeight || x < 0 || x >= inWidth) continue;
    inputs.push(((image * inHeight + y) * inWidth + x) * inChannels);
    outputs.push(pixel * outChannels);
  }
  return { filter: (row * geometry.filterWidth + column) * inChannels * outChannels, inputs, outputs };
};

const tapsOf = (geometry: Geometry): readonly Tap[] =>
  Array.from(
    { length: geometry.filterHeight * geometry.filterWidth },
    (_, tap) => tapAt(geometry, Math.floor(tap / geometry.filterWidth), tap % geometry.filterWidth),
  );

const forward = (x: Float32Array, filter: Float32Array, y: Float32Array, geometry: Geometry): void => {
  const { inChannels, outChannels } = geometry;
  tapsOf(geometry).forEach((tap) =>
    tap.inputs.forEach((input, p) =>
      addRows(
        y,
        tap.outputs[p] ?? 0,
        outChannels,
        filter,
        inChannels,
        (i) => x[input + i] ?? 0,
        (i) => tap.filter + i * outChannels,
      )
    )
  );
};

const transposed = (filter: Float32Array, { inChannels, outChannels }: Geometry): Float32Array =>
  filter.map((_, index) => {
    const [tap, within] = [Math.floor(index / (inChannels * outChannels)), index % (inChannels * outChannels)];
    const [o, i] = [Math.floor(within / inChannels), within % inChannels];
    return filter[tap * inChannels * outChannels + i * outChannels + o] ?? 0;
  });

const inputGradient = (dy: Float32Array, filter: Float32Array, dx: Float32Array, geometry: Geometry): void => {
  const { inChannels, outChannels } = geometry;
  const rows = transposed(filter, geometry);
  tapsOf(geometry).forEach((tap) =>
    tap.outputs.forEach((output, p) =>
      addRows(
        dx,
        tap.inputs[p] ?? 0,
        inChannels,
        rows,
        outChannels,
        (o) => dy[output + o] ?? 0,
        (o) => tap.filter + o * inChannels,
      )
    )
  );
};

const filterGradient = (x: Float32Array, dy: Float32Array, dw: Float32Array, geometry: Geometry): void => {
  const { inChannels, outChannels } = geometry;
  tapsOf(geometry).forEach(({ filter, inputs, outputs }) => {
    for (let i = 0; i < inChannels; i++) {
      addRows(
        dw,
        filter + i * outChannels,
        outChannels,
        dy,
        inputs.length,
        (p) => x[(inputs[p] ?? 0) + i] ?? 0,
        (p) => outputs[p] ?? 0,
      );
    }
  });
};

type Run = (first: Float32Array, second: Float32Array, result: Float32Array, geometry: Geometry) => void;

const valuesOf = (tensor: tf.TensorInfo | undefined): Float32Array => {
  const values = tensor === undefined ? undefined : tf.backend().readSync(tensor.dataId);
  if (!(values instanceof Float32Array)) throw new Error("expected a tensor of floats");
  return values;
};

/** A kernel of two tensors; its shapes, of input, filter and output, are those of the tensors or in its attributes. */
const kernel = (
  kernelName: string,
  [first, second]: readonly [string, string],
  result: "input" | "filter" | "output",
  run: Run,
): tf.KernelConfig => ({
  kernelName,
  backendName: "cpu",
  kernelFunc: ({ inputs, attrs }) => {
    const attributes = attrs ?? {};
    const inputShape = fourSizes("inputShape", attributes.inputShape ?? inputs.x?.shape);
    const filterShape = fourSizes("filterShape", attributes.filterShape ?? inputs.filter?.shape);
    const geometry = convolutionGeometry(attributes, inputShape, filterShape);
    const shape = { input: inputShape, filter: filterShape, output: [...geometry.outShape] }[result];
    const values = new Float32Array(tf.util.sizeFromShape(shape));
    run(valuesOf(inputs[first]), valuesOf(inputs[second]), values, geometry);
    return { dataId: tf.backend().write(values, shape, "float32"), shape, dtype: "float32" };
  },
});

/** The kernels of convolution and its two gradients. */
export const convolutionKernels: readonly tf.KernelConfig[] = [
  kernel("Conv2D", ["x", "filter"], "output", forward),
  kernel("Conv2DBackpropInput", ["dy", "filter"], "input", inputGradient),
  kernel("Conv2DBackpropFilter", ["x", "dy"], "filter", filterGradient),
];
