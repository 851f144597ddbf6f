/** Passes over the pixels of images whose channels do not see each other. */
import type { BackendWasm } from "../../dependencies/wasm.ts";
import {
  depthwiseEntryBytes,
  type DepthwiseTaps,
  depthwiseTilePixels,
  type DepthwiseWork,
} from "./depthwise_procedures.ts";
import { pairColumns } from "./depthwise_pairs.ts";
import { addressOf, allocate, integers, release } from "./frames.ts";
import { programOf } from "./program.ts";
import { sideBySide, spread, type TapRead, type WindowRun } from "./window_runs.ts";

/** Images in memory, one after the other. */
export interface Images {
  readonly address: number;
  readonly height: number;
  readonly width: number;
}

/** What a pass goes over. */
export interface DepthwisePass {
  /** "sum" makes pixels of those that are read; "filter gradient" adds products of both to the filter. */
  readonly work: DepthwiseWork;
  readonly made: Images;
  readonly read: Images;
  readonly batch: number;
  /** A multiple of 4, of both and of the filter. */
  readonly channels: number;
  /** The address of the filter, [height, width, channels]. */
  readonly filter: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  /** Which pixels belong together. */
  readonly downs: readonly WindowRun[];
  readonly acrosses: readonly WindowRun[];
}

/** The pixel that a run's offsets are from: that of its first tap, or any if it reads nothing. */
const originOf = ({ reads }: WindowRun): number => reads[0]?.from ?? 0;

/** The table of a run of rows and one of columns, of whose taps `heads` begin an entry. */
const tableOf = (
  pass: DepthwisePass,
  down: WindowRun,
  across: WindowRun,
  heads: readonly TapRead[],
): readonly number[] => {
  const pixelBytes = 4 * pass.channels;
  const [row, column] = [originOf(down), originOf(across)];
  return down.reads.flatMap((r) =>
    heads.flatMap((s) => [
      ((r.from - row) * pass.read.width + s.from - column) * pixelBytes,
      pass.filter + (r.tap * pass.filterWidth + s.tap) * pixelBytes,
    ])
  );
};

type Row = (made: number, read: number) => void;

/** What computes one row of a run of columns. */
const rowOf = (
  backend: BackendWasm,
  { work, channels }: DepthwisePass,
  across: WindowRun,
  taps: DepthwiseTaps,
  entries: number,
  table: number,
): Row => {
  const { ofTiles, ofPixels } = programOf(backend).depthwise(work, taps);
  const pixelBytes = 4 * channels;
  const [madeStep, readStep] = [across.step * pixelBytes, across.move * pixelBytes];
  const weightStep = (across.reversed ? -1 : 1) * pixelBytes;
  const tiles = Math.floor(across.count / depthwiseTilePixels);
  const done = tiles * depthwiseTilePixels;
  const vectors = channels / 4;
  return (made, read) => {
    ofTiles(made, madeStep, read, readStep, vectors, entries, table, tiles, weightStep);
    const [rest, from] = [made + done * madeStep, read + done * readStep];
    ofPixels(rest, madeStep, from, readStep, vectors, entries, table, across.count - done, weightStep);
  };
};

/** What computes two rows of a run of rows at once, if both runs have three taps side by side. */
const pairOf = (
  backend: BackendWasm,
  { work, channels, made, read, filter, filterWidth }: DepthwisePass,
  down: WindowRun,
  across: WindowRun,
): Row => {
  const { ofTiles, ofPixels } = programOf(backend).depthwisePairs(work);
  const pixelBytes = 4 * channels;
  const [madeStep, readStep] = [across.step * pixelBytes, across.move * pixelBytes];
  const [madeRow, readRow] = [down.step * made.width * pixelBytes, down.move * read.width * pixelBytes];
  const weightStep = (across.reversed ? -1 : 1) * pixelBytes;
  const weightRow = (down.reversed ? -1 : 1) * filterWidth * pixelBytes;
  const weights = filter + ((down.reads[0]?.tap ?? NaN) * filterWidth + (across.reads[0]?.tap ?? NaN)) * pixelBytes;
  const tiles = Math.floor(across.count / pairColumns);
  const done = tiles * pairColumns;
  const filterSteps = [weights, weightStep, weightRow, channels / 4] as const;
  return (to, from) => {
    ofTiles(to, madeStep, madeRow, from, readStep, readRow, ...filterSteps, tiles);
    const [rest, restFrom] = [to + done * madeStep, from + done * readStep];
    ofPixels(rest, madeStep, madeRow, restFrom, readStep, readRow, ...filterSteps, across.count - done);
  };
};

const addressAt = (
  { address, height, width }: Images,
  channels: number,
  [n, row, column]: readonly [number, number, number],
): number => address + 4 * ((n * height + row) * width + column) * channels;

/** Goes over all rows of all images, two at once where there is something that computes two. */
const passOver = (pass: DepthwisePass, down: WindowRun, across: WindowRun, row: Row, pair: Row | undefined): void => {
  const { made, read, batch, channels } = pass;
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < down.count; i++) {
      const both = pair !== undefined && i + 1 < down.count;
      const run = both ? pair : row;
      run(
        addressAt(made, channels, [n, down.first + i * down.step, across.first]),
        addressAt(read, channels, [n, originOf(down) + i * down.move, originOf(across)]),
      );
      if (both) i++;
    }
  }
};

/** Does a pass in the backend's memory. */
export const runDepthwise = (backend: BackendWasm, pass: DepthwisePass): void => {
  const table = allocate(backend, [pass.filterHeight * pass.filterWidth * depthwiseEntryBytes / 4]);
  const address = addressOf(backend, table);
  for (const down of pass.downs.flatMap(spread)) {
    for (const across of pass.acrosses.flatMap(spread)) {
      const [taps, heads] = sideBySide(across, 3) ? [3, across.reads.slice(0, 1)] as const : [1, across.reads] as const;
      const numbers = tableOf(pass, down, across, heads);
      integers(backend, table).set(numbers);
      const row = rowOf(backend, pass, across, taps, 4 * numbers.length / depthwiseEntryBytes, address);
      const square = taps === 3 && sideBySide(down, 3);
      passOver(pass, down, across, row, square ? pairOf(backend, pass, down, across) : undefined);
    }
  }
  release(backend, table);
};
