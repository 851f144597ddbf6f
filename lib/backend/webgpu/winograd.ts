/**
 * Winograd's convolution on the WebGPU backend, for software adapters: the tiles of the input and the filter are
 * transformed, multiplied as matrices of 16 places by the code of all convolutions, and transformed back, with all that
 * may follow. Four dispatches instead of one, but less than half of the multiplications.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import type { WebGPUBackend } from "../../dependencies/webgpu.ts";
import {
  filterMatrix,
  inputMatrix,
  madeSide,
  type Matrix,
  outputMatrix,
  readSide,
  termsOf,
  tilePlaces,
} from "../winograd.ts";
import { type ConvolutionForm, formName, noEpilogue, sizeParameters } from "./convolution_form.ts";
import {
  epilogueReads,
  memoryCode,
  readsOf,
  sizesCode,
  sourceCode,
  sourceReads,
  writeCode,
} from "./convolution_memory.ts";
import { registersCode, type RegisterVariant, variantName } from "./convolution_variants.ts";
import { allocate, dispatch, itemCode, range, release, type Shader, type Sizes, workgroupsFor } from "./shader.ts";

const parameters = { ...sizeParameters, epsilon: "f32", slope: "f32", tiles: "i32" } as const;

type Numbers = Readonly<Record<keyof typeof parameters, number>>;

/** Invocations in a workgroup of the transforms: as many as a processor's SIMD lanes. */
const lanes = 8;

/** One line for each place of a square. */
const eachOf = (side: number, line: (i: number, j: number) => string): string =>
  range(side * side).map((at) => line(Math.floor(at / side), at % side)).join("\n  ");

/** A row of a matrix times a column of values. */
const sumOf = (row: readonly number[], name: (element: number) => string): string =>
  termsOf(row).map(({ times, element }) => {
    const size = Math.abs(times) === 1 ? "" : `${Math.abs(times)} * `;
    return `${times < 0 ? "-" : "+"} ${size}${name(element)}`;
  }).join(" ").slice(2);

/** WGSL: `after` = M · `before` · Mᵀ, by way of `between`; each name is followed by row_column. */
const transformCode = (matrix: Matrix): string =>
  [
    ...matrix.flatMap((row, i) =>
      range(row.length).map((j) => `let between${i}_${j} = ${sumOf(row, (k) => `before${k}_${j}`)};`)
    ),
    ...matrix.flatMap((_, i) =>
      matrix.map((row, j) => `let after${i}_${j} = ${sumOf(row, (k) => `between${i}_${k}`)};`)
    ),
  ].join("\n  ");

/** WGSL: where an invocation is: one four of channels of one tile. */
const placeCode = (quads: string): string => `
  let id = ${itemCode(lanes)};
  let quad = id % ${quads};
  let tile = id / ${quads};
  if (tile >= parameters.tiles) { return; }
  let grid = (vec2i(parameters.madeHeight, parameters.madeWidth) + ${madeSide - 1}) / ${madeSide};
  let image = tile / (grid.x * grid.y);
  let cell = tile % (grid.x * grid.y);
  let first = vec2i(cell / grid.y, cell % grid.y) * ${madeSide};`;

const inputCode = (form: ConvolutionForm): string => {
  // The gradient's filter is turned: what its first tap reads is the last tap's.
  const [top, left] = form.direction === "forward" ? form.padding : form.padding.map((size) => 2 - size);
  return `
${sizesCode}
${sourceCode(form)}
fn pixelAt(image: i32, at: vec2i) -> i32 {
  let inside = at.x >= 0 && at.x < parameters.readHeight && at.y >= 0 && at.y < parameters.readWidth;
  return select(-1, (image * parameters.readHeight + at.x) * parameters.readWidth + at.y, inside);
}
fn main() {
  ${placeCode("summedQuads()")}
  let begin = first - vec2i(${top}, ${left});
  ${eachOf(readSide, (i, j) => `let before${i}_${j} = readFour(pixelAt(image, begin + vec2i(${i}, ${j})), quad);`)}
  ${transformCode(inputMatrix)}
  let at = tile * summedQuads() + quad;
  let step = parameters.tiles * summedQuads();
  ${eachOf(readSide, (i, j) => `output[at + ${readSide * i + j} * step] = after${i}_${j};`)}
}`;
};

const filterCode = ({ direction }: ConvolutionForm): string => `
fn main() {
  let at = ${itemCode(lanes)};
  let step = parameters.summed * parameters.made / 4;
  if (at >= step) { return; }
  ${
  eachOf(3, (i, j) => {
    const tap = 3 * i + j;
    return `let before${i}_${j} = weights[at + ${direction === "forward" ? tap : 8 - tap} * step];`;
  })
}
  ${transformCode(filterMatrix)}
  ${eachOf(readSide, (i, j) => `output[at + ${readSide * i + j} * step] = after${i}_${j};`)}
}`;

/** The product of the matrices of each place: a convolution of one tap, whose phases are the places. */
const productCode = (form: ConvolutionForm, variant: RegisterVariant): string => `
struct Phase { count: vec2i, place: i32 }
fn phaseAt(index: i32) -> Phase { return Phase(vec2i(1), index); }
fn placeAt(phase: Phase, index: i32) -> i32 {
  return select(phase.place * parameters.tiles + index, -1, index >= parameters.tiles);
}
fn readAt(place: i32, tap: vec2i) -> i32 { return place; }
fn filterTap(phase: Phase, tap: vec2i) -> i32 { return phase.place; }
fn writtenAt(phase: Phase, index: i32) -> i32 { return placeAt(phase, index); }
${memoryCode(form)}
${registersCode(variant)}`;

const outputCode = (form: ConvolutionForm): string => `
${sizesCode}
${writeCode(form)}
fn pixelAt(image: i32, at: vec2i) -> i32 {
  let inside = at.x < parameters.madeHeight && at.y < parameters.madeWidth;
  return select(-1, (image * parameters.madeHeight + at.x) * parameters.madeWidth + at.y, inside);
}
fn main() {
  ${placeCode("madeQuads()")}
  let at = tile * madeQuads() + quad;
  let step = parameters.tiles * madeQuads();
  ${eachOf(readSide, (i, j) => `let before${i}_${j} = sums[at + ${readSide * i + j} * step];`)}
  ${transformCode(outputMatrix)}
  let scale = scaleAt(quad);
  let shift = shiftAt(quad, scale);
  ${
  eachOf(
    madeSide,
    (i, j) => `writeFour(pixelAt(image, first + vec2i(${i}, ${j})), quad, after${i}_${j}, scale, shift);`,
  )
}
}`;

type Part = Shader & { readonly parameters: typeof parameters };

const part = (name: string, invocations: number, reads: Shader["reads"], code: () => string): Part => ({
  name: `winograd ${name}`,
  workgroup: [invocations, 1, 1],
  writes: { output: "vec4f" },
  reads,
  parameters,
  // Only written out when it is first compiled: it is long.
  get code() {
    return code();
  },
});

/** What is computed, and into what. */
export interface WinogradRun {
  readonly form: ConvolutionForm;
  readonly variant: RegisterVariant;
  readonly numbers: Omit<Numbers, "tiles">;
  readonly result: tf.TensorInfo;
  /** All buffers that the form reads, by name. */
  readonly reads: Readonly<Record<string, tf.TensorInfo>>;
}

const tilesOf = ({ batch, madeHeight, madeWidth }: WinogradRun["numbers"]): number =>
  batch * Math.ceil(madeHeight / madeSide) * Math.ceil(madeWidth / madeSide);

/** Bytes of the largest buffer that a run needs. */
export const winogradBytes = (numbers: WinogradRun["numbers"]): number => {
  const { summed, made } = numbers;
  return 4 * tilePlaces * Math.max(tilesOf(numbers) * Math.max(summed, made), summed * made);
};

/** Of all buffers those that a shader reads. */
const chosen = (names: Shader["reads"], all: WinogradRun["reads"]): Record<string, tf.TensorInfo> =>
  Object.fromEntries(Object.entries(all).filter(([name]) => name in names));

/** Runs one convolution of 3×3 at stride 1 whose channels are multiples of 4. */
export const runWinograd = (backend: WebGPUBackend, { form, variant, numbers, result, reads }: WinogradRun): void => {
  const tiles = tilesOf(numbers);
  const { summed, made } = numbers;
  const record = (shader: Part, output: tf.TensorInfo, all: WinogradRun["reads"], workgroups: Sizes): void =>
    dispatch(backend, {
      shader,
      writes: { output },
      reads: chosen(shader.reads, all),
      parameters: { ...numbers, tiles },
      workgroups,
    });
  const linear = (items: number): Sizes => workgroupsFor(items, lanes);
  const name = formName(form);
  const plain: ConvolutionForm = { ...form, source: "one", epilogue: noEpilogue };

  const source = allocate(backend, [tilePlaces, tiles, summed]);
  const input = part(`input ${name}`, lanes, sourceReads(form), () => inputCode(form));
  record(input, source, reads, linear(tiles * summed / 4));

  const weights = allocate(backend, [tilePlaces, summed, made]);
  const filter = part(`filter ${form.direction}`, lanes, { weights: "vec4f" }, () => filterCode(form));
  record(filter, weights, reads, linear(summed * made / 4));

  const sums = allocate(backend, [tilePlaces, tiles, made]);
  const productName = `product ${form.direction} ${variantName(variant)}`;
  const product = part(productName, variant.lanes, readsOf(plain), () => productCode(plain, variant));
  const groups = [Math.ceil(made / 4 / variant.quads), Math.ceil(tiles / variant.pixels / variant.lanes)] as const;
  record(product, sums, { source, weights }, [...groups, tilePlaces]);
  release(backend, source);
  release(backend, weights);

  const outputReads = { sums: "vec4f", ...epilogueReads(form) } as const;
  const output = part(`output ${name}`, lanes, outputReads, () => outputCode(form));
  record(output, result, { ...reads, sums }, linear(tiles * made / 4));
  release(backend, sums);
};
