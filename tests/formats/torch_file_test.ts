import fc from "fast-check";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../std.ts";
import { leftOf, rightOf } from "./support.ts";
import {
  assertSound,
  call,
  counting,
  dict,
  float,
  global,
  int,
  list,
  long,
  matrix,
  mutated,
  named,
  none,
  open,
  ordered,
  raw,
  readAll,
  reference,
  tensorOf,
  text,
  torchEntries,
  torchLegacy,
  torchZip,
  truth,
  tuple,
  weights,
  writers,
  zipOf,
} from "./torch_support.ts";

Deno.test("tensors share storages, and nested keys and indices become their names", async () => {
  const bias = counting("other", "I64", 1);
  const object = ordered({
    state_dict: named({ "conv1.weight": matrix, bias: tensorOf(reference(bias), 0, [], []) }),
    parts: tuple(list(matrix), tensorOf(reference(weights), 3, [3], [1])),
    state: dict([int(0), named({ step: int(3) })], [int(1), named({ step: float(0.5) })]),
    none,
    flags: list(truth(true), truth(false)),
    big: long(2n ** 64n),
    note: text("é"),
    size: call("torch", "Size", tuple(int(4))),
    device: call("torch", "device", text("cuda"), int(0)),
    dtype: global("torch", "float32"),
  });
  for (const [, write] of writers) {
    const file = rightOf(await open(write(object, [weights, bias])));
    assertEquals(file.entries, [
      { name: "state_dict.conv1.weight", dtype: "F32", shape: [2, 3] },
      { name: "state_dict.bias", dtype: "I64", shape: [] },
      { name: "parts.0.0", dtype: "F32", shape: [2, 3] },
      { name: "parts.1", dtype: "F32", shape: [3] },
    ]);
    assertEquals(rightOf(await file.read("parts.1")()).bytes, weights.bytes.subarray(12));
    assertEquals(file.values.map(({ name, value }) => [name, value]), [
      ["state.0.step", 3],
      ["state.1.step", 0.5],
      ["none", null],
      ["flags.0", true],
      ["flags.1", false],
      ["big", 2n ** 64n],
      ["note", "é"],
      ["size.0", 4],
      ["device", "cuda:0"],
      ["dtype", "torch.float32"],
    ]);
  }
});

Deno.test("attributes of a state dictionary are read over", async () => {
  const object = raw(ordered({ t: matrix }), named({ _metadata: ordered({ "": named({ version: int(1) }) }) }), "b");
  for (const [, write] of writers) {
    const file = rightOf(await open(write(object, [weights])));
    assertEquals([file.entries.length, file.values.length], [1, 0]);
  }
});

Deno.test("a file before 1.6 whose pickles are long is read in growing pieces", async () => {
  const many = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`layer${i}.weight`, matrix]));
  const file = torchLegacy(named(many), [weights]);
  assert(file.length > 2 * 2 ** 16);
  assertEquals((await readAll(file)).length, 3000);
});

Deno.test("an archive may lie in any folder, be zip64, and lack a byte order", async () => {
  const entries = torchEntries(named({ t: matrix }), [weights]);
  for (const folder of ["", "zip/", "a b/"]) {
    for (const zip64 of [false, true]) {
      const moved = entries.filter(({ name }) => !name.endsWith("byteorder")).map((entry) => ({
        ...entry,
        name: entry.name.replace("archive/", folder),
      }));
      const [tensor] = await readAll(zipOf(moved, zip64));
      assertEquals(tensor?.bytes, weights.bytes);
    }
  }
});

Deno.test("asking for a tensor that is not there is a mistake of the caller", async () => {
  const file = rightOf(await open(torchZip(named({ t: matrix }), [weights])));
  assertThrows(() => file.read("u"));
});

Deno.test("every truncation of a file is refused, and bytes after it are read over or refused", async () => {
  for (const [, write] of writers) {
    const bytes = write(named({ t: matrix }), [weights]);
    for (let length = 0; length < bytes.length; length++) leftOf(await open(bytes.subarray(0, length)));
    await assertSound(raw(bytes, new Uint8Array(50)));
  }
});

Deno.test("what torch.save did not write is refused with what it looks like", async () => {
  const cases = [["", "empty"], ["<!DOCTYPE html>", "web page"], ["\n <html>", "web page"], ["GIF89a", "GIF"], [
    "GIT",
    '"GIT"',
  ]];
  for (const [start = "", found = ""] of cases) {
    const problem = leftOf(await open(raw(start)));
    assertEquals([problem.kind, problem.where], ["format", "m.pth"]);
    assertStringIncludes(problem.found, found);
  }
});

Deno.test("damaged files of both formats give values or failures", async () => {
  const object = ordered({
    t: matrix,
    u: tensorOf(reference(weights), 1, [2, 2], [1, 2]),
    state: dict([int(0), list(float(1.5), none, truth(true))]),
  });
  const files = [...writers.map(([, write]) => write(object, [weights])), zipOf(torchEntries(object, [weights]), true)];
  for (const file of files) await fc.assert(fc.asyncProperty(mutated(file), assertSound), { numRuns: 1000 });
});
