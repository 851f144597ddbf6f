/**
 * How the factors of a product are kept while they are multiplied.
 *
 * Deno runs WebAssembly without guard pages: every access to memory costs a comparison and a branch, and a loop of one
 * multiply-add for every other load then runs at less than half of its speed (the branches also keep some Intel
 * processors, by their JCC erratum, from caching the decoded loop). The fields of a struct cost neither. So both factors
 * are copied, block by block, from memory to chains of structs, and the innermost loop reads these alone.
 *
 * A part holds 4 steps along k, the inner dimension: of a tile, 4 rows of the left factor; of a panel, 8 columns of the
 * right one. A chain of parts is one block along k.
 */
import {
  array,
  type Code,
  get,
  getElement,
  getField,
  getGlobal,
  integerConstant,
  integerType,
  newArray,
  newStruct,
  notNull,
  nullable,
  nullOf,
  type Procedure,
  repeat,
  set,
  setElement,
  setField,
  setGlobal,
  struct,
  subtract,
  vector,
} from "./assembler.ts";

/** Rows of a tile. */
export const tileRows = 4;

/** Columns of a panel: two vectors. */
export const panelColumns = 8;

/** Steps along k that a part holds. */
export const partDepth = 4;

/** One kind of part, and where the module keeps its chains. */
export interface Kind {
  /** The struct: its vectors, the part after it in use or null, and the part after it. */
  readonly part: number;
  /** The array of first parts. */
  readonly chains: number;
  /** The global that holds the array. */
  readonly global: number;
  /** How many vectors a part holds. */
  readonly vectors: number;
}

/** Tiles: vector m is 4 steps of row m. */
export const tile: Kind = { part: 0, chains: 2, global: 0, vectors: tileRows };

/** Panels: vectors 2 s and 2 s + 1 are the 8 columns of step s. */
export const panel: Kind = { part: 1, chains: 3, global: 1, vectors: 2 * partDepth };

const structOf = ({ part, vectors }: Kind): readonly number[] =>
  struct([...Array.from({ length: vectors }, () => vector), nullable(part), nullable(part)]);

/** The types that tiles and panels need, in the order of their numbers. */
export const partTypes: readonly (readonly number[])[] = [
  structOf(tile),
  structOf(panel),
  array(nullable(tile.part)),
  array(nullable(panel.part)),
];

/** A vector of a part. */
export const partVector = (kind: Kind, part: number, index: number): Code => getField(kind.part, get(part), index);

/** Changes a vector of a part. */
export const setPartVector = (kind: Kind, part: number, index: number, value: Code): Code =>
  setField(kind.part, get(part), index, value);

/** The part after it in use, or null. */
export const nextPart = (kind: Kind, part: number): Code => getField(kind.part, get(part), kind.vectors);

/** The first part of a chain. */
export const firstPart = ({ chains, global }: Kind, index: Code): Code =>
  notNull(getElement(chains, getGlobal(global), index));

/** Moves two locals on: `last` is the part that was filled, `part` the one to fill next. */
export const stepPart = (kind: Kind, part: number, last: number): Code => [
  set(last, get(part)),
  set(part, getField(kind.part, get(part), kind.vectors + 1)),
  setField(kind.part, get(last), kind.vectors, get(part)),
];

/** Makes the part that was filled last the chain's end. */
export const endChain = (kind: Kind, last: number): Code =>
  setField(kind.part, get(last), kind.vectors, nullOf(kind.part));

/** create…(chains, parts): makes room for so many chains of so many parts, 1 or more. */
export const createChains = (name: string, kind: Kind): Procedure => {
  const [chains, parts, count, part, before] = [0, 1, 2, 3, 4];
  return {
    name,
    parameters: 2,
    locals: [integerType, nullable(kind.part), nullable(kind.part)],
    body: [
      setGlobal(kind.global, newArray(kind.chains, get(chains))),
      repeat(chains, [
        set(before, nullOf(kind.part)),
        set(count, get(parts)),
        repeat(count, [
          set(part, newStruct(kind.part)),
          setField(kind.part, get(part), kind.vectors + 1, get(before)),
          set(before, get(part)),
        ]),
        setElement(kind.chains, getGlobal(kind.global), subtract(get(chains), integerConstant(1)), get(part)),
      ]),
    ],
  };
};
