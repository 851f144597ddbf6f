/** Files in the layout of NYU Depth V2, whose pixels tell where they belong. */
import type { Chunk, WrittenArray } from "../formats/hdf5_writer.ts";
import { matlabPieces, type Pieces } from "../formats/matlab_writer.ts";

export interface NyuShape {
  readonly count: number;
  readonly height: number;
  readonly width: number;
}

/** Samples that have pixels in a file of the published size, by the side of the official split; numbers count from 1. */
export const publishedNumbers = { train: [3, 101, 740], test: [1, 760, 1449] } as const;

/** The level of a pixel of the sample at an index. */
export const levelAt = (index: number, channel: number, row: number, column: number): number =>
  (index * 37 + channel * 71 + row * 3 + column * 5) % 256;

/** The filled depth of a pixel; every value is exact as a 32-bit number. */
export const metresAt = (index: number, row: number, column: number): number =>
  1 + (index * 5 + row * 2 + column) % 251 / 32;

/** The depth as measured: the filled one, with holes. */
export const rawMetresAt = (index: number, row: number, column: number): number =>
  (row + column) % 3 === 0 ? 0 : metresAt(index, row, column);

export const sceneAt = (index: number): string => `${typeAt(index)}_${String(index >> 1).padStart(4, "0")}`;

const types = ["kitchen", "bedroom", "office", "basement"];

export const typeAt = (index: number): string => types[(index >> 1) % types.length] ?? "";

/** MATLAB's order: rows lie next to each other. */
const columnsOf = ({ height, width }: NyuShape, value: (row: number, column: number) => number): readonly number[] =>
  Array.from({ length: height * width }, (_, at) => value(at % height, Math.floor(at / height)));

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** What fills a chunk: a sample's pixels, or a hole of so many bytes. */
type Fill = (index: number, pixels: () => Uint8Array) => Chunk["bytes"];

const imagesOf = (shape: NyuShape, fill: Fill): WrittenArray => {
  const plane = (index: number, channel: number) => () =>
    Uint8Array.from(columnsOf(shape, (row, column) => levelAt(index, channel, row, column)));
  const chunks = range(shape.count).flatMap((index) =>
    range(3).map((channel) => ({ offset: [index, channel, 0, 0], bytes: fill(index, plane(index, channel)) }))
  );
  const { count, width, height } = shape;
  return { type: "uint8", shape: [count, 3, width, height], content: { chunk: [1, 1, width, height], chunks } };
};

const depthsOf = (shape: NyuShape, fill: Fill, metres: typeof metresAt): WrittenArray => {
  const map = (index: number) => () =>
    new Uint8Array(Float32Array.from(columnsOf(shape, (row, column) => metres(index, row, column))).buffer);
  const chunks = range(shape.count).map((index) => ({ offset: [index, 0, 0], bytes: fill(index, map(index)) }));
  const { count, width, height } = shape;
  return { type: "float32", shape: [count, width, height], content: { chunk: [1, width, height], chunks } };
};

/** The arrays of the layout by name. */
export const nyuArrays = (
  shape: NyuShape,
  fill: Fill = (_, pixels) => pixels(),
): Readonly<Record<string, WrittenArray>> => ({
  images: imagesOf(shape, fill),
  depths: depthsOf(shape, fill, metresAt),
  rawDepths: depthsOf(shape, fill, rawMetresAt),
});

/** The cell arrays of the layout by name. */
export const nyuCells = (count: number): Readonly<Record<string, readonly string[]>> => ({
  scenes: range(count).map(sceneAt),
  sceneTypes: range(count).map(typeAt),
});

/**
 * A file of the published number of samples and size, in which only some samples have pixels. Beside the labels it has
 * cells that are of no use here, as the published one does: names of files and of classes.
 */
export const nyuPublishedPieces = (real: ReadonlySet<number>, holes: number): Pieces => {
  const shape = { count: 1449, height: 480, width: 640 };
  const files = range(shape.count).map((index) => `living_room_0001a/r-${index}.ppm`);
  const other = { names: range(894).map((at) => `class ${at}`), rawDepthFilenames: files, rawRgbFilenames: files };
  const arrays = nyuArrays(shape, (index, pixels) => real.has(index) ? pixels() : holes);
  return matlabPieces(arrays, { ...nyuCells(shape.count), ...other });
};
