import { attempt, causedBy, describe, failure, FailureError } from "../lib/errors.ts";
import fc from "fast-check";
import { assert, assertEquals, assertStringIncludes } from "./std.ts";
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

Deno.test("a message of short parts is their sentence", () => {
  assertEquals(
    describe({ ...failure("data", "list.csv, line 3", "nothing", "a value", "Add it."), details: ["one", "two"] }),
    "list.csv, line 3: found nothing, expected a value. Add it.\n  one\n  two",
  );
});

/** What no message may hold but ends of lines between its details. */
// deno-fmt-ignore
const commands = /[^\P{Cc}\n]|\p{Bidi_Control}|\p{Zl}|\p{Zp}|\u200b|\ufeff/u;

Deno.test("no message obeys a terminal, is longer than 500 letters a line, or lists more than 1000 details", () => {
  const wild = fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.constantFrom(
      "\x1b[2J\x1b]0;title\x07",
      "\u202egnp.exe",
      "\x9b31m",
      "a\r\nb",
      "\ud800",
      "x".repeat(9000),
      "é\u{1f600}".repeat(800),
    ),
    fc.string({ unit: "binary", minLength: 400, maxLength: 3000 }),
  );
  fc.assert(
    fc.property(wild, wild, wild, wild, fc.array(wild, { maxLength: 3 }), (where, found, expected, advice, details) => {
      const lines = describe({ ...failure("format", where, found, expected, advice), details }).split("\n");
      assertEquals(lines.length, 1 + details.length);
      for (const line of lines) {
        assert(line.length <= 500, `${line.length}`);
        assert(!commands.test(line), JSON.stringify(line));
        assert(line.isWellFormed());
      }
    }),
  );
  const many = describe({ ...problem, details: Array.from({ length: 1900 }, (_, index) => `detail ${index}`) });
  assertEquals(many.split("\n").length, 1002);
  assertStringIncludes(many, "and 900 more");
});

Deno.test("the long part of a message loses its middle, and what is short stays whole", () => {
  const path = `${"folder/".repeat(300)}picture.png`;
  const message = describe(failure("missing", path, "no such file", "a file that can be read", "Check the path."));
  assert(message.length <= 500 && message.startsWith("folder/folder/"));
  assertStringIncludes(
    message,
    "folder/picture.png: found no such file, expected a file that can be read. Check the path.",
  );
  assertEquals(failure("format", "a", "\x1b[31m\u202e", "b").found, "\\x1b[31m\\u{202e}");
});
