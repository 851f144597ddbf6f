/** Weights and inputs by the formula of the parity files, so that no file with weights is needed. */
import { hashName } from "../../lib/tensor/key.ts";
import type { ShapedValues, TensorShape } from "../../lib/formats/torch_layout.ts";

/** The first `count` numbers of mulberry32 with the seed FNV-1a(name), in [0, 1), each through `change`, as float32. */
const sequence = (name: string, count: number, change: (u: number) => number): Float32Array => {
  const seed = hashName(name);
  const values = new Float32Array(count);
  for (let k = 1; k <= count; k++) {
    const a = (seed + Math.imul(k, 0x6D2B79F5)) | 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= (t + Math.imul(t ^ (t >>> 7), t | 61)) | 0;
    values[k - 1] = Math.fround(change(((t ^ (t >>> 14)) >>> 0) / 2 ** 32));
  }
  return values;
};

const product = (sizes: TensorShape): number => sizes.reduce((all, size) => all * size, 1);

const changeFor = (name: string, shape: TensorShape): (u: number) => number => {
  const bound = Math.sqrt(3 / product(shape.slice(1)));
  switch (name.split(".").at(-1)) {
    case "running_mean":
    case "bias":
      return (u) => 0.1 * (2 * u - 1);
    case "running_var":
      return (u) => 1 + 0.5 * (2 * u - 1);
    case "weight":
      return shape.length === 1 ? (u) => 1 + 0.1 * (2 * u - 1) : (u) => (2 * u - 1) * bound;
    default:
      throw new Error(`the formula has no values for "${name}"`);
  }
};

/** The weights of a published name, in PyTorch's layout. */
export const fill = (name: string, shape: TensorShape): ShapedValues => ({
  shape,
  values: sequence(name, product(shape), changeFor(name, shape)),
});

/** Preprocessed pictures, (batch, 3, height, width), −2…2. */
export const fillInput = (batch: number, height: number, width: number): ShapedValues => ({
  shape: [batch, 3, height, width],
  values: sequence(`input/${batch}x3x${height}x${width}`, batch * 3 * height * width, (u) => -2 + 4 * u),
});

/** Ground truth in metres, (batch, 1, height, width), −1…10; what is under 0 is invalid. */
export const fillDepth = (batch: number, height: number, width: number): ShapedValues => ({
  shape: [batch, 1, height, width],
  values: sequence(`depth/${batch}x1x${height}x${width}`, batch * height * width, (u) => -1 + 11 * u),
});
