/** Passes over the pixels of images whose channels do not see each other. */
import type { BackendWasm } from "../../dependencies/wasm.ts";
import { addressOf, allocate, integers, release } from "./frames.ts";
import { depthwiseTapBytes, depthwiseTilePixels } from "./depthwise_procedures.ts";
import { programOf } from "./program.ts";
import type { WindowRun } from "./window_runs.ts";

/** Images in memory, side by side. */
export interface Images {
  readonly address: number;
  readonly height: number;
  readonly width: number;
}

/** What a pass goes over. */
export interface DepthwisePass {
  /** "sum" makes pixels of those that are read; "filter gradient" adds products of both to the filter. */
  readonly what: "sum" | "filter gradient";
  readonly made: Images;
  readonly read: Images;
  readonly batch: number;
  /** A multiple of 4, of both and of the filter. */
  readonly channels: number;
  /** The address of the filter, [height, width, channels]. */
  readonly filter: number;
  readonly filterWidth: number;
  readonly filterHeight: number;
  /** Which pixels belong together. */
  readonly downs: readonly WindowRun[];
  readonly acrosses: readonly WindowRun[];
}

/** Where the pixels of two runs begin: their first reads' pixel, or any if they read nothing. */
const firstRead = ({ reads }: WindowRun): number => reads[0]?.from ?? 0;

/** The taps of a run of rows and one of columns, as the procedures read them. */
const tapsOf = (pass: DepthwisePass, down: WindowRun, across: WindowRun): readonly number[] => {
  const pixelBytes = 4 * pass.channels;
  const [row, column] = [firstRead(down), firstRead(across)];
  return down.reads.flatMap((r) =>
    across.reads.flatMap((s) => [
      ((r.from - row) * pass.read.width + s.from - column) * pixelBytes,
      pass.filter + (r.tap * pass.filterWidth + s.tap) * pixelBytes,
    ])
  );
};

type Row = (made: number, read: number) => void;

/** What computes one row of a run. */
const rowOf = (backend: BackendWasm, pass: DepthwisePass, across: WindowRun, taps: number, table: number): Row => {
  const { depthwiseTiles, depthwisePixels, depthwiseFilterTiles, depthwiseFilterPixels } = programOf(backend);
  const [ofTiles, ofPixels] = pass.what === "sum"
    ? [depthwiseTiles, depthwisePixels]
    : [depthwiseFilterTiles, depthwiseFilterPixels];
  const pixelBytes = 4 * pass.channels;
  const [madeStep, readStep] = [across.step * pixelBytes, across.move * pixelBytes];
  const tiles = Math.floor(across.count / depthwiseTilePixels);
  const done = tiles * depthwiseTilePixels;
  const vectors = pass.channels / 4;
  return (made, read) => {
    ofTiles(made, madeStep, read, readStep, vectors, taps, table, tiles);
    const [rest, from] = [made + done * madeStep, read + done * readStep];
    ofPixels(rest, madeStep, from, readStep, vectors, taps, table, across.count - done);
  };
};

const addressAt = ({ address, height, width }: Images, channels: number, n: number, row: number, column: number) =>
  address + 4 * ((n * height + row) * width + column) * channels;

const passOver = (pass: DepthwisePass, down: WindowRun, across: WindowRun, row: Row): void => {
  const { made, read, batch, channels } = pass;
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < down.count; i++) {
      row(
        addressAt(made, channels, n, down.first + i * down.step, across.first),
        addressAt(read, channels, n, firstRead(down) + i * down.move, firstRead(across)),
      );
    }
  }
};

/** Does a pass in the backend's memory. */
export const runDepthwise = (backend: BackendWasm, pass: DepthwisePass): void => {
  const table = allocate(backend, [pass.filterHeight * pass.filterWidth * depthwiseTapBytes / 4]);
  const address = addressOf(backend, table);
  for (const down of pass.downs) {
    for (const across of pass.acrosses) {
      const taps = tapsOf(pass, down, across);
      integers(backend, table).set(taps);
      passOver(pass, down, across, rowOf(backend, pass, across, 4 * taps.length / depthwiseTapBytes, address));
    }
  }
  release(backend, table);
};
