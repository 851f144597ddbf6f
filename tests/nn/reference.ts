/** Layers in float64 with plain loops, from their definitions; weights are looked up by the paths of checkpoints. */
import type { Mode } from "../../lib/nn/layer.ts";
import { convolutionShape, convolve, resize } from "../backend/reference.ts";
import { assert } from "../std.ts";
import type { Numbers } from "../support.ts";

/** Sizes of feature maps. */
export type Four = readonly [batch: number, height: number, width: number, channels: number];

/** Feature maps as numbers, channels varying fastest. */
export interface Maps {
  readonly shape: Four;
  readonly values: readonly number[];
}

/** Parameters and statistics by path, such as `params/conv/kernel`. */
export type Weights = ReadonlyMap<string, Numbers>;

/** The part of the weights whose paths go through `name`, as the weights of that part. */
export const partOf = (weights: Weights, name: string): Weights =>
  new Map([...weights].flatMap(([path, numbers]) => {
    const [root, ...rest] = path.split("/");
    const within = rest.join("/");
    return within.startsWith(`${name}/`) ? [[`${root}/${within.slice(name.length + 1)}`, numbers] as const] : [];
  }));

/** The weight at a path. */
export const weightAt = (weights: Weights, path: string): Numbers => {
  const numbers = weights.get(path);
  assert(numbers !== undefined, `there is no ${path}`);
  return numbers;
};

/** Feature maps of the same shape with other values. */
export const mapValues = (maps: Maps, change: (value: number, channel: number) => number): Maps => ({
  shape: maps.shape,
  values: maps.values.map((value, at) => change(value, at % maps.shape[3])),
});

/** Both feature maps, of one shape, joined value by value. */
export const zipMaps = (first: Maps, second: Maps, join: (a: number, b: number) => number): Maps => {
  assert(first.shape.join() === second.shape.join(), `[${first.shape}] is joined with [${second.shape}]`);
  return { shape: first.shape, values: first.values.map((value, at) => join(value, second.values[at] ?? NaN)) };
};

/** The channels of both, the first's before the second's. */
export const concatenate = (first: Maps, second: Maps): Maps => {
  const [[batch, height, width, c1], [, , , c2]] = [first.shape, second.shape];
  const pixels = Array.from({ length: batch * height * width }, (_, pixel) => [
    ...first.values.slice(pixel * c1, (pixel + 1) * c1),
    ...second.values.slice(pixel * c2, (pixel + 1) * c2),
  ]);
  return { shape: [batch, height, width, c1 + c2], values: pixels.flat() };
};

/** Bilinear resizing with half-pixel centres and clamped edges. */
export const resizeTo = (maps: Maps, [height, width]: readonly [number, number]): Maps => {
  const [batch, , , channels] = maps.shape;
  const { y } = resize(maps.shape, [height, width], maps.values, []);
  return { shape: [batch, height, width, channels], values: Array.from(y) };
};

/** The convolution of `weights`, with its bias if there is one, padded by half a kernel. */
export const convolution = (weights: Weights, input: Maps, stride = 1): Maps => {
  const kernel = weightAt(weights, "params/kernel");
  const [rows = 0, columns = 0, from = 0, to = 0] = kernel.shape;
  assert(from === input.shape[3], `the kernel takes ${from} channels, the input has ${input.shape[3]}`);
  const [y, x] = [Math.floor(rows / 2), Math.floor(columns / 2)];
  const form = {
    input: input.shape,
    filter: [rows, columns, from, to] as const,
    stride: [stride, stride] as const,
    padding: [y, y, x, x] as const,
  };
  const bias = weights.get("params/bias")?.values;
  const output = { shape: convolutionShape(form), values: [...convolve(form, input.values, [...kernel.values], []).y] };
  return mapValues(output, (value, channel) => value + (bias === undefined ? 0 : bias[channel] ?? NaN));
};

/** The mean of each channel over batch, height and width. */
export const channelMeans = ({ shape: [, , , channels], values }: Maps): readonly number[] =>
  Array.from({ length: channels }, (_, channel) => {
    const own = values.filter((_, at) => at % channels === channel);
    return own.reduce((sum, value) => sum + value, 0) / own.length;
  });

/** The biased variance of each channel. */
export const channelVariances = (maps: Maps): readonly number[] => {
  const means = channelMeans(maps);
  return channelMeans(mapValues(maps, (value, channel) => (value - (means[channel] ?? NaN)) ** 2));
};

/** Batch norm, by the batch's moments or by the tracked ones. */
export const normalize = (weights: Weights, input: Maps, mode: Mode, epsilon = 1e-5): Maps => {
  const tracked = (name: string) => [...weightAt(weights, `statistics/${name}`).values];
  const [means, variances] = mode === "training"
    ? [channelMeans(input), channelVariances(input)]
    : [tracked("mean"), tracked("variance")];
  const [gamma, beta] = [weightAt(weights, "params/gamma").values, weightAt(weights, "params/beta").values];
  return mapValues(input, (value, c) => {
    const normalized = (value - (means[c] ?? NaN)) / Math.sqrt((variances[c] ?? NaN) + epsilon);
    return (gamma[c] ?? NaN) * normalized + (beta[c] ?? NaN);
  });
};

/** x where x > 0, slope · x elsewhere; ReLU without a slope. */
export const rectify = (maps: Maps, slope = 0): Maps => mapValues(maps, (value) => value > 0 ? value : slope * value);

/** How a unit of convolution and batch norm is applied. */
export interface UnitOptions {
  readonly stride?: number;
  /** LeakyReLU's slope after the batch norm: 0 for ReLU, 1 for none. */
  readonly slope?: number;
}

/** Convolution, batch norm and ReLU of a part that has `conv` and `norm`. */
export const unit = (weights: Weights, input: Maps, mode: Mode, { stride = 1, slope = 0 }: UnitOptions = {}): Maps =>
  rectify(normalize(partOf(weights, "norm"), convolution(partOf(weights, "conv"), input, stride), mode), slope);
