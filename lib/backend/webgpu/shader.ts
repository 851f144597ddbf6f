/**
 * Runs this library's compute shaders on TensorFlow.js's WebGPU backend, in its command buffer and its order, with its
 * pool of buffers.
 *
 * TensorFlow.js's programs have one output. Those that read pictures (`pixelsOpType`) are the exception that is of use
 * here: their code declares its buffers itself, and every tensor handed over is bound in turn, output first. So a
 * second output is a fresh tensor that is handed over as an input and declared as one that is written.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import { WebGPUBackend } from "../../dependencies/webgpu.ts";
import { type Geometry, lengthOf } from "../kernel_arguments.ts";

type Program = Parameters<WebGPUBackend["runWebGPUProgram"]>[0];

/** Three sizes along x, y and z. */
export type Sizes = readonly [x: number, y: number, z: number];

/** The element of a buffer as the shader sees it. */
export type Element = "f32" | "vec4f";

/** How many numbers are read at once. */
export type Width = 1 | 4;

/** The width of a row of channels, or of numbers: 4 where they are a multiple of 4. */
export const widthOf = (channels: number): Width => channels % 4 === 0 ? 4 : 1;

/** The element of a buffer that is read or written `width` numbers at a time. */
export const elementOf = (width: Width): Element => width === 4 ? "vec4f" : "f32";

/** A compute shader. */
export interface Shader {
  /** Names the shader among all of the backend's: two shaders of one name must be the same. */
  readonly name: string;
  /** Invocations in a workgroup. */
  readonly workgroup: Sizes;
  /** The buffers that it writes, by name. */
  readonly writes: Readonly<Record<string, Element>>;
  /** The buffers that it reads, by name. */
  readonly reads: Readonly<Record<string, Element>>;
  /** The numbers that it is given at each dispatch, as `parameters.name`. */
  readonly parameters: Readonly<Record<string, "i32" | "f32">>;
  /**
   * WGSL with a `fn main()`. TensorFlow.js provides `workgroupId`, `numWorkgroups`, `localId`, `globalId` (vec3<u32>)
   * and `localIndex` (u32).
   */
  readonly code: string;
}

/** A shader whose buffers and parameters have these names. */
export interface ShaderOf<W extends string, R extends string, P extends string> extends Shader {
  /** The buffers that it writes. */
  readonly writes: Readonly<Record<W, Element>>;
  /** The buffers that it reads. */
  readonly reads: Readonly<Record<R, Element>>;
  /** The numbers that it is given. */
  readonly parameters: Readonly<Record<P, "i32" | "f32">>;
}

/** One dispatch of a shader: a tensor for each of its buffers, a number for each parameter, and how many workgroups. */
export interface Dispatch<S extends Shader> {
  readonly shader: S;
  readonly writes: Readonly<Record<keyof S["writes"], tf.TensorInfo>>;
  readonly reads: Readonly<Record<keyof S["reads"], tf.TensorInfo>>;
  readonly parameters: Readonly<Record<keyof S["parameters"], number>>;
  /** At most 65535 along each axis. */
  readonly workgroups: Sizes;
}

/** The backend that a kernel was called with, as the WebGPU backend; anything else is a bug and throws. */
export const webGpuBackend = (backend: unknown): WebGPUBackend => {
  if (backend instanceof WebGPUBackend) return backend;
  throw new Error("a kernel of the WebGPU backend was run on another backend");
};

/** A new tensor of floats, not cleared; the caller releases it. */
export const allocate = (backend: WebGPUBackend, shape: readonly number[]): tf.TensorInfo =>
  backend.makeTensorInfo([...shape], "float32");

/** Gives back a tensor that {@link allocate} made. */
export const release = (backend: WebGPUBackend, tensor: tf.TensorInfo): void => {
  backend.disposeData(tensor.dataId);
};

/**
 * Workgroups of `size` invocations for so many items, in two axes, as one axis takes no more than 65535; there may be a few
 * more than are needed. {@link itemCode} is an invocation's item.
 */
export const workgroupsFor = (items: number, size: number): Sizes => {
  const count = Math.ceil(items / size);
  const rows = Math.ceil(count / 65535);
  return [Math.ceil(count / rows), rows, 1];
};

/** WGSL: the number of an invocation's item, where each of the workgroups of `size` invocations takes as many. */
export const itemCode = (size: number): string =>
  `i32(workgroupId.y * numWorkgroups.x + workgroupId.x) * ${size} + i32(localIndex)`;

/** The sizes of a convolution or a pooling, as shaders name them. */
export type WindowNumber =
  | "height"
  | "width"
  | "outHeight"
  | "outWidth"
  | "filterHeight"
  | "filterWidth"
  | "strideHeight"
  | "strideWidth"
  | "top"
  | "left";

/** The numbers of them. */
export const windowNumbers = (geometry: Geometry): Readonly<Record<WindowNumber, number>> => ({
  height: geometry.inHeight,
  width: geometry.inWidth,
  outHeight: geometry.outHeight,
  outWidth: geometry.outWidth,
  filterHeight: geometry.filterHeight,
  filterWidth: geometry.filterWidth,
  strideHeight: geometry.strideHeight,
  strideWidth: geometry.strideWidth,
  top: geometry.padInfo.top,
  left: geometry.padInfo.left,
});

/** The numbers from 0 up to `length`. */
export const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);

/** Lines of WGSL. */
export const lines = (parts: readonly string[]): string => parts.join("\n");

/** A line of WGSL for each of the numbers from 0 up to `length`. */
export const eachLine = (length: number, line: (index: number) => string): string => lines(range(length).map(line));

/** Four expressions of WGSL, as the arguments of a constructor. */
export const fourItems = (item: (index: number) => string): string => range(4).map(item).join(", ");

const declarations = ({ writes, reads, parameters }: Shader): string => {
  const buffers = [
    ...Object.entries(writes).map(([name, element]) => `var<storage, read_write> ${name}: array<${element}>;`),
    ...Object.entries(reads).map(([name, element]) => `var<storage, read> ${name}: array<${element}>;`),
    `var<uniform> parameters: Parameters;`,
  ];
  const fields = Object.entries(parameters).map(([name, type]) => `, ${name}: ${type}`);
  // TensorFlow.js puts the strides of the output first, one number for an output of one axis.
  return [
    `struct Parameters { strides: i32${fields.join("")} }`,
    ...buffers.map((buffer, binding) => `@group(0) @binding(${binding}) ${buffer}`),
  ].join("\n");
};

const programOf = (shader: Shader, workgroups: Sizes): Program => ({
  shaderKey: `cliffnet ${shader.name}`,
  workgroupSize: [...shader.workgroup],
  dispatch: [...workgroups],
  // Three axes, so that TensorFlow.js hands no index to main and leaves the dispatch as it is.
  dispatchLayout: { x: [0], y: [0], z: [0] },
  outputShape: [1],
  variableNames: [],
  pixelsOpType: 0,
  getUserCode: () => `${declarations(shader)}\n${shader.code}`,
});

/** The tensor as one run of numbers. */
const flat = (tensor: tf.TensorInfo): tf.TensorInfo => ({
  ...tensor,
  shape: [lengthOf(tensor)],
});

const valueOf = <T>(values: Readonly<Record<string, T>>, name: string): T => {
  const value = values[name];
  if (value === undefined) throw new Error(`no value for "${name}" of a shader`);
  return value;
};

const inOrder = <T>(names: Readonly<Record<string, unknown>>, values: Readonly<Record<string, T>>): readonly T[] =>
  Object.keys(names).map((name) => valueOf(values, name));

/** Records one dispatch, after all that the backend has recorded so far. The tensors stay their owners'. */
export const dispatch = <S extends Shader>(backend: WebGPUBackend, run: Dispatch<S>): void => {
  const { shader, workgroups } = run;
  const [output, ...others] = inOrder(shader.writes, run.writes);
  if (output === undefined) throw new Error(`the shader "${shader.name}" writes nothing`);
  backend.runWebGPUProgram(
    programOf(shader, workgroups),
    [...others, ...inOrder(shader.reads, run.reads)].map(flat),
    "float32",
    Object.entries(shader.parameters).map(([name, type]) => ({
      type: type === "i32" ? "int32" : "float32",
      data: [valueOf<number>(run.parameters, name)],
    })),
    flat(output),
  );
};
