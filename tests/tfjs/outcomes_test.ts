import { assertEquals } from "../std.ts";
import { expectedFailures } from "./expected_failures.ts";
import { expectedBy, type ExpectedFailures, judge, type Outcome } from "./outcomes.ts";

const outcome = (name: string, message = ""): Outcome => ({ name, passed: message === "", message });

const expected: readonly ExpectedFailures[] = [
  { reason: "texts", matching: /string/ },
  { reason: "integers", backend: "wasm", matching: /int32/ },
  { reason: "a wrong test", matching: /^wrong test$/, holdsWrong: true },
];

Deno.test("a failure is expected by its name or its message, on its backend alone, for the first reason that matches", () => {
  assertEquals(expectedBy(expected, "wasm", outcome("add of strings", "int32"))?.reason, "texts");
  assertEquals(expectedBy(expected, "wasm", outcome("add", "found int32"))?.reason, "integers");
  assertEquals(expectedBy(expected, "webgpu", outcome("add", "found int32")), undefined);
});

Deno.test("a test that passes with TensorFlow.js's kernels alone is broken, whatever its reason, unless it holds what is wrong", () => {
  const stock = ["a", "wrong test", "c", "gone"].map((name) => outcome(name));
  const own = [outcome("a", "bad"), outcome("wrong test", "bad"), outcome("c", "a string")];
  const { broken, unexpected } = judge("webgpu", stock, own, expected);
  assertEquals(broken.map(({ name }) => name), ["a", "c", "gone"]);
  assertEquals(unexpected, []);
});

Deno.test("a test that fails with both needs a reason, and a reason that nothing has is told", () => {
  const stock = [outcome("b", "bad"), outcome("d", "bad"), outcome("f", "bad")];
  const verdict = judge("wasm", stock, [outcome("b"), outcome("d", "bad"), outcome("f", "a string")], expected);
  assertEquals(verdict.broken, []);
  assertEquals(verdict.unexpected.map(({ name }) => name), ["d"]);
  assertEquals([...verdict.reasons], [["texts", 1]]);
  assertEquals([verdict.mended, verdict.idle], [1, ["integers", "a wrong test"]]);
});

Deno.test("each reason that is listed is said once", () => {
  const reasons = expectedFailures.map(({ reason }) => reason);
  assertEquals(new Set(reasons).size, reasons.length);
});
