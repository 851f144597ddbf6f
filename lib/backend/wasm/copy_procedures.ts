/**
 * Procedures that copy a block of a factor from memory to a chain of parts (see parts.ts).
 *
 * A block is a list of segments, runs along k: for each, four integers in memory: what is added to the address of the left
 * factor, the address of the right factor, how many whole parts it fills, and how many steps, 0 to 3, are left. What a
 * segment leaves of its last part is zeros, in both factors.
 */
import {
  add,
  advance,
  type Code,
  get,
  greater,
  integerConstant,
  integerType,
  load,
  loadFirst,
  loadInteger,
  loadLane,
  multiply,
  nullable,
  type Procedure,
  repeat,
  set,
  shuffle,
  vector,
  when,
  zeros,
} from "./assembler.ts";
import { endChain, firstPart, type Kind, panel, setPartVector, stepPart, tile, tileRows } from "./parts.ts";

/** Bytes of a segment's description. */
export const segmentBytes = 16;

const four = [0, 1, 2, 3] as const;

const eight = [0, 1, 2, 3, 4, 5, 6, 7] as const;

/** Locals of one kind, numbered from 0: the number of each in its procedure. @throws Error beyond the last. */
type Locals = (index: number) => number;

const localsFrom = (first: number, length: number): Locals => (index) => {
  if (index < length) return first + index;
  throw new Error(`found local ${index} of ${length}`);
};

/** Uses the rows of the transpose of the 4×4 matrix whose rows are in the first four of eight locals. */
const transpose = (local: Locals, use: (row: number, value: Code) => Code): Code => {
  const [a, b, c, d] = [local(0), local(1), local(2), local(3)];
  const [low, lowAfter, high, highAfter] = [local(4), local(5), local(6), local(7)];
  return [
    set(low, shuffle(get(a), get(b), [0, 4, 1, 5])),
    set(lowAfter, shuffle(get(c), get(d), [0, 4, 1, 5])),
    set(high, shuffle(get(a), get(b), [2, 6, 3, 7])),
    set(highAfter, shuffle(get(c), get(d), [2, 6, 3, 7])),
    use(0, shuffle(get(low), get(lowAfter), [0, 1, 4, 5])),
    use(1, shuffle(get(low), get(lowAfter), [2, 3, 6, 7])),
    use(2, shuffle(get(high), get(highAfter), [0, 1, 4, 5])),
    use(3, shuffle(get(high), get(highAfter), [2, 3, 6, 7])),
  ];
};

/** The first `count` numbers, 1 to 3, at an address, then zeros; it reads no further. */
const loadSome = (address: number, count: number, into: number): Code => [
  set(into, loadFirst(get(address))),
  when(greater(get(count), integerConstant(1)), set(into, loadLane(get(address), 4, get(into), 1))),
  when(greater(get(count), integerConstant(2)), set(into, loadLane(get(address), 8, get(into), 2))),
];

/** A procedure that copies: its locals are what all of them have, then `pointers` integers, then `vectors` vectors. */
interface Copy {
  readonly name: string;
  readonly kind: Kind;
  /** How many parameters it has after the number of the chain (0 for the tile), the address of the segments and their number. */
  readonly parameters: number;
  readonly pointers: number;
  readonly vectors: number;
  /** What it does at the beginning of a segment, for a whole part, and for the rest. */
  readonly code: (locals: CopyLocals) => { readonly begin: Code; readonly whole: Code; readonly some: Code };
}

interface CopyLocals {
  readonly parameter: Locals;
  readonly pointer: Locals;
  readonly vector: Locals;
  /** The part that is being filled. */
  readonly part: number;
  /** How many steps are left at the end of the segment. */
  readonly rest: number;
  /** The two addresses of the segment. */
  readonly left: Code;
  readonly right: Code;
}

const copyProcedure = ({ name, kind, parameters, pointers, vectors, code }: Copy): Procedure => {
  const [chain, segments, count] = [0, 1, 2];
  const [whole, rest, part, last] = [3 + parameters, 4 + parameters, 5 + parameters, 6 + parameters];
  const { begin, whole: copyWhole, some: copySome } = code({
    parameter: localsFrom(3, parameters),
    pointer: localsFrom(7 + parameters, pointers),
    vector: localsFrom(7 + parameters + pointers, vectors),
    part,
    rest,
    left: loadInteger(get(segments)),
    right: loadInteger(get(segments), 4),
  });
  const step = stepPart(kind, part, last);
  return {
    name,
    parameters: 3 + parameters,
    locals: [
      ...[integerType, integerType, nullable(kind.part), nullable(kind.part)],
      ...Array.from({ length: pointers }, () => integerType),
      ...Array.from({ length: vectors }, () => vector),
    ],
    body: [
      set(part, firstPart(kind, get(chain))),
      repeat(count, [
        begin,
        set(whole, loadInteger(get(segments), 8)),
        repeat(whole, [copyWhole, step]),
        set(rest, loadInteger(get(segments), 12)),
        when(get(rest), [copySome, step]),
        advance(segments, integerConstant(segmentBytes)),
      ]),
      endChain(kind, last),
    ],
  };
};

/** gatherRows(tile, segments, count, rows): a tile whose 4 rows lie along k at the 4 addresses at `rows`. */
export const gatherRows: Procedure = copyProcedure({
  name: "gatherRows",
  kind: tile,
  parameters: 1,
  pointers: tileRows,
  vectors: 1,
  code: ({ parameter, pointer, vector, part, rest, left }) => {
    const [rows, value] = [parameter(0), vector(0)];
    return {
      begin: four.map((m) => set(pointer(m), add(loadInteger(get(rows), 4 * m), left))),
      whole: four.map((m) => [
        setPartVector(tile, part, m, load(get(pointer(m)))),
        advance(pointer(m), integerConstant(16)),
      ]),
      some: four.map((m) => [loadSome(pointer(m), rest, value), setPartVector(tile, part, m, get(value))]),
    };
  },
});

/**
 * gatherColumns(tile, segments, count, row, stride): a tile whose 4 rows lie side by side from address `row` on, each step
 * along k being `stride` bytes.
 */
export const gatherColumns: Procedure = copyProcedure({
  name: "gatherColumns",
  kind: tile,
  parameters: 2,
  pointers: 1,
  vectors: 8,
  code: ({ parameter, pointer, vector, part, rest, left }) => {
    const [row, stride, from] = [parameter(0), parameter(1), pointer(0)];
    const read = (step: number): Code => [set(vector(step), load(get(from))), advance(from, get(stride))];
    const turn = transpose(vector, (m, value) => setPartVector(tile, part, m, value));
    return {
      begin: set(from, add(get(row), left)),
      whole: [four.map(read), turn],
      some: [
        four.map((step) => [set(vector(step), zeros), when(greater(get(rest), integerConstant(step)), read(step))]),
        turn,
      ],
    };
  },
});

/**
 * packRows(panel, segments, count, column, stride): a panel whose 8 columns lie side by side, `column` bytes after the
 * address of each segment, each step along k being `stride` bytes.
 */
export const packRows: Procedure = copyProcedure({
  name: "packRows",
  kind: panel,
  parameters: 2,
  pointers: 1,
  vectors: 0,
  code: ({ parameter, pointer, part, rest, right }) => {
    const [column, stride, from] = [parameter(0), parameter(1), pointer(0)];
    const read = (step: number): Code => [
      setPartVector(panel, part, 2 * step, load(get(from))),
      setPartVector(panel, part, 2 * step + 1, load(get(from), 16)),
      advance(from, get(stride)),
    ];
    return {
      begin: set(from, add(right, get(column))),
      whole: four.map(read),
      some: [
        eight.map((index) => setPartVector(panel, part, index, zeros)),
        four.map((step) => when(greater(get(rest), integerConstant(step)), read(step))),
      ],
    };
  },
});

/**
 * packColumns(panel, segments, count, column, stride): a panel whose 8 columns lie along k, the first one `column` bytes
 * after the address of each segment and the others `stride` bytes apart.
 */
export const packColumns: Procedure = copyProcedure({
  name: "packColumns",
  kind: panel,
  parameters: 2,
  pointers: 8,
  vectors: 8,
  code: ({ parameter, pointer, vector, part, rest, right }) => {
    const [column, stride] = [parameter(0), parameter(1)];
    const turn = (half: number): Code =>
      transpose(vector, (step, value) => setPartVector(panel, part, 2 * step + half, value));
    const halves = (read: (pointer: number, value: number) => Code): Code =>
      [0, 1].map((half) => [four.map((n) => read(pointer(4 * half + n), vector(n))), turn(half)]);
    return {
      begin: eight.map((n) => set(pointer(n), add(add(right, get(column)), multiply(get(stride), integerConstant(n))))),
      whole: halves((from, value) => [set(value, load(get(from))), advance(from, integerConstant(16))]),
      some: halves((from, value) => loadSome(from, rest, value)),
    };
  },
});
