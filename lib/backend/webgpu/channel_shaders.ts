/**
 * What shaders have in common that go over rows of channels, [rows, channels]: an invocation takes one channel, or
 * four where their number is a multiple of 4, over a run of rows; `lanes` of them lie side by side in a workgroup,
 * each with its own run.
 *
 * Reductions over the rows take two dispatches: one gives a part for each workgroup's rows, the other makes one of all
 * parts, always in the same order. With more than one lane, a workgroup's lanes are combined in workgroup memory
 * first.
 */
import { type Element, elementOf, type ShaderOf, type Sizes, type Width } from "./shader.ts";

/** How a shader's invocations are laid out. */
export interface InvocationLayout {
  /** Numbers in an element: 4 where the channels are a multiple of 4, else 1. */
  readonly width: Width;
  /** Elements of a row that a workgroup takes. */
  readonly columns: number;
  /** Runs of rows that a workgroup takes. */
  readonly lanes: number;
}

/** What is reduced: the mean and the sum of squared distances from it, or two sums. */
export type Reduction = "moments" | "sums";

/** The parameters of a shader over rows: the rows, the elements in a row, and how many rows a lane takes. */
export type RowParameter = "rows" | "groups" | "run";

/** The types of {@link RowParameter}s. */
export const rowParameters: Readonly<Record<RowParameter, "i32">> = { rows: "i32", groups: "i32", run: "i32" };

/** WGSL that names an invocation's element of the row, `group`, and its rows, from `first` up to `last`. */
export const ownRows = ({ columns, lanes }: InvocationLayout): string => `
  let p = parameters;
  let group = i32(workgroupId.x) * ${columns} + i32(localId.x);
  let lane = i32(localId.y);
  let first = min((i32(workgroupId.y) * ${lanes} + lane) * p.run, p.rows);
  let last = min(first + p.run, p.rows);`;

/** A shader's name, workgroup and element type, from its layout. */
export const shaderBase = (
  name: string,
  layout: InvocationLayout,
): { readonly name: string; readonly workgroup: Sizes } => ({
  name: `${name}, ${layout.width} × ${layout.columns} × ${layout.lanes}`,
  workgroup: [layout.columns, layout.lanes, 1],
});

/** A part in WGSL: its two results and how many rows they are of. */
export interface ReductionPart {
  readonly one: string;
  readonly two: string;
  readonly count: string;
}

/**
 * WGSL that makes `one`, `two` and `count` of the parts over which `loop` runs. The mean of moments is found first, as
 * a distance from that of the part `base`, and the squared distances from it then (Chan, Golub and LeVeque 1979), so
 * that a large mean costs no digits.
 */
export const combine = (
  reduction: Reduction,
  element: Element,
  loop: string,
  part: ReductionPart,
  base: string,
): string =>
  reduction === "sums"
    ? `
  var one = ${element}();
  var two = ${element}();
  let count = 0.0;
  for (${loop}) {
    one += ${part.one};
    two += ${part.two};
  }`
    : `
  let base = ${base};
  var distance = ${element}();
  var count = 0.0;
  for (${loop}) {
    count += ${part.count};
    distance += ${part.count} * (${part.one} - base);
  }
  let one = base + distance / max(count, 1.0);
  var two = ${element}();
  for (${loop}) {
    let apart = ${part.one} - one;
    two += ${part.two} + ${part.count} * apart * apart;
  }`;

/** WGSL of a reduction: `accumulate` names a lane's `one`, `two` and `count`, `store` puts those of all lanes away. */
export const reductionCode = (
  reduction: Reduction,
  layout: InvocationLayout,
  accumulate: string,
  store: string,
): string => {
  const { columns, lanes } = layout;
  const element = elementOf(layout.width);
  const finish = `if (group < p.groups) {${store}\n  }`;
  if (lanes === 1) return `fn main() {${ownRows(layout)}${accumulate}\n  ${finish}\n}`;
  const at = `i * ${columns} + i32(localId.x)`;
  const part = { one: `ones[${at}]`, two: `twos[${at}]`, count: `counts[${at}]` };
  return `
var<workgroup> ones: array<${element}, ${columns * lanes}>;
var<workgroup> twos: array<${element}, ${columns * lanes}>;
var<workgroup> counts: array<f32, ${columns * lanes}>;

fn main() {${ownRows(layout)}
  {${accumulate}
    ones[localIndex] = one;
    twos[localIndex] = two;
    counts[localIndex] = count;
  }
  workgroupBarrier();
  if (lane > 0) { return; }
  ${combine(reduction, element, `var i = 0; i < ${lanes}; i++`, part, "ones[localId.x]")}
  ${finish}
}`;
};

/** Puts a workgroup's part into `parts`, [workgroups of rows, 2, channels]. */
const storePart = `
    let to = i32(workgroupId.y) * 2 * p.groups + group;
    parts[to] = one;
    parts[to + p.groups] = two;`;

/** A shader that writes a part for each workgroup's rows, from what it reads besides. */
export const partsShader = <R extends string>(
  name: string,
  reduction: Reduction,
  layout: InvocationLayout,
  reads: Readonly<Record<R, Element>>,
  accumulate: string,
): ShaderOf<"parts", R, RowParameter> => ({
  ...shaderBase(name, layout),
  writes: { parts: elementOf(layout.width) },
  reads,
  parameters: rowParameters,
  code: reductionCode(reduction, layout, accumulate, storePart),
});

/** WGSL that makes one of a lane's share of `parts`, each of which is of `run` rows. */
export const combineParts = (reduction: Reduction, layout: InvocationLayout): string => {
  const part = {
    one: "parts[i * 2 * p.groups + group]",
    two: "parts[(i * 2 + 1) * p.groups + group]",
    count: "f32(min(p.run, p.rows - i * p.run))",
  };
  const loop = `var i = lane; i * p.run < p.rows; i += ${layout.lanes}`;
  return combine(reduction, elementOf(layout.width), loop, part, "parts[group]");
};
