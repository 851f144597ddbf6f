/**
 * This library's own WebAssembly, which computes in the memory of TensorFlow.js's: made when it is first needed, as it is
 * small, so that there is nothing to build and to ship.
 */
import type { BackendWasm } from "../../dependencies/wasm.ts";
import { assemble } from "./assembler.ts";
import { gatherColumns, gatherRows, packColumns, packRows } from "./copy_procedures.ts";
import {
  depthwiseName,
  depthwiseProcedures,
  type DepthwiseTaps,
  depthwiseTilePixels,
  type DepthwiseWork,
} from "./depthwise_procedures.ts";
import { pairColumns, pairName, pairProcedures } from "./depthwise_pairs.ts";
import { finish, multiplyRuns, multiplyTile } from "./multiply_procedures.ts";
import { createChains, panel, partTypes, tile } from "./parts.ts";
import { winogradFilter, winogradInput, winogradOutput } from "./winograd_procedures.ts";

/** A procedure of the module; all numbers are 32-bit integers, addresses in bytes. */
type Procedure = (...values: readonly number[]) => void;

/** What the module can do; each procedure says what its parameters are. */
export interface WasmProgram {
  /** Copies the tile, whose rows lie along k. */
  readonly gatherRows: Procedure;
  /** Copies the tile, whose rows lie side by side. */
  readonly gatherColumns: Procedure;
  /** Copies a panel whose columns lie side by side. */
  readonly packRows: Procedure;
  /** Copies a panel whose columns lie along k. */
  readonly packColumns: Procedure;
  /** Multiplies the tile and panels. */
  readonly multiply: Procedure;
  /** Applies what follows a convolution. */
  readonly finish: Procedure;
  /** Multiplies feature maps to where a convolution reads them. */
  readonly multiplyRuns: Procedure;
  /** Transforms a tile of the input. */
  readonly winogradInput: Procedure;
  /** Transforms a filter. */
  readonly winogradFilter: Procedure;
  /** Transforms sums to a tile of the output. */
  readonly winogradOutput: Procedure;
  /** The same of 3×3 and two rows at once. */
  readonly depthwisePairs: (
    work: DepthwiseWork,
  ) => { readonly ofTiles: Procedure; readonly ofPixels: Procedure };
  /** What a convolution of each channel by itself is made of, for tiles of pixels and for single ones. */
  readonly depthwise: (
    work: DepthwiseWork,
    taps: DepthwiseTaps,
  ) => { readonly ofTiles: Procedure; readonly ofPixels: Procedure };
}

/** How many panels are packed at a time, 5 KB each, so that they stay in the second-level cache, the tile in the first. */
export const packedPanels = 32;

/** How many parts the longest block has: at most 128 products are summed one after the other, and then these sums. */
export const blockParts = 32;

const bytesOf = (relaxed: boolean): Uint8Array<ArrayBuffer> =>
  assemble({
    types: partTypes,
    globals: [tile.chains, panel.chains],
    procedures: [
      createChains("createTiles", tile),
      createChains("createPanels", panel),
      ...[gatherRows, gatherColumns, packRows, packColumns],
      ...[multiplyTile(relaxed), finish(relaxed), multiplyRuns()],
      ...[winogradInput, winogradFilter, winogradOutput],
      ...[...depthwiseProcedures(relaxed), ...pairProcedures(relaxed)],
    ],
  });

const memoryOf = (backend: BackendWasm): WebAssembly.Memory => {
  const exported: unknown = Reflect.get(backend.wasm, "asm");
  const memory: unknown = typeof exported === "object" && exported !== null ? Reflect.get(exported, "memory") : null;
  if (memory instanceof WebAssembly.Memory) return memory;
  throw new Error("TensorFlow.js's wasm backend does not show its memory as asm.memory");
};

const isProcedure = (value: unknown): value is Procedure => typeof value === "function";

const load = (backend: BackendWasm): WasmProgram => {
  // A multiply-add in one instruction is part of relaxed SIMD, which not all engines have.
  const relaxed = bytesOf(true);
  const bytes = WebAssembly.validate(relaxed) ? relaxed : bytesOf(false);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    backend: { memory: memoryOf(backend) },
  });
  const procedure = (name: string): Procedure => {
    const value: unknown = exports[name];
    if (isProcedure(value)) return value;
    throw new Error(`the module of kernels has no procedure ${name}`);
  };
  procedure("createTiles")(1, blockParts);
  procedure("createPanels")(packedPanels, blockParts);
  return {
    gatherRows: procedure("gatherRows"),
    gatherColumns: procedure("gatherColumns"),
    packRows: procedure("packRows"),
    packColumns: procedure("packColumns"),
    multiply: procedure("multiply"),
    finish: procedure("finish"),
    multiplyRuns: procedure("multiplyRuns"),
    winogradInput: procedure("winogradInput"),
    winogradFilter: procedure("winogradFilter"),
    winogradOutput: procedure("winogradOutput"),
    depthwisePairs: (work) => ({
      ofTiles: procedure(pairName(work, pairColumns)),
      ofPixels: procedure(pairName(work, 1)),
    }),
    depthwise: (work, taps) => ({
      ofTiles: procedure(depthwiseName(work, taps, depthwiseTilePixels)),
      ofPixels: procedure(depthwiseName(work, taps, 1)),
    }),
  };
};

/** A program belongs to one backend's memory and is gone with it; it is a cache, as making it is all that it saves. */
const programs = new WeakMap<BackendWasm, WasmProgram>();

/** The program of a backend. @throws Error if the engine has no WebAssembly SIMD or garbage-collected structs. */
export const programOf = (backend: BackendWasm): WasmProgram => {
  const present = programs.get(backend);
  if (present !== undefined) return present;
  const program = load(backend);
  programs.set(backend, program);
  return program;
};
