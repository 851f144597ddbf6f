/**
 * Procedures that copy a block of a factor from memory to a chain of parts (see parts.ts).
 *
 * A block is a list of segments, runs along k: for each, four integers in memory: what is added to the address of the left
 * factor, the address of the right factor, how many whole parts it fills, and how many steps, 0 to 3, are left. What a
 * segment leaves of its last part is zeros, in both factors.
 */
import type { Procedure } from "./assemble.ts";
import {
  add,
  advance,
  type Code,
  constant,
  get,
  greater,
  integer,
  load,
  loadFirst,
  loadInteger,
  loadLane,
  multiply,
  nullable,
  repeat,
  set,
  shuffle,
  vector,
  when,
  zeros,
} from "./instructions.ts";
import { endChain, firstPart, type Kind, panel, setPartVector, stepPart, tile, tileRows } from "./parts.ts";

/** Bytes of a segment's description. */
export const segmentBytes = 16;

const four = [0, 1, 2, 3] as const;

const eight = [0, 1, 2, 3, 4, 5, 6, 7] as const;

/** Gives `to` the rows of the transpose of the 4×4 matrix whose rows are in `from`; `spare` are four more locals. */
const transpose = (
  from: readonly number[],
  spare: readonly number[],
  use: (row: number, value: Code) => Code,
): Code => {
  const [a = 0, b = 0, c = 0, d = 0] = from;
  const [low = 0, lowAfter = 0, high = 0, highAfter = 0] = spare;
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
  when(greater(get(count), constant(1)), set(into, loadLane(get(address), 4, get(into), 1))),
  when(greater(get(count), constant(2)), set(into, loadLane(get(address), 8, get(into), 2))),
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
  readonly parameters: readonly number[];
  readonly pointers: readonly number[];
  readonly vectors: readonly number[];
  /** The part that is being filled. */
  readonly part: number;
  /** How many steps are left at the end of the segment. */
  readonly rest: number;
  /** The two addresses of the segment. */
  readonly left: Code;
  readonly right: Code;
}

const numbered = (first: number, length: number): readonly number[] => Array.from({ length }, (_, k) => first + k);

const copyProcedure = ({ name, kind, parameters, pointers, vectors, code }: Copy): Procedure => {
  const [chain, segments, count] = [0, 1, 2];
  const [whole = 0, rest = 0, part = 0, last = 0] = numbered(3 + parameters, 4);
  const { begin, whole: copyWhole, some: copySome } = code({
    parameters: numbered(3, parameters),
    pointers: numbered(7 + parameters, pointers),
    vectors: numbered(7 + parameters + pointers, vectors),
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
      ...[integer, integer, nullable(kind.part), nullable(kind.part)],
      ...Array.from({ length: pointers }, () => integer),
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
        advance(segments, constant(segmentBytes)),
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
  code: ({ parameters: [rows = 0], pointers, vectors: [value = 0], part, rest, left }) => ({
    begin: pointers.map((pointer, m) => set(pointer, add(loadInteger(get(rows), 4 * m), left))),
    whole: pointers.map((pointer, m) => [
      setPartVector(tile, part, m, load(get(pointer))),
      advance(pointer, constant(16)),
    ]),
    some: pointers.map((pointer, m) => [loadSome(pointer, rest, value), setPartVector(tile, part, m, get(value))]),
  }),
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
  code: ({ parameters: [row = 0, stride = 0], pointers: [pointer = 0], vectors, part, rest, left }) => {
    const [from, spare] = [vectors.slice(0, 4), vectors.slice(4)];
    const read = (value: number): Code => [set(value, load(get(pointer))), advance(pointer, get(stride))];
    const turn = transpose(from, spare, (m, value) => setPartVector(tile, part, m, value));
    return {
      begin: set(pointer, add(get(row), left)),
      whole: [from.map(read), turn],
      some: [
        from.map((value, step) => [set(value, zeros), when(greater(get(rest), constant(step)), read(value))]),
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
  code: ({ parameters: [column = 0, stride = 0], pointers: [pointer = 0], part, rest, right }) => {
    const read = (step: number): Code => [
      setPartVector(panel, part, 2 * step, load(get(pointer))),
      setPartVector(panel, part, 2 * step + 1, load(get(pointer), 16)),
      advance(pointer, get(stride)),
    ];
    return {
      begin: set(pointer, add(right, get(column))),
      whole: four.map(read),
      some: [
        eight.map((index) => setPartVector(panel, part, index, zeros)),
        four.map((step) => when(greater(get(rest), constant(step)), read(step))),
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
  code: ({ parameters: [column = 0, stride = 0], pointers, vectors, part, rest, right }) => {
    const [from, spare] = [vectors.slice(0, 4), vectors.slice(4)];
    const turn = (half: number): Code =>
      transpose(from, spare, (step, value) => setPartVector(panel, part, 2 * step + half, value));
    const halves = (read: (pointer: number, value: number) => Code): Code =>
      [0, 1].map((half) => [from.map((value, n) => read(pointers[4 * half + n] ?? 0, value)), turn(half)]);
    return {
      begin: pointers.map((pointer, n) =>
        set(pointer, add(add(right, get(column)), multiply(get(stride), constant(n))))
      ),
      whole: halves((pointer, value) => [set(value, load(get(pointer))), advance(pointer, constant(16))]),
      some: halves((pointer, value) => loadSome(pointer, rest, value)),
    };
  },
});
