/**
 * The shaders of a convolution's filter gradient: dW[r, m, k] = Σ x[n, i·stride + r − top, (j·stride − left)·C + m] ·
 * dy[n, i, j, k] over all output pixels (n, i, j). A row of the filter is one run of m = s·C + c over its columns and
 * channels, as a row of the input is one run of its columns and channels; what lies outside the input's row is
 * padding.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import type { WebGPUBackend } from "../../dependencies/webgpu.ts";
import { lengthOf } from "../kernel_arguments.ts";
import {
  dispatch,
  eachLine,
  type Element,
  elementOf,
  itemCode,
  lines,
  range,
  type Shader,
  type Width,
  widthOf,
  workgroupsFor,
} from "./shader.ts";

/** The parameters of the shaders, in numbers and pixels. */
export const filterGradientParameters = {
  height: "i32",
  width: "i32",
  channels: "i32",
  outHeight: "i32",
  outWidth: "i32",
  outputs: "i32",
  filterHeight: "i32",
  run: "i32",
  strideHeight: "i32",
  strideWidth: "i32",
  top: "i32",
  left: "i32",
  total: "i32",
  slice: "i32",
  segment: "i32",
  slices: "i32",
} as const;

/** A shader that writes `slices` partial sums of the gradient, one after the other. */
export interface FilterGradientShader extends Shader {
  readonly writes: { readonly partials: Element };
  readonly reads: { readonly x: Element; readonly dy: Element };
  readonly parameters: typeof filterGradientParameters;
}

/** A number's index as that of the element it begins. A shift, as a division of integers costs several instructions. */
export const elementAt = (index: string, width: Width): string => width === 1 ? `(${index})` : `((${index}) >> 2u)`;

/** The expression of number `index` of what was read `width` at a time into `name0`, `name1`, … */
export const numberOf = (name: string, index: number, width: Width): string =>
  width === 1 ? `${name}${index}` : `${name}${index >> 2}.${"xyzw".charAt(index & 3)}`;

/** Invocations in a workgroup of {@link directShader}: as many as a processor's SIMD lanes. */
export const directInvocations = 8;

const directCode = (m: number, k: number, input: Width, output: Width): string => {
  const [columns, groups] = [range(m), range(k / output)];
  const sums = columns.flatMap((a) => groups.map((b) => ({ a, b, name: `sum${a}_${b}` })));
  return `
fn main() {
  let p = parameters;
  let id = ${itemCode(directInvocations)};
  let tilesOfRun = (p.run + ${m - 1}) / ${m};
  let tilesOfOutputs = (p.outputs + ${k - 1}) / ${k};
  let k = id % tilesOfOutputs * ${k};
  let m = id / tilesOfOutputs % tilesOfRun * ${m};
  let r = id / (tilesOfOutputs * tilesOfRun) % p.filterHeight;
  let slice = id / (tilesOfOutputs * tilesOfRun * p.filterHeight);
  if (slice >= p.slices) { return; }
  let limit = p.width * p.channels;
${lines(sums.map(({ name }) => `  var ${name} = ${elementOf(output)}();`))}
  for (var row = slice * p.slice; row < min((slice + 1) * p.slice, p.total); row++) {
    let h = row % p.outHeight * p.strideHeight + r - p.top;
    if (h < 0 || h >= p.height) { continue; }
    let line = (row / p.outHeight * p.height + h) * limit;
    for (var j = 0; j < p.outWidth; j++) {
      let q = (j * p.strideWidth - p.left) * p.channels + m;
      let d = ${elementAt("(row * p.outWidth + j) * p.outputs + k", output)};
${
    eachLine(m / input, (a) =>
      `      let x${a} = select(${elementOf(input)}(), x[${elementAt("line + q", input)} + ${a}], ` +
      `q + ${a * input} >= 0 && q + ${a * input} < limit);`)
  }
${lines(groups.map((b) => `      let dy${b} = dy[d + ${b}];`))}
${lines(sums.map(({ a, b, name }) => `      ${name} += ${numberOf("x", a, input)} * dy${b};`))}
    }
  }
  let at = (slice * p.filterHeight + r) * p.run + m;
${
    lines(
      sums.map(({ a, b, name }) =>
        `  if (m + ${a} < p.run && k + ${b * output} < p.outputs) { ` +
        `partials[${elementAt(`(at + ${a}) * p.outputs + k`, output)} + ${b}] = ${name}; }`
      ),
    )
  }
}`;
};

/**
 * For software adapters, and for a handful of output channels: an invocation sums `m` × `k` weights in registers over
 * `slice` rows of output pixels. No workgroup memory and no barriers. `m` is a multiple of `input`, `k` of `output`.
 */
export const directShader = (m: number, k: number, input: Width, output: Width): FilterGradientShader => ({
  name: `filter gradient, direct, ${m} × ${k}, ${input} and ${output}`,
  workgroup: [directInvocations, 1, 1],
  writes: { partials: elementOf(output) },
  reads: { x: elementOf(input), dy: elementOf(output) },
  parameters: filterGradientParameters,
  // Only written out when it is first compiled: it is long.
  get code() {
    return directCode(m, k, input, output);
  },
});

const sumShader = (element: Element) =>
  ({
    name: `sum of slices of ${element}`,
    workgroup: [64, 1, 1],
    writes: { total: element },
    reads: { slices: element },
    parameters: { size: "i32", count: "i32" },
    code: `
fn main() {
  let at = ${itemCode(64)};
  if (at >= parameters.size) { return; }
  let step = parameters.size;
  var sum = slices[at];
  var next = at + step;
  var left = parameters.count - 1;
  // Four loads at a time, which do not wait for each other.
  for (; left >= 4; left -= 4) {
    let a = slices[next];
    let b = slices[next + step];
    let c = slices[next + 2 * step];
    let d = slices[next + 3 * step];
    sum = sum + a + b + c + d;
    next += 4 * step;
  }
  for (; left > 0; left--) {
    sum += slices[next];
    next += step;
  }
  total[at] = sum;
}`,
  }) as const satisfies Shader;

/**
 * Records sum = Σ slices, where `slices` holds `count` tensors of the form of `sum` one after the other. They are always
 * added in the same order, so that a repeat gives the same bits.
 */
export const sumSlices = (
  backend: WebGPUBackend,
  slices: tf.TensorInfo,
  count: number,
  sum: tf.TensorInfo,
): void => {
  const length = lengthOf(sum);
  const width = widthOf(length);
  dispatch(backend, {
    shader: sumShader(elementOf(width)),
    writes: { total: sum },
    reads: { slices },
    parameters: { size: length / width, count },
    workgroups: workgroupsFor(length / width, 64),
  });
};
