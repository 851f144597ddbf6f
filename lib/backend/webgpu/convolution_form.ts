/**
 * Which pixels and which taps of the filter a convolution, or the gradient of its input, multiplies: the WGSL that both
 * share.
 *
 * Forward, output pixel i reads input pixel stride · i + tap − padding. The gradient by input pixel h sums over the taps
 * with the same remainder by the stride as h + padding, its phase: with h = stride · i + first, it reads the output's
 * gradient at i + begin − t for the t-th of the phase's taps. So both are sums over taps t of what is read at
 * step · i + begin ± t, and only the numbers differ. With holes in the filter, t is the dilation times the tap's number; its
 * stride is 1, so that there is one phase.
 */
import type { KernelActivation } from "../kernel_arguments.ts";

/** Down and across. */
export type DownAcross = readonly [number, number];

/** What is read: one tensor, or two joined along channels, of which the second may be multiplied by a third. */
export type SourceForm = "one" | "joined" | "joined with gain";

/** What follows the sum. */
export interface Epilogue {
  readonly bias: boolean;
  readonly norm: boolean;
  /** Where a residual is added. */
  readonly residual: "none" | "before activation" | "after activation";
  /** Whether the residual is of another size than the output, and so is interpolated. */
  readonly resized: boolean;
  readonly activation: KernelActivation;
}

/** Nothing follows the sum. */
export const noEpilogue: Epilogue = { bias: false, norm: false, residual: "none", resized: false, activation: "none" };

/** All of a convolution that is compiled into its shader. */
export interface ConvolutionForm {
  /** "forward", or "gradient" of the input, which reads the output's gradient. */
  readonly direction: "forward" | "gradient";
  /** Height and width of the filter. */
  readonly taps: DownAcross;
  readonly stride: DownAcross;
  /** Pixels from tap to tap. */
  readonly dilation: DownAcross;
  /** Zeros above and to the left of the input. */
  readonly padding: DownAcross;
  readonly source: SourceForm;
  /** Whether the channels that are summed over, of each tensor, are a multiple of 4, and so are read as vec4f. */
  readonly summedByFours: boolean;
  /** Whether the channels that are made are a multiple of 4. */
  readonly madeByFours: boolean;
  readonly epilogue: Epilogue;
}

/** A name that tells forms apart. */
export const formName = (form: ConvolutionForm): string => {
  const { direction, taps, stride, dilation, padding, source, summedByFours, madeByFours, epilogue } = form;
  return [
    `${direction} ${taps} by ${dilation} / ${stride} + ${padding}, ${source}, ${summedByFours} ${madeByFours}`,
    ...Object.values(epilogue),
  ].join(", ");
};

/** How many phases a form has: one, but for the gradient of a convolution with a stride. */
export const phaseCount = ({ direction, stride: [down, across] }: ConvolutionForm): number =>
  direction === "forward" ? 1 : down * across;

/** The sizes that every shader of a convolution is given. */
export const sizeParameters = {
  batch: "i32",
  readHeight: "i32",
  readWidth: "i32",
  summed: "i32",
  madeHeight: "i32",
  madeWidth: "i32",
  made: "i32",
  /** Of the first of two sources. */
  firstSummed: "i32",
  /** Of a residual that is interpolated. */
  residualHeight: "i32",
  residualWidth: "i32",
} as const;

const forwardPhase = `
fn phaseAt(index: i32) -> Phase {
  return Phase(taps, vec2i(0), -padding, vec2i(0), vec2i(parameters.madeHeight, parameters.madeWidth));
}`;

/** Written so that no numerator is negative: integer division rounds towards 0. */
const gradientPhase = `
fn phaseAt(index: i32) -> Phase {
  let phase = vec2i(index / stride.y, index % stride.y);
  let begin = (padding - phase + stride - 1) / stride;
  let first = stride * begin + phase - padding;
  let grid = (vec2i(parameters.madeHeight, parameters.madeWidth) - first + stride - 1) / stride;
  return Phase((taps - phase + stride - 1) / stride, phase, begin, first, grid);
}`;

const pair = ([down, across]: DownAcross): string => `vec2i(${down}, ${across})`;

/** WGSL: the phases, the places of a form's pixels, and what each tap reads for them. */
export const geometryCode = ({ direction, taps, stride, dilation, padding }: ConvolutionForm): string => {
  const forward = direction === "forward";
  return `
const taps = ${pair(taps)};
const stride = ${pair(stride)};
const dilation = ${pair(dilation)};
const padding = ${pair(padding)};

/** Its taps: how many, and the first. Its pixels: where the first reads, where it is made, and how many there are. */
struct Phase { count: vec2i, firstTap: vec2i, begin: vec2i, first: vec2i, grid: vec2i }
${forward ? forwardPhase : gradientPhase}

fn pixelsOf(phase: Phase) -> i32 { return parameters.batch * phase.grid.x * phase.grid.y; }

/** What pixel "index" of a phase reads with the first tap: image, row, column; far outside if there is no such pixel. */
fn placeAt(phase: Phase, index: i32) -> vec3i {
  let cell = index % (phase.grid.x * phase.grid.y);
  let at = vec2i(cell / phase.grid.y, cell % phase.grid.y)${forward ? " * stride" : ""} + phase.begin;
  let none = index >= pixelsOf(phase);
  return vec3i(index / (phase.grid.x * phase.grid.y), select(at.x, -1000000, none), at.y);
}

/** The pixel that is read with tap (down, across) of the phase; -1 outside. */
fn readAt(place: vec3i, tap: vec2i) -> i32 {
  let at = place.yz ${forward ? "+" : "-"} tap * dilation;
  let inside = at.x >= 0 && at.x < parameters.readHeight && at.y >= 0 && at.y < parameters.readWidth;
  return select(-1, (place.x * parameters.readHeight + at.x) * parameters.readWidth + at.y, inside);
}

/** Tap (down, across) of the phase among the filter's taps. */
fn filterTap(phase: Phase, tap: vec2i) -> i32 {
  let at = phase.firstTap + tap${forward ? "" : " * stride"};
  return at.x * taps.y + at.y;
}

/** Where pixel "index" of a phase is written; -1 if there is no such pixel. */
fn writtenAt(phase: Phase, index: i32) -> i32 {
  let area = phase.grid.x * phase.grid.y;
  let cell = index % area;
  let at = vec2i(cell / phase.grid.y, cell % phase.grid.y)${forward ? "" : " * stride"} + phase.first;
  let pixel = (index / area * parameters.madeHeight + at.x) * parameters.madeWidth + at.y;
  return select(pixel, -1, index >= pixelsOf(phase));
}
`;
};
