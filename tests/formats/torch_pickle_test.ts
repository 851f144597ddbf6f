import fc from "fast-check";
import { readPickle } from "../../lib/formats/torch/pickle.ts";
import type { PicklePair, PickleValue } from "../../lib/formats/torch/pickle_values.ts";
import { assertEquals, assertStringIncludes } from "../std.ts";
import { assertTagged, leftOf, rightOf } from "./support.ts";
import { call, dict, global, int, list, mutated, named, none, pickle, raw, text, tuple } from "./torch_support.ts";

const valueOf = (...parts: readonly (string | Uint8Array)[]): PickleValue =>
  rightOf(readPickle("m.pth", raw(...parts, "."), 0)).value;

const refusal = (...parts: readonly (string | Uint8Array)[]): string => {
  const problem = leftOf(readPickle("m.pth", raw(...parts), 0));
  assertEquals([problem.kind, problem.where], ["format", "m.pth"]);
  return problem.found;
};

Deno.test("numbers of every protocol are read exactly", () => {
  const cases: readonly (readonly [string, PickleValue])[] = [
    ["I-5\n", -5],
    ["I01\n", true],
    ["I00\n", false],
    ["L12345678901234567890L\n", 12345678901234567890n],
    ["L-7L\n", -7],
    ["F-1.5e-3\n", -0.0015],
    ["Finf\n", Infinity],
    ["J\xff\xff\xff\xff", -1],
    ["K\xff", 255],
    ["M\x00\x01", 256],
    ["G\x3f\xf8\x00\x00\x00\x00\x00\x00", 1.5],
    ["\x8a\x00", 0],
    ["\x8a\x01\x80", -128],
    ["\x8a\x02\xff\x00", 255],
    ["\x8b\x07\x00\x00\x00\x00\x00\x00\x00\x00\x00\x20", 2 ** 53],
    ["\x8a\x07\x01\x00\x00\x00\x00\x00\x20", 2n ** 53n + 1n],
    ["\x88", true],
    ["\x89", false],
    ["N", null],
  ];
  for (const [steps, value] of cases) assertEquals(valueOf(steps), value);
  assertEquals(valueOf("Fnan\n"), NaN);
});

Deno.test("whole numbers of any size survive two's complement", () => {
  fc.assert(fc.property(fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n }), (value) => {
    const bytes = Uint8Array.from({ length: 16 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xFFn));
    const read = valueOf("\x8a\x10", bytes);
    assertEquals(typeof read === "number" ? BigInt(read) : read, value);
    assertEquals(typeof read, value >= -(2n ** 53n) && value <= 2n ** 53n ? "number" : "bigint");
  }));
});

Deno.test("texts of every protocol are read, also those of Python 2", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["S'a\\'b\\n\\x41\\101\\\\'\n", "a'b\nAA\\"],
    ['S"q"\n', "q"],
    ["U\x02\xc3\xa9", "é"],
    ["U\x01\xe9", "é"],
    ["U\x01\x80", "\x80"],
    ["T\x01\x00\x00\x00a", "a"],
    ["Vna\\u00efve \\U0001f600\n", "naïve 😀"],
    ["X\x02\x00\x00\x00\xc3\xa9", "é"],
    ["\x8c\x01a", "a"],
    ["\x8d\x01\x00\x00\x00\x00\x00\x00\x00a", "a"],
  ];
  for (const [steps, value] of cases) assertEquals(valueOf(steps), value);
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (value) => assertEquals(valueOf(text(value)), value)));
});

Deno.test("bytes are read, and keys that mean something to JavaScript are ordinary keys", () => {
  const bytes: PickleValue = { kind: "bytes", bytes: Uint8Array.of(0, 255) };
  for (const opcode of ["C\x02", "B\x02\x00\x00\x00", "\x8e\x02\0\0\0\0\0\0\0", "\x96\x02\0\0\0\0\0\0\0"]) {
    assertEquals(valueOf(opcode, "\x00\xff"), bytes);
  }
  const pairs: readonly PicklePair[] = [["__proto__", 1], ["constructor", 2]];
  assertEquals(valueOf(dict([text("__proto__"), int(1)], [text("constructor"), int(2)])), {
    kind: "dictionary",
    pairs,
  });
});

Deno.test("lists, tuples, sets and dictionaries of every protocol are read", () => {
  const items: PicklePair = [1, 2];
  for (const steps of ["(K\x01K\x02l", "](K\x01K\x02e", "]K\x01aK\x02a", "(lK\x01aK\x02a"]) {
    assertEquals(valueOf(steps), { kind: "list", items });
  }
  for (const steps of ["(K\x01K\x02t", "K\x01K\x02\x86"]) assertEquals(valueOf(steps), { kind: "tuple", items });
  const set = raw(global("builtins", "set"), list(int(1), int(2)), "\x85R");
  for (const steps of ["\x8f(K\x01K\x02\x90", "(K\x01K\x02\x91", set]) {
    assertEquals(valueOf(steps), { kind: "set", items });
  }
  const ordered = call("collections", "OrderedDict", list(list(int(1), int(2))));
  for (const steps of ["(K\x01K\x02d", "}K\x01K\x02s", "}(K\x01K\x02u", ordered]) {
    assertEquals(valueOf(steps), { kind: "dictionary", pairs: [items] });
  }
  const empty: PickleValue = { kind: "list", items: [] };
  for (const steps of ["]p5\n(g5\nt", "]q\x05(h\x05t", "]r\x05\0\0\0(j\x05\0\0\0t", "]\x94(h\x00t"]) {
    assertEquals(valueOf(steps, "0]\x85"), { kind: "tuple", items: [empty] });
  }
});

Deno.test("shared values are the same value, and what is added later is seen by all", () => {
  const value = valueOf("]q\x00h\x00\x86h\x00K\x07a0");
  const list: PickleValue = { kind: "list", items: [7] };
  assertEquals(value, { kind: "tuple", items: [list, list] });
});

Deno.test("protocol 4 names globals by the stack, and all ways to call give the same", () => {
  const empty: PickleValue = { kind: "dictionary", pairs: [] };
  const name = raw("\x8c\x0bcollections\x8c\x0bOrderedDict\x93");
  for (const steps of [raw(name, ")R"), raw(name, ")\x81"), raw(name, ")}\x92"), raw("(", name, "o")]) {
    assertEquals(valueOf("\x80\x04\x95\0\0\0\0\0\0\0\0", steps), empty);
  }
  assertEquals(valueOf("(icollections\nOrderedDict\n"), empty);
});

Deno.test("what is no function is not called, and only objects and dictionaries get attributes", () => {
  assertStringIncludes(refusal(text("f"), ")R."), 'a call of "f"');
  assertStringIncludes(refusal(text("f"), ")\x81."), 'a call of "f"');
  assertStringIncludes(refusal(global("torch", "Size"), "]R."), "with a list");
  assertStringIncludes(refusal("]}b."), "attributes set on a list");
  assertStringIncludes(refusal(call("torch", "Size"), "}b."), "attributes set on a torch.Size");
  assertStringIncludes(refusal(global("torch", "Size"), ")", named({ a: none }), "\x92."), "named arguments");
  assertStringIncludes(refusal(global("models", "Net"), ")]\x92."), "arguments named by a list");
  assertStringIncludes(refusal(call("copyreg", "__newobj__", int(1)), "."), "without a class");
  assertStringIncludes(refusal("\x82\x01."), "by number");
  assertStringIncludes(refusal("\x97."), "outside the pickle");
  assertStringIncludes(refusal("\x80\x06N."), "protocol 6");
});

Deno.test("steps that do not fit what is on the stack are refused", () => {
  const cases: readonly string[] = [
    ".",
    "0",
    "1",
    "2",
    "a",
    "(.",
    "K\x01(a.",
    "t",
    "e",
    "N(K\x01e.",
    "]K\x01(u.",
    "}(K\x01u.",
    "Nh\x00.",
    "g9\n.",
    "(d(d",
    "I1.5\n.",
    "Ix\n.",
    "F1.2.3\n.",
    "S'a\n.",
    "Sa\n.",
    "X\x01\0\0\0\xff.",
    "\x93.",
    "K\x01K\x02\x93.",
    "R.",
    "(o.",
    "b.",
    "\xff.",
  ];
  for (const steps of cases) refusal(steps);
  assertStringIncludes(refusal(call("collections", "OrderedDict", list(int(1))), "."), "no pairs");
});

Deno.test("no declared length is believed beyond the bytes that are there", () => {
  const huge = "\xff\xff\xff\xff";
  for (const opcode of ["X", "T", "B", "\x8b"]) {
    assertStringIncludes(refusal(opcode, huge, "abc."), "ends in the middle");
  }
  for (const opcode of ["\x8d", "\x8e", "\x96"]) {
    assertStringIncludes(refusal(opcode, huge, huge, "abc."), "ends in the middle");
    assertStringIncludes(refusal(opcode, "\0\0\0\0\x01\0\0\0abc."), "ends in the middle");
  }
  assertStringIncludes(refusal("L", "9".repeat(100_000), "\n."), "cannot be read");
  assertStringIncludes(refusal("\x8b\xa0\x86\x01\x00", "9".repeat(100_000), "."), "cannot be read");
  assertStringIncludes(refusal("Vabc"), "ends in the middle");
});

Deno.test("a pickle of very many steps, or one that copies a list over and over, is refused", () => {
  assertStringIncludes(refusal("N".repeat(2 ** 20 + 1)), "too many steps");
  const pairs = list(...Array.from({ length: 5000 }, () => tuple(int(1), int(2))));
  const repeated = raw(
    global("collections", "OrderedDict"),
    "q\x000",
    pairs,
    "\x85q\x010",
    "h\x00h\x01R0".repeat(1000),
  );
  assertStringIncludes(refusal(repeated, "N."), "too many pairs");
  const names = dict(...Array.from({ length: 5000 }, (_, index) => [text(`n${index}`), none] as const));
  const objects = raw(global("models", "Net"), "q\x000", names, "q\x010", "h\x00)h\x01\x920".repeat(1000));
  assertStringIncludes(refusal(objects, "N."), "too many pairs");
});

Deno.test("pickles one after the other are read from where the last one ended", () => {
  const bytes = raw(pickle(int(1)), pickle(text("a")));
  const first = rightOf(readPickle("m.pth", bytes, 0));
  const second = rightOf(readPickle("m.pth", bytes, first.end));
  assertEquals([first.value, second.value, second.end], [1, "a", bytes.length]);
});

Deno.test("any bytes and any damaged pickle give a value or a failure", () => {
  const run = (bytes: Uint8Array) => assertTagged(readPickle("m.pth", bytes, 0), "m.pth");
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), run), { numRuns: 2000 });
  const opcodes = "(.012FIJKLMNPQRSTUVXabcd}eghijl]opqrst)uG\x80\x81\x85\x88\x8a\x8c\x8f\x90\x91\x92\x93\x94\n1";
  const programs = fc.array(fc.constantFrom(...opcodes), { maxLength: 60 }).map((letters) => raw(letters.join("")));
  fc.assert(fc.property(programs, run), { numRuns: 3000 });
  const sound = pickle(named({ a: list(int(1), tuple(none, text("b"))), b: call("collections", "OrderedDict") }));
  fc.assert(fc.property(mutated(sound), run), { numRuns: 2000 });
});
