/**
 * Which pixels each pixel of a convolution's result, or of the gradient of its input, is summed from, along one axis, for any
 * stride and dilation. Output o reads with tap t input stride · o + dilation · t − padding, if there is such a pixel; pixels
 * beyond the edges are 0 and are left out.
 */
import type { Geometry } from "../kernel_arguments.ts";

/** A tap, and the pixel that it reads. */
export interface TapRead {
  readonly tap: number;
  readonly from: number;
}

/** Pixels that the same taps make. */
export interface WindowRun {
  /** The first one, how many there are, and how far they are apart. */
  readonly first: number;
  readonly count: number;
  readonly step: number;
  /** What the first one is summed from, from left to right; the next one from pixels that are `move` further. */
  readonly reads: readonly TapRead[];
  readonly move: number;
  /** Whether taps further right read pixels further left. */
  readonly reversed: boolean;
}

interface Axis {
  readonly input: number;
  readonly output: number;
  readonly taps: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padding: number;
}

/** Down or across. */
export type Side = "height" | "width";

const axisOf = (geometry: Geometry, side: Side): Axis =>
  side === "height"
    ? {
      input: geometry.inHeight,
      output: geometry.outHeight,
      taps: geometry.filterHeight,
      stride: geometry.strideHeight,
      dilation: geometry.dilationHeight,
      padding: geometry.padInfo.top,
    }
    : {
      input: geometry.inWidth,
      output: geometry.outWidth,
      taps: geometry.filterWidth,
      stride: geometry.strideWidth,
      dilation: geometry.dilationWidth,
      padding: geometry.padInfo.left,
    };

type Reads = (pixel: number) => readonly TapRead[];

const readsBy = ({ taps }: Axis, size: number, from: (tap: number) => number): readonly TapRead[] =>
  Array.from({ length: taps }, (_, tap) => ({ tap, from: from(tap) }))
    .filter((read) => Number.isInteger(read.from) && read.from >= 0 && read.from < size);

const sameTaps = (a: readonly TapRead[], b: readonly TapRead[]): boolean =>
  a.length === b.length && a.every(({ tap }, k) => tap === b[k]?.tap);

/** Every `step`-th pixel from the first one on, as long as the same taps make them. */
const runFrom = (first: number, size: number, step: number, move: number, readsOf: Reads): WindowRun => {
  const found = readsOf(first);
  const reads = found.toSorted((a, b) => a.from - b.from);
  let count = 1;
  while (first + count * step < size && sameTaps(found, readsOf(first + count * step))) count++;
  return { first, count, step, reads, move, reversed: reads[0] !== found[0] };
};

const runsOf = (size: number, step: number, move: number, readsOf: Reads): readonly WindowRun[] => {
  const runs: WindowRun[] = [];
  for (let phase = 0; phase < Math.min(step, size); phase++) {
    for (let first = phase; first < size;) {
      const run = runFrom(first, size, step, move, readsOf);
      runs.push(run);
      first += run.count * step;
    }
  }
  return runs;
};

/** The runs of a convolution's result. */
export const forwardRuns = (geometry: Geometry, side: Side): readonly WindowRun[] => {
  const axis = axisOf(geometry, side);
  const { input, output, stride, dilation, padding } = axis;
  return runsOf(
    output,
    1,
    stride,
    (pixel) => readsBy(axis, input, (tap) => stride * pixel + dilation * tap - padding),
  );
};

/** The runs of the gradient of its input, which is summed from the gradient of its result. */
export const gradientRuns = (geometry: Geometry, side: Side): readonly WindowRun[] => {
  const axis = axisOf(geometry, side);
  const { input, output, stride, dilation, padding } = axis;
  return runsOf(
    input,
    stride,
    1,
    (pixel) => readsBy(axis, output, (tap) => (pixel + padding - dilation * tap) / stride),
  );
};

/** How far apart the pixels of a run's first two reads are, in moves. */
const movesApart = ({ reads: [a, b], move }: WindowRun): number =>
  a === undefined || b === undefined ? 1 : (b.from - a.from) / move;

/** Whether a run has so many taps, all side by side, which read pixels that are one move apart. */
export const sideBySide = ({ reads, move }: WindowRun, taps: number): boolean =>
  reads.length === taps &&
  reads.every(({ tap, from }, k) => {
    const before = reads[k - 1];
    return before === undefined || (Math.abs(tap - before.tap) === 1 && from - before.from === move);
  });

/** A run whose taps read pixels some moves apart as so many runs, of which each takes every so many-th pixel. */
export const spread = (run: WindowRun): readonly WindowRun[] => {
  const apart = movesApart(run);
  if (!Number.isInteger(apart) || apart < 2) return [run];
  return Array.from({ length: Math.min(apart, run.count) }, (_, k) => ({
    ...run,
    first: run.first + k * run.step,
    count: Math.ceil((run.count - k) / apart),
    step: run.step * apart,
    reads: run.reads.map(({ tap, from }) => ({ tap, from: from + k * run.move })),
    move: run.move * apart,
  }));
};
