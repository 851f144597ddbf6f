/**
 * Winograd's convolution on the wasm backend: tiles of the input and the filter are transformed, multiplied as
 * matrices, and transformed back. It goes over some rows of tiles at a time, so that the memory that it needs does not
 * grow with the images.
 */
import type { tf } from "../../dependencies/tensorflow.ts";
import type { BackendWasm } from "../../dependencies/wasm.ts";
import { madeSide, readSide, tileGrid, tilePlaces } from "../winograd.ts";
import { addressOf, allocate, type Frame, type ImagesInMemory, release } from "./frames.ts";
import { multiplyInto } from "./product.ts";
import { programOf } from "./program.ts";

/** A convolution by a filter of 3×3 at stride 1, or the gradient of its input, which turns the filter by 180°. */
export interface WinogradConvolution {
  /** What is read, in the frame that {@link winogradFrame} gives. */
  readonly images: ImagesInMemory;
  readonly direction: "forward" | "gradient";
  /** The address of the filter, [3, 3, summed, made], or for the gradient [3, 3, made, summed]. */
  readonly filter: number;
  /** The address of the result, [batch, height, width, made]. */
  readonly output: number;
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  /** Channels that are summed over, a multiple of 4. */
  readonly summed: number;
  /** Channels that are made, a multiple of 8. */
  readonly made: number;
  /** Is called when pixels are done, with their address, their number and that of the first. */
  readonly finished?: ((address: number, pixels: number, first: number) => void) | undefined;
}

/** Tiles that are computed before the next ones are begun. */
const tilesAtOnce = 512;

/** The frame of images that tiles see, for a result of this size and so many zeros above and to the left. */
export const winogradFrame = (height: number, width: number, top: number, left: number): Frame => {
  const { down, across } = tileGrid(1, height, width);
  const margin = readSide - madeSide;
  return { top: -top, left: -left, rows: down * madeSide + margin, columns: across * madeSide + margin };
};

/** Memory for some tiles: what is read of them, the filter, their sums, and pixels that are not wanted; addresses. */
interface Places {
  readonly source: number;
  readonly filter: number;
  readonly sums: number;
  readonly spare: number;
  /** Tiles that there is room for. */
  readonly tiles: number;
}

/** Where row `row` of all tiles is, counted through all images. */
const placeOfRow = ({ height, width }: WinogradConvolution, row: number) => {
  const { down, across } = tileGrid(1, height, width);
  return { image: Math.floor(row / down), top: row % down * madeSide, across };
};

/** Row number `row` of all tiles, which is the `index`-th of those that are computed at once. */
const transformInput = (
  backend: BackendWasm,
  run: WinogradConvolution,
  { source, tiles }: Places,
  row: number,
  index: number,
): void => {
  const { winogradInput } = programOf(backend);
  const { images, summed } = run;
  const { image, top, across } = placeOfRow(run, row);
  const pixel = 4 * summed;
  const start = images.address + (image * images.rows + top) * images.columns * pixel;
  for (let j = 0; j < across; j++) {
    const target = source + (index * across + j) * pixel;
    winogradInput(start + j * madeSide * pixel, images.columns * pixel, pixel, target, tiles * pixel, summed / 4);
  }
};

const transformOutput = (
  backend: BackendWasm,
  run: WinogradConvolution,
  { sums, spare, tiles }: Places,
  row: number,
  index: number,
): void => {
  const { winogradOutput } = programOf(backend);
  const { height, width, made, output, finished } = run;
  const { image, top, across } = placeOfRow(run, row);
  const pixel = 4 * made;
  const first = (image * height + top) * width;
  for (let j = 0; j < across; j++) {
    const [right, below] = [j * madeSide + 1 < width, top + 1 < height];
    const at = output + (first + j * madeSide) * pixel;
    const [a, b] = [at, right ? at + pixel : spare];
    const [c, d] = [below ? at + width * pixel : spare, below && right ? at + (width + 1) * pixel : spare];
    winogradOutput(sums + (index * across + j) * pixel, tiles * pixel, a, b, c, d, made / 4);
  }
  finished?.(output + first * pixel, Math.min(madeSide, height - top) * width, first);
};

const transformFilter = (backend: BackendWasm, run: WinogradConvolution, { filter: target }: Places): void => {
  const { direction, filter, summed, made } = run;
  const tap = 4 * summed * made;
  const [first, step] = direction === "forward" ? [filter, tap] : [filter + 8 * tap, -tap];
  programOf(backend).winogradFilter(first, step, target, tap, summed * made / 4);
};

/** The products of the first `count` tiles, place by place. */
const multiplyPlaces = (backend: BackendWasm, run: WinogradConvolution, places: Places, count: number): void => {
  const { direction, summed, made } = run;
  const rows = Math.ceil(count / 4) * 4;
  for (let place = 0; place < tilePlaces; place++) {
    const left = places.source + place * places.tiles * 4 * summed;
    const sums = places.sums + place * places.tiles * 4 * made;
    multiplyInto(backend, {
      segments: [{ left: 0, right: places.filter + place * 4 * summed * made, length: summed }],
      left: {
        layout: "along k",
        addresses: Int32Array.from({ length: rows }, (_, tile) => left + Math.min(tile, count - 1) * 4 * summed),
        stride: 0,
      },
      right: direction === "forward"
        ? { layout: "side by side", stride: 4 * made }
        : { layout: "along k", stride: 4 * summed },
      outputs: Int32Array.from({ length: rows }, (_, tile) => tile < count ? sums + tile * 4 * made : -1),
      columns: made,
    });
  }
};

/** Computes a convolution into the memory of its result. */
export const convolveByWinograd = (backend: BackendWasm, run: WinogradConvolution): void => {
  const { batch, height, width, summed, made } = run;
  const { down, across } = tileGrid(batch, height, width);
  const rowsAtOnce = Math.min(batch * down, Math.max(1, Math.floor(tilesAtOnce / across)));
  const tiles = rowsAtOnce * across;
  const room = (size: number): tf.TensorInfo => allocate(backend, [size]);
  const [source, filter] = [room(tilePlaces * tiles * summed), room(tilePlaces * summed * made)];
  const [sums, spare] = [room(tilePlaces * tiles * made), room(made)];
  const at = (tensor: tf.TensorInfo): number => addressOf(backend, tensor);
  const places: Places = { source: at(source), filter: at(filter), sums: at(sums), spare: at(spare), tiles };
  transformFilter(backend, run, places);
  for (let first = 0; first < batch * down; first += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, batch * down - first);
    for (let row = 0; row < rows; row++) transformInput(backend, run, places, first + row, row);
    multiplyPlaces(backend, run, places, rows * across);
    for (let row = 0; row < rows; row++) transformOutput(backend, run, places, first + row, row);
  }
  [source, filter, sums, spare].forEach((tensor) => release(backend, tensor));
};
