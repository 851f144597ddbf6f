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

type Program = Parameters<WebGPUBackend["runWebGPUProgram"]>[0];

/** Three sizes along x, y and z. */
export type Sizes = readonly [x: number, y: number, z: number];

/** The element of a buffer as the shader sees it. */
export type Element = "f32" | "vec4f";

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

/** The input of this name; throws where it is missing or not of floats. */
export const floatInput = (inputs: tf.NamedTensorInfoMap, name: string): tf.TensorInfo => {
  const input = inputs[name];
  if (input?.dtype === "float32") return input;
  throw new Error(`kernel input ${name}: found ${input?.dtype ?? "nothing"}, expected float32`);
};

/** How many numbers a tensor holds. */
export const lengthOf = ({ shape }: tf.TensorInfo): number => shape.reduce((product, size) => product * size, 1);

/** A new tensor of floats, not cleared; the caller releases it. */
export const allocate = (backend: WebGPUBackend, shape: readonly number[]): tf.TensorInfo =>
  backend.makeTensorInfo([...shape], "float32");

/** Gives back a tensor that {@link allocate} made. */
export const release = (backend: WebGPUBackend, tensor: tf.TensorInfo): void => {
  backend.disposeData(tensor.dataId);
};

/** `count` workgroups in two axes, as one axis takes no more than 65535; there may be a few more than `count`. */
export const workgroupsOf = (count: number): Sizes => {
  const rows = Math.ceil(count / 65535);
  return [Math.ceil(count / rows), rows, 1];
};

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

const inOrder = <T>(names: Readonly<Record<string, unknown>>, values: Readonly<Record<string, T>>): readonly T[] =>
  Object.keys(names).map((name) => {
    const value = values[name];
    if (value === undefined) throw new Error(`no value for "${name}" of a shader`);
    return value;
  });

/** Records one dispatch, after all that the backend has recorded so far. The tensors stay their owners'. */
export const dispatch = <S extends Shader>(backend: WebGPUBackend, run: Dispatch<S>): void => {
  const { shader, workgroups } = run;
  const [output, ...others] = inOrder(shader.writes, run.writes);
  if (output === undefined) throw new Error(`the shader "${shader.name}" writes nothing`);
  const numbers = inOrder(shader.parameters, run.parameters);
  backend.runWebGPUProgram(
    programOf(shader, workgroups),
    [...others, ...inOrder(shader.reads, run.reads)].map(flat),
    "float32",
    Object.values(shader.parameters).map((type, at) => ({
      type: type === "i32" ? "int32" : "float32",
      data: [numbers[at] ?? 0],
    })),
    flat(output),
  );
};
