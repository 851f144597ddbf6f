import { concatenate } from "../../lib/formats/bytes.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { leftOf, rightOf } from "./support.ts";
import {
  call,
  dict,
  global,
  int,
  legacyStart,
  list,
  long,
  matrix,
  named,
  none,
  open,
  pickle,
  raw,
  reference,
  refusal,
  type Steps,
  text,
  torchEntries,
  truth,
  tuple,
  weights,
  zipOf,
} from "./torch_support.ts";

Deno.test("names that occur twice and keys that are no names are refused", async () => {
  assertStringIncludes(await refusal(dict([text("a.b"), int(1)], [text("a"), named({ b: matrix })])), '"a.b" twice');
  assertStringIncludes(await refusal(dict([text("1"), matrix], [int(1), matrix])), '"1" twice');
  assertStringIncludes(await refusal(dict([tuple(int(1)), matrix])), "a tuple");
});

Deno.test("lists and dictionaries that contain themselves, are too deep or share each other end in a failure", async () => {
  assertStringIncludes(await refusal(raw("]q\x00h\x00a"), []), "contains itself");
  assertStringIncludes(await refusal(raw("}q\x00", text("a"), "h\x00s"), []), "contains itself");
  assertStringIncludes(await refusal(raw("]".repeat(100_000), "a".repeat(99_999)), []), "too deep");
  const laughs = Array.from(
    { length: 50 },
    (_, i) => `](${`h${String.fromCharCode(i)}`.repeat(10)}eq${String.fromCharCode(i + 1)}`,
  );
  assertStringIncludes(await refusal(raw("]q\x00", laughs.join("")), []), "too many values");
  const parameters = raw(
    matrix,
    ...Array.from({ length: 1000 }, () =>
      raw(
        "q\x00",
        global("torch._utils", "_rebuild_parameter"),
        "h\x00",
        raw(truth(true), none, "\x87R"),
      )),
  );
  assertStringIncludes(await refusal(raw(parameters)), "_rebuild_parameter");
  const sizes = raw(global("torch", "Size"), "q\x000", tuple(int(6)), "q\x010h\x00h\x01\x85R".repeat(100_000));
  const deep = call("torch._utils", "_rebuild_tensor", reference(weights), int(0), sizes, tuple(int(1)));
  assertStringIncludes(await refusal(deep), "shape or strides");
});

Deno.test("objects that share much, or are in each other, end in a failure or a value in seconds", async () => {
  const count = 50_000;
  const target = raw(global("models", "Net"), "q\x000");
  const many = raw("(", "N".repeat(count), "tq\x010");
  const pairs = raw("}q\x02(", concatenate(Array.from({ length: count }, (_, index) => raw(int(index), "N"))), "u0");
  const start = performance.now();
  // Arguments, attributes and keys in common, each too many times.
  const shared: readonly (readonly [Steps, string])[] = [
    [raw(target, many, "](", "h\x00h\x01\x81".repeat(count), "e"), "too many values"],
    [raw(target, pairs, "](", "h\x00)\x81h\x02b".repeat(count / 2), "e"), "too many"],
    [raw(target, many, "}(", "h\x01N".repeat(count), "u"), "a tuple"],
  ];
  for (const [steps, found] of shared) assertStringIncludes(await refusal(steps, []), found);
  const chain = raw(target, "h\x00)\x81", "q\x030h\x00h\x03\x85\x81".repeat(count / 2));
  assertStringIncludes(await refusal(chain, []), "too deep");
  assert(performance.now() - start < 20_000, `${performance.now() - start} ms`);
});

Deno.test("short texts that repeat into long names are refused", async () => {
  const key = "a".repeat(900);
  const values = raw("](", "N".repeat(80_000), "e");
  assertStringIncludes(await refusal(named({ [key]: values }), []), "names that are too long");
  assertStringIncludes(await refusal(named({ [key]: named({ [key]: none }) }), []), "a name that is too long");
});

Deno.test("archives that torch.save does not write are refused with the reason", async () => {
  const entries = torchEntries(named({ t: matrix }), [weights]);
  const changed = (name: string, change: object) =>
    zipOf(entries.map((entry) => entry.name === `archive/${name}` ? { ...entry, ...change } : entry));
  const added = (name: string) => zipOf([...entries, { name, bytes: new Uint8Array(3) }]);
  const without = (name: string) => zipOf(entries.filter((entry) => entry.name !== `archive/${name}`));
  const cases: readonly (readonly [Uint8Array, string])[] = [
    [changed("data.pkl", { method: 8 }), "compressed"],
    [changed("data/0", { method: 8 }), "compressed"],
    [changed("byteorder", { bytes: new TextEncoder().encode("big") }), '"big"'],
    [changed("byteorder", { bytes: new Uint8Array(1000) }), "1000 bytes"],
    [changed("data/0", { bytes: new Uint8Array(20) }), "data of 20 bytes"],
    [changed("data/0", { declared: 2 ** 31 }), "archive/data/0"],
    [changed("data/0", { declared: 2n ** 50n }), "archive/data/0"],
    [changed("data.pkl", { declared: 2n ** 63n }), "archive"],
    [added("archive/constants.pkl"), "TorchScript"],
    [added("archive/code/__torch__.py"), "TorchScript"],
    [added("other/data.pkl"), "several"],
    [added("archive/data/0"), "twice"],
    [without("data.pkl"), "without data.pkl"],
    [without("data/0"), '"archive/data/0"'],
    [zipOf([]), "without data.pkl (it is empty)"],
    [zipOf([{ name: "w.safetensors", bytes: new Uint8Array(3) }]), 'it holds "w.safetensors"'],
    [zipOf([{ name: "weight.npy", bytes: new Uint8Array(3) }]), 'NumPy (.npz) with "weight.npy"'],
  ];
  for (const [bytes, found] of cases) {
    const problem = leftOf(await open(bytes));
    assertEquals(problem.kind, "format");
    assertStringIncludes(problem.found, found);
  }
});

Deno.test("files before 1.6 of other machines, versions and makers are refused with the reason", async () => {
  const ends = [pickle(named({ t: matrix })), pickle(list(text("0")))];
  const big = legacyStart(named({ little_endian: truth(false) }));
  assertStringIncludes(leftOf(await open(raw(big, ...ends))).found, "big-endian");
  assertStringIncludes(leftOf(await open(raw(pickle(int(5)), ...ends))).found, "torch.save did not write");
  const start = pickle(long(0x1950a86a20f9469cfc6cn));
  assertStringIncludes(leftOf(await open(raw(start, pickle(int(1000)), ...ends))).found, "1000");
  assertStringIncludes(leftOf(await open(raw(start, pickle(int(1001)), pickle(none), ...ends))).found, "None");
  const keys = (steps: Steps) =>
    open(raw(legacyStart(), pickle(named({ t: matrix })), pickle(steps), new Uint8Array(99)));
  assertStringIncludes(leftOf(await keys(list(text("0"), text("0")))).found, "twice");
  assertStringIncludes(leftOf(await keys(list())).found, 'no storage "0"');
  assertStringIncludes(leftOf(await keys(list(text("1")))).found, '"1" of no tensor');
  assertStringIncludes(leftOf(await keys(none)).found, "no list");
  const wrongCount = rightOf(await keys(list(text("0"))));
  assertStringIncludes(leftOf(await wrongCount.read("t")()).found, "0 elements");
});
