import { builders, inertCalls, isAllowedGlobal } from "../../lib/formats/torch/pickle_globals.ts";
import { readPickle } from "../../lib/formats/torch/pickle.ts";
import type { PickleRecord, PickleValue } from "../../lib/formats/torch/pickle_values.ts";
import { objectsOf } from "../../lib/formats/torch/torch_objects.ts";
import { assert, assertEquals } from "../std.ts";
import { leftOf, rightOf } from "./support.ts";
import { call, global, int, named, none, pickle, raw, type Steps, text, tuple } from "./torch_support.ts";

const refusal = (...parts: readonly (string | Uint8Array)[]): string => {
  const problem = leftOf(readPickle("m.pth", raw(...parts), 0));
  assertEquals([problem.kind, problem.where], ["format", "m.pth"]);
  return problem.found;
};

const valueOf = (steps: Steps): PickleValue => rightOf(readPickle("m.pth", pickle(steps), 0)).value;

/** A command that would be seen if anything of a pickle were run, in several things that could be. */
const command = "touch /tmp/a-pickle-was-run";

const record = (name: string, parts: Partial<PickleRecord>): PickleRecord => ({
  kind: "record",
  name,
  arguments: [],
  items: [],
  pairs: [],
  states: [],
  ...parts,
});

/** Throws unless a value is data through and through: no function, no object of a class, and nothing that is run when it is read. */
const assertData = (value: unknown): void => {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) {
    assert(typeof value !== "function" && typeof value !== "symbol");
    return;
  }
  assert([Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value)));
  for (const { get, set, value: own } of Object.values(Object.getOwnPropertyDescriptors(value))) {
    assert(get === undefined && set === undefined);
    assertData(own);
  }
};

const split = (name: string): readonly [module: string, name: string] => {
  const at = name.lastIndexOf(".");
  return [name.slice(0, at), name.slice(at + 1)];
};

for (const name of inertCalls) {
  Deno.test({
    name: `${name} with any arguments is data, and nothing is run, read or written for it`,
    // Whatever reached a file, a process, the network or the environment would throw.
    permissions: "none",
    fn: () => {
      const values = [text(command), int(7), none, tuple(text(command)), named({ shell: text(command) })];
      for (let count = 0; count <= values.length; count++) {
        const steps = raw(call(...split(name), ...values.slice(0, count)), named({ state: text(command) }), "b");
        const value = valueOf(steps);
        const dictionary: PickleValue = { kind: "dictionary", pairs: [["shell", command]] };
        const expected = [command, 7, null, { kind: "tuple", items: [command] } as const, dictionary];
        const state: PickleValue = { kind: "dictionary", pairs: [["state", command]] };
        assertEquals(value, record(name, { arguments: expected.slice(0, count), states: [state] }));
        assertData(value);
        assertData(rightOf(objectsOf("m.pth", value)).values);
      }
    },
  });
}

for (const name of builders) {
  Deno.test({
    name: `${name} builds a record of any class, and nothing is run`,
    permissions: "none",
    fn: () => {
      const target = global("models", "Net");
      const isNew = name.endsWith("__newobj__");
      const values = isNew ? [target, text(command), none] : [target, tuple(text(command)), none];
      const value = valueOf(call(...split(name), ...values));
      const made = isNew ? [command, null] : name.endsWith("_reconstructor") ? [] : [command];
      assertEquals(value, record("models.Net", { arguments: made }));
      assertData(value);
    },
  });
}

Deno.test({
  name: "an object of an unknown class is a record of what it is given, however it is built, and nothing is run",
  permissions: "none",
  fn: () => {
    const target = global("models", "Net");
    const name = "models.Net";
    const cases: readonly (readonly [Steps, Partial<PickleRecord>])[] = [
      [raw(target, ")\x81"), {}],
      [raw("(", target, "o"), {}],
      [raw("(imodels\nNet\n"), {}],
      [raw(target, int(1), "\x85\x81"), { arguments: [1] }],
      [raw(target, ")", named({ a: int(1) }), "\x92"), { pairs: [["a", 1]] }],
      [raw(target, ")\x81", named({ a: int(1) }), "b"), { states: [{ kind: "dictionary", pairs: [["a", 1]] }] }],
      [raw(target, ")\x81", text(command), "b"), { states: [command] }],
      [raw(target, ")\x81(", int(1), int(2), "e", int(3), "a"), { items: [1, 2, 3] }],
      [raw(target, ")\x81(", text("k"), int(2), "u"), { pairs: [["k", 2]] }],
    ];
    for (const [steps, parts] of cases) {
      assertEquals(valueOf(steps), record(name, parts));
      assertData(valueOf(steps));
    }
  },
});

Deno.test("a class that is only named is a name", () => {
  assertEquals(valueOf(global("models", "Net")), { kind: "global", name: "models.Net" });
  assert(isAllowedGlobal("osmnx.graph") && isAllowedGlobal("system.Clock") && !isAllowedGlobal("os.system"));
});

Deno.test("a dangerous global is refused by name, however it is written and whatever is done with it", () => {
  const system = raw("\x8c\x05posix\x8c\x06system\x93");
  const ways: readonly (string | Steps)[] = ["cposix\nsystem\n", "(iposix\nsystem\n", system];
  for (const steps of ways) assertEquals(refusal(steps), 'the global "posix.system"');
  const names = [
    ...["eval", "exec", "getattr", "open", "compile", "__import__", "map", "apply"].map((name) => ["builtins", name]),
    ...["eval", "execfile", "file", "input"].map((name) => ["__builtin__", name]),
    ...["posix", "nt", "os", "subprocess", "sys", "shutil", "operator", "_operator", "importlib", "runpy"]
      .map((module) => [module, "anything"]),
    ...[["os.path", "join"], ["os", "path.join"], ["subprocess", "Popen"], ["operator", "attrgetter"]],
    ...[["types", "FunctionType"], ["pickle", "loads"], ["copyreg", "_extension_registry"], ["pathlib", "Path.unlink"]],
    ...[["torch", "load"], ["torch.hub", "load"], ["torch.storage", "_load_from_bytes"], ["numpy.testing", "x"]],
  ] as const;
  for (const [module = "", name = ""] of names) {
    assertEquals(refusal(global(module, name)), `the global "${module}.${name}"`);
    assertEquals(refusal(raw(global(module, name), ")\x81.")), `the global "${module}.${name}"`);
  }
  const long = refusal(global("os", "b".repeat(5000)));
  assertEquals(long.length < 300, true);
});

Deno.test("a call of what is not in the list is refused by name, however it is written", () => {
  const names = [
    ["models", "build"],
    ["torch", "FloatStorage"],
    ["collections", "namedtuple"],
    ["numpy", "fromfile"],
    ["constructor", "constructor"],
    ["__proto__", "toString"],
  ] as const;
  for (const [module, name] of names) {
    const found = `a call of the global "${module}.${name}"`;
    const callee = global(module, name);
    for (const steps of [raw(callee, ")R"), raw(callee, text("x"), "\x85R"), raw("(", callee, text("x"), "o")]) {
      assertEquals(refusal(steps, "."), found);
    }
    assertEquals(refusal("(", text("x"), `i${module}\n${name}\n.`), found);
  }
  assertEquals(refusal(global("m", "f".repeat(5000)), ")R.").length < 300, true);
});
