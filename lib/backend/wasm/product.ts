/**
 * Matrix products for the wasm backend, of which convolutions and their gradients consist: for each row m and column n the
 * sum over k of left[m, k] · right[k, n]. The rows of both factors and of the result may lie anywhere in memory, so that a
 * convolution's input is read where it is.
 */
import type { BackendWasm } from "../../dependencies/wasm.ts";
import { segmentBytes } from "./copy_procedures.ts";
import { addressOf, allocate, integers, release, view } from "./frames.ts";
import { panelColumns, partDepth, tileRows } from "./parts.ts";
import { blockParts, packedPanels, programOf, type WasmProgram } from "./program.ts";

/** A run along k. */
export interface Segment {
  /** What is added to the address of every row of the left factor, in bytes. */
  readonly left: number;
  /** The address of the right factor's first column. */
  readonly right: number;
  /** How many steps along k it is long, 1 or more. */
  readonly length: number;
}

/** A product of matrices in the backend's memory; addresses and strides in bytes. */
export interface Product {
  /** How k is made up. */
  readonly segments: readonly Segment[];
  /**
   * The left factor. "along k": `addresses` has one for each row, 4 · tiles. "side by side": one for each tile, whose 4
   * rows are 4 numbers on end, and each step along k is `stride` bytes.
   */
  readonly left: {
    readonly layout: "along k" | "side by side";
    readonly addresses: Int32Array;
    readonly stride: number;
  };
  /** The right factor: `stride` is from step to step if columns lie side by side, from column to column if along k. */
  readonly right: { readonly layout: "along k" | "side by side"; readonly stride: number };
  /** Where each row of the result begins, 4 · tiles, or −1 for a row that is not wanted. */
  readonly outputs: Int32Array;
  /** How many columns there are. Memory is read, but not used, up to the next multiple of 8. */
  readonly columns: number;
  /** Is called when so many rows, from this one on, are done, while they are still in a cache; columns % 8 is 0. */
  readonly finished?: (first: number, rows: number) => void;
}

/** Instead of the address of a row that is not wanted. Addresses above 2³¹ are negative too, but multiples of 4. */
const unwanted = -1;

/** Tiles that are computed before the next ones are begun: their results stay in the second-level cache. */
const tilesOfStrip = 128;

interface Block {
  readonly first: number;
  readonly count: number;
}

const ceilDivide = (a: number, b: number): number => Math.ceil(a / b);

const partsOf = ({ length }: Segment): number => ceilDivide(length, partDepth);

/** A segment cut into equal pieces that fit into a block. */
const cut = (segment: Segment, product: Product): readonly Segment[] => {
  const pieces = ceilDivide(partsOf(segment), blockParts);
  const length = ceilDivide(partsOf(segment), pieces) * partDepth;
  const { left, right } = product;
  const leftStep = left.layout === "along k" ? 4 : left.stride;
  const rightStep = right.layout === "along k" ? 4 : right.stride;
  return Array.from({ length: pieces }, (_, piece) => ({
    left: segment.left + piece * length * leftStep,
    right: segment.right + piece * length * rightStep,
    length: Math.min(length, segment.length - piece * length),
  }));
};

/** Consecutive segments as blocks, each as long as fits. */
const blocksOf = (segments: readonly Segment[]): readonly Block[] => {
  const blocks: Block[] = [];
  for (let first = 0; first < segments.length;) {
    let [count, parts] = [0, 0];
    for (const segment of segments.slice(first, first + blockParts)) {
      parts += partsOf(segment);
      if (parts > blockParts) break;
      count += 1;
    }
    blocks.push({ first, count });
    first += count;
  }
  return blocks;
};

/** Where the tables of a product are in memory, and its blocks. */
interface Prepared {
  readonly segments: number;
  readonly rows: number;
  readonly outputs: number;
  readonly blocks: readonly Block[];
}

/** Copies the tables of a product to memory. `spare` is where rows go that are not wanted. */
const writeTables = (table: Int32Array, at: number, product: Product, spare: number): Prepared => {
  const segments = product.segments.flatMap((segment) => cut(segment, product));
  segments.forEach(({ left, right, length }, k) => {
    table.set([left, right, Math.floor(length / partDepth), length % partDepth], 4 * k);
  });
  const [rows, outputs] = [4 * segments.length, 4 * segments.length + product.left.addresses.length];
  table.set(product.left.addresses, rows);
  table.set(product.outputs.map((address) => address === unwanted ? spare : address), outputs);
  return { segments: at, rows: at + 4 * rows, outputs: at + 4 * outputs, blocks: blocksOf(segments) };
};

const tableLength = (product: Product): number =>
  4 * product.segments.reduce((sum, { length }) => sum + ceilDivide(length, blockParts * partDepth), 0) +
  product.left.addresses.length + product.outputs.length;

/** Packs the panels [first, end) of a block. */
const pack = (
  program: WasmProgram,
  { right }: Product,
  segments: number,
  count: number,
  first: number,
  end: number,
): void => {
  const alongK = right.layout === "along k";
  const [run, panelBytes] = alongK
    ? [program.packColumns, panelColumns * right.stride]
    : [program.packRows, panelColumns * 4];
  for (let panel = first; panel < end; panel++) run(panel - first, segments, count, panel * panelBytes, right.stride);
};

/** Copies a tile of a block. */
const gather = (
  program: WasmProgram,
  { left }: Product,
  rows: number,
  segments: number,
  count: number,
  tile: number,
): void => {
  if (left.layout === "along k") program.gatherRows(0, segments, count, rows + 4 * tileRows * tile);
  else program.gatherColumns(0, segments, count, left.addresses[tile]!, left.stride);
};

/** The product of the tiles [first, end) and the panels [panel, endPanel), of which panel `origin` goes to column 0. */
const multiplyTiles = (
  program: WasmProgram,
  product: Product,
  { segments, rows, outputs, blocks }: Prepared,
  [first, end]: readonly [number, number],
  [panel, endPanel]: readonly [number, number],
  origin: number,
): void => {
  const column = 4 * panelColumns * (panel - origin);
  blocks.forEach(({ first: segment, count }, block) => {
    const at = segments + segmentBytes * segment;
    pack(program, product, at, count, panel, endPanel);
    for (let tile = first; tile < end; tile++) {
      gather(program, product, rows, at, count, tile);
      program.multiply(endPanel - panel, outputs + 4 * tileRows * tile, column, block);
    }
  });
};

const multiplyPanels = (
  program: WasmProgram,
  product: Product,
  prepared: Prepared,
  panels: readonly [number, number],
): void => {
  const tiles = product.outputs.length / tileRows;
  for (let tile = 0; tile < tiles; tile += tilesOfStrip) {
    const end = Math.min(tiles, tile + tilesOfStrip);
    for (let panel = panels[0]; panel < panels[1]; panel += packedPanels) {
      const endPanel = Math.min(panels[1], panel + packedPanels);
      multiplyTiles(program, product, prepared, [tile, end], [panel, endPanel], panels[0]);
    }
    product.finished?.(tile * tileRows, (end - tile) * tileRows);
  }
};

/** The last columns, fewer than 8: by way of rows of 8, of which the first so many are copied. */
const multiplyRest = (backend: BackendWasm, program: WasmProgram, product: Product): void => {
  const [rows, panel] = [product.outputs.length, Math.floor(product.columns / panelColumns)];
  const wide = allocate(backend, [rows, panelColumns]);
  const start = addressOf(backend, wide);
  const outputs = Int32Array.from({ length: rows }, (_, m) => start + 4 * panelColumns * m);
  run(backend, program, { ...product, outputs }, [panel, panel + 1]);
  const values = view(backend, wide);
  const memory = new Float32Array(values.buffer);
  const count = product.columns - panel * panelColumns;
  product.outputs.forEach((address, m) => {
    if (address === unwanted) return;
    const from = m * panelColumns;
    memory.set(values.subarray(from, from + count), (address >>> 0) / 4 + panel * panelColumns);
  });
  release(backend, wide);
};

const run = (
  backend: BackendWasm,
  program: WasmProgram,
  product: Product,
  panels: readonly [number, number],
): void => {
  const table = allocate(backend, [tableLength(product)]);
  const spare = allocate(backend, [product.columns + panelColumns]);
  const prepared = writeTables(integers(backend, table), addressOf(backend, table), product, addressOf(backend, spare));
  multiplyPanels(program, product, prepared, panels);
  release(backend, table);
  release(backend, spare);
};

/** Computes a product into the memory that it names. There is at least one segment. */
export const multiplyInto = (backend: BackendWasm, product: Product): void => {
  const program = programOf(backend);
  const panels = Math.floor(product.columns / panelColumns);
  if (panels > 0) run(backend, program, product, [0, panels]);
  if (panels * panelColumns < product.columns) multiplyRest(backend, program, product);
};
