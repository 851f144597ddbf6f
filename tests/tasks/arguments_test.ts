import fc from "fast-check";
import { describe, type Failure, orThrow } from "../../lib/errors.ts";
import { type Command, commonFlags, decodeArguments, helpOf } from "../../tasks/arguments.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";

const command: Command = {
  name: "measure",
  summary: "Measures something.",
  flags: [...commonFlags, { name: "seed", value: "N", help: "the seed" }],
};
const withOperands: Command = { ...command, operands: "IMAGE…" };

const decoded = (...args: readonly string[]) => orThrow(decodeArguments(command, args));

const failureOf = (...args: readonly string[]): Failure => {
  const result = decodeArguments(command, args);
  if (result._tag === "Right") throw new Error(`${args.join(" ")} was taken`);
  assertEquals(result.left.kind, "usage");
  return result.left;
};

Deno.test("flags are taken with a space or an equals sign, in any order", () => {
  const args = decoded("--seed=7", "--config", "my.jsonc", "--backend", "wasm");
  assertEquals(["seed", "config", "backend"].map(args.flag), ["7", "my.jsonc", "wasm"]);
  assertEquals([args.help, args.operands, args.flags("set")], [false, [], []]);
  assertEquals(decoded().flag("config"), undefined);
});

Deno.test("a value may hold equals signs and look like a number, and stays as it was written", () => {
  const args = decoded("--set", "a.b=c=d", "--set=x=1", "--seed", "007");
  assertEquals([args.flags("set"), args.flag("seed")], [["a.b=c=d", "x=1"], "007"]);
});

Deno.test("operands are kept in order, as they were written", () => {
  const args = orThrow(decodeArguments(withOperands, ["b.png", "--seed", "1", "0010", "a.png"]));
  assertEquals(args.operands, ["b.png", "0010", "a.png"]);
  const dashed = orThrow(decodeArguments(withOperands, ["--seed", "1", "--", "--strange.png"]));
  assertEquals(dashed.operands, ["--strange.png"]);
});

Deno.test("an operand of a task that takes none is named", () => {
  assertStringIncludes(describe(failureOf("--seed", "1", "stray")), '"stray"');
});

Deno.test("an unknown flag is named with all that are allowed", () => {
  for (const stranger of ["--sed", "--sed=1", "-s", "--no-seed", "--Seed"]) {
    const found = failureOf(stranger);
    assertEquals(found.where, stranger);
    for (const allowed of ["--config", "--backend", "--set", "--seed", "--help"]) {
      assertStringIncludes(found.expected, allowed);
    }
    assertStringIncludes(found.advice ?? "", "deno task measure --help");
  }
});

Deno.test("a flag without its value says what it wants", () => {
  for (const args of [["--seed"], ["--seed", "--config", "a.jsonc"], ["--seed="]]) {
    const found = failureOf(...args);
    assertEquals([found.where, found.found, found.expected], ["--seed", "no value", "N"]);
  }
});

Deno.test("a value that is not allowed is named with those that are", () => {
  const found = failureOf("--backend", "cuda");
  assertEquals([found.where, found.found, found.expected], ["--backend", '"cuda"', "one of auto, webgpu, wasm"]);
});

Deno.test("only flags that may be repeated are taken twice", () => {
  assertEquals(failureOf("--seed", "1", "--seed", "2").where, "--seed");
  assertEquals(decoded("--set", "a=1", "--set", "a=2").flags("set"), ["a=1", "a=2"]);
});

Deno.test("help is asked for by --help, whatever else is given", () => {
  assertEquals([decoded("--help").help, decoded("--seed", "1", "--help").help], [true, true]);
});

Deno.test("the help lists every flag with its value and meaning", () => {
  const help = helpOf(withOperands);
  assertStringIncludes(help, "deno task measure [FLAGS] IMAGE…");
  assertStringIncludes(help, command.summary);
  for (const { name, value, help: meaning } of command.flags) {
    assert(help.split("\n").some((line) => line.includes(`--${name} ${value}`) && line.endsWith(meaning)), name);
  }
  assert(!helpOf(command).includes("IMAGE"));
});

Deno.test("any command line is taken or refused, and never crashes", () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom("--seed", "--set", "--backend", "--help", "--", "-", "--=", "--__proto__", "-5", "--no-help"),
  );
  fc.assert(fc.property(fc.array(word, { maxLength: 6 }), (args) => {
    for (const each of [command, withOperands]) {
      const result = decodeArguments(each, args);
      assert(result._tag === "Right" || result.left.kind === "usage");
    }
  }));
});
