import { attempt, causedBy, failure, FailureError } from "../lib/errors.ts";
import { assert, assertEquals } from "./std.ts";
import { leftOf } from "./formats/support.ts";

const problem = failure("format", "a.bin", "nothing", "something");

Deno.test("a failure by what was thrown has it as its cause, unless it is told a better one", async () => {
  const thrown = new TypeError("no bytes");
  const failed = (explain: () => typeof problem) => attempt(() => Promise.reject(thrown), explain)();
  const { cause, ...rest } = leftOf(await failed(() => problem));
  assert(cause === thrown);
  assertEquals(rest, problem);
  const other = new Error("the reason of the reason");
  assert(leftOf(await failed(() => causedBy(other)(problem))).cause === other);
});

Deno.test("a failure that was thrown comes out as it was, and its error has its cause", async () => {
  const [cause, run] = [new Error("inside"), (error: unknown) => attempt(() => Promise.reject(error), () => problem)()];
  const caused = { ...problem, cause };
  assert(new FailureError(caused).cause === cause);
  assert(leftOf(await run(new FailureError(caused))) === caused);
  assert(leftOf(await run(new FailureError(problem))) === problem);
});
