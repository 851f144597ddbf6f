/** The assembler of WebAssembly modules, by what its modules do. */
import fc from "fast-check";
import { array, assemble, type Module, type Procedure, struct } from "../../lib/backend/wasm/assembler.ts";
import * as code from "../../lib/backend/wasm/assembler.ts";
import { assert, assertEquals, assertThrows } from "../std.ts";

/** LEB128 read back: 7 bits a byte, the lowest first, until a byte below 128. */
const decode = (bytes: readonly number[], isSigned: boolean): number => {
  const value = bytes.reduce((sum, byte, k) => sum + (byte % 128) * 2 ** (7 * k), 0);
  const isNegative = isSigned && ((bytes.at(-1) ?? 0) & 64) !== 0;
  return isNegative ? value - 2 ** (7 * bytes.length) : value;
};

Deno.test("numbers are read back from LEB128, which ends with its first byte below 128", () =>
  fc.assert(fc.property(fc.nat({ max: 2 ** 32 - 1 }), fc.integer(), (natural, integer) => {
    assertEquals(decode(code.unsigned(natural), false), natural);
    assertEquals(decode(code.signed(integer), true), integer);
    [code.unsigned(natural), code.signed(integer)].forEach((bytes) =>
      assert(bytes.slice(0, -1).every((byte) => byte >= 128) && (bytes.at(-1) ?? 128) < 128)
    );
  })));

/** Runs one procedure called "run" on a memory of floats, which is given back. */
const run = (
  { parameters, locals, body }: Omit<Procedure, "name">,
  values: readonly number[],
  numbers: readonly number[] = [],
  module: Partial<Module> = {},
): Float32Array => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  new Float32Array(memory.buffer).set(numbers);
  const bytes = assemble({
    types: [],
    globals: [],
    ...module,
    procedures: [{ name: "run", parameters, locals, body }],
  });
  const { exports: { run } } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { backend: { memory } });
  assert(typeof run === "function");
  run(...values);
  return new Float32Array(memory.buffer);
};

const { add, advance, integerConstant, get, load, multiplyAdd, set, store } = code;

Deno.test("a procedure adds vectors from memory as often as it shall, never for 0", () => {
  const body = [
    code.repeat(1, [
      set(2, code.addVectors(get(2), load(get(0)))),
      advance(0, integerConstant(16)),
    ]),
    store(integerConstant(256), get(2)),
  ];
  const numbers = [1, 2, 3, 4, 10, 20, 30, 40];
  const sum = (count: number): number[] => [
    ...run({ parameters: 2, locals: [code.vector], body }, [0, count], numbers).slice(64, 68),
  ];
  assertEquals(sum(2), [11, 22, 33, 44]);
  assertEquals(sum(1), [1, 2, 3, 4]);
  assertEquals(sum(0), [0, 0, 0, 0]);
});

Deno.test("arithmetic and comparisons of integers are those of numbers", () =>
  fc.assert(
    fc.property(fc.integer({ min: -9999, max: 9999 }), fc.integer({ min: -9999, max: 9999 }), (a, b) => {
      const results = [
        code.add(get(0), get(1)),
        code.subtract(get(0), get(1)),
        code.multiply(get(0), get(1)),
        code.equal(get(0), get(1)),
        code.greater(get(0), get(1)),
        code.integerConstant(a),
      ];
      // Integers are not stored by any kernel, so a store of floats tells whether the result was the expected one.
      const expected = [a + b, a - b, a * b, a === b ? 1 : 0, a > b ? 1 : 0, a];
      results.forEach((result, k) => {
        const body = code.when(
          code.equal(result, integerConstant(expected[k] ?? 0)),
          store(integerConstant(0), load(integerConstant(16))),
        );
        const [found] = run({ parameters: 2, locals: [], body }, [a, b], [0, 0, 0, 0, 7, 7, 7, 7]);
        assertEquals(found, 7, `operation ${k} of ${a} and ${b}`);
      });
    }),
    { numRuns: 50 },
  ));

Deno.test("vectors are shuffled, splatted, bounded and multiplied lane by lane", () => {
  const numbers = [1, -2, 3, -4, 5, 6, 7, 8];
  const [a, b] = [load(integerConstant(0)), load(integerConstant(16))];
  const result = (value: code.Code): number[] => [
    ...run({ parameters: 0, locals: [], body: store(integerConstant(64), value) }, [], numbers).slice(16, 20),
  ];
  assertEquals(result(code.shuffle(a, b, [7, 0, 4, 1])), [8, 1, 5, -2]);
  assertEquals(result(code.loadSplat(integerConstant(12))), [-4, -4, -4, -4]);
  assertEquals(result(code.loadFirst(integerConstant(8))), [3, 0, 0, 0]);
  assertEquals(result(code.loadLane(integerConstant(4), 4, b, 2)), [5, 6, 3, 8]);
  assertEquals(result(code.maximum(a, code.zeros)), [1, 0, 3, 0]);
  assertEquals(result(code.minimum(a, code.zeros)), [0, -2, 0, -4]);
  assertEquals(result(code.multiplyVectors(a, b)), [5, -12, 21, -32]);
  [true, false].forEach((relaxed) => assertEquals(result(multiplyAdd(a, b, b, relaxed)), [10, -6, 28, -24]));
});

Deno.test("a chain of structs is walked to its end, and a missing one stops the program", () => {
  const types = [struct([code.vector, code.nullable(0)]), array(code.nullable(0))];
  const link = (vector: number): code.Code => [
    set(2, code.newStruct(0)),
    code.setField(0, get(2), 0, load(integerConstant(vector))),
    code.setField(0, get(2), 1, get(1)),
    set(1, get(2)),
  ];
  const body = [
    link(0),
    link(16),
    code.setGlobal(0, code.newArray(1, integerConstant(3))),
    code.setElement(1, code.getGlobal(0), integerConstant(2), get(1)),
    set(3, code.notNull(code.getElement(1, code.getGlobal(0), get(0)))),
    code.repeatUntilNull([
      store(integerConstant(64), code.addVectors(load(integerConstant(64)), code.getField(0, get(3), 0))),
      set(3, code.orLeave(code.getField(0, get(3), 1))),
    ]),
  ];
  const locals = [code.nullable(0), code.nullable(0), code.reference(0)];
  const walk = (index: number): Float32Array =>
    run({ parameters: 1, locals, body }, [index], [1, 2, 3, 4, 10, 20, 30, 40], { types, globals: [1] });
  assertEquals([...walk(2).slice(16, 20)], [11, 22, 33, 44]);
  assertThrows(() => walk(1));
  assertThrows(() => walk(3));
});

Deno.test("constant offsets are added to addresses", () => {
  const body = store(get(0), load(add(get(0), integerConstant(4)), 8), 32);
  const found = run({ parameters: 1, locals: [], body }, [4], [0, 1, 2, 3, 4, 5, 6, 7]);
  assertEquals([...found.slice(9, 13)], [4, 5, 6, 7]);
});
