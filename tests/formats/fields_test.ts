import { Ajv } from "ajv";
import fc from "fast-check";
import { E } from "../../lib/dependencies/fp.ts";
import { codecOf, fileCodecOf } from "../../lib/formats/field_codecs.ts";
import type { Field, Fields, ValuesOf } from "../../lib/formats/fields.ts";
import { fileSchema } from "../../lib/formats/json_schema.ts";
import { assert, assertEquals } from "../std.ts";
import { changedValuesOf, valuesOf } from "./field_values.ts";

const rate = { type: "number", least: 0, most: 1, default: 0.5, description: "A share." } as const;
const whole = { type: "integer", least: -2, most: 3, description: "A few." } as const;
const colour = { type: "choice", of: ["red", "green", 3], default: "red", description: "A colour." } as const;
const flag = { type: "boolean", default: false, description: "Whether it is so." } as const;
const label = { type: "text", default: "", description: "What it is called." } as const;

/** A field of each type, each with and without a default where it may have one. */
const fields = {
  rate,
  whole,
  colour,
  flag,
  label,
  beyond: { type: "number", least: 1, most: Infinity, default: 1, description: "At least 1." },
  list: { type: "list", item: whole, least: 1, default: [1], description: "Some of a few." },
  group: { type: "group", fields: { rate, whole }, default: { whole: 0 }, description: "Two." },
  needed: { type: "group", fields: { rate }, description: "One." },
  shape: {
    type: "variant",
    kinds: { disc: { rate }, box: { whole, colour }, dot: {} },
    default: { kind: "dot" },
    description: "A shape.",
  },
  shapes: {
    type: "list",
    item: { type: "variant", kinds: { disc: { rate }, box: { whole } }, description: "A shape." },
    default: [],
    description: "Shapes.",
  },
  names: { type: "named", item: { type: "group", fields: { rate }, description: "One." }, description: "By name." },
  open: { type: "open", default: {}, description: "Anything." },
  either: {
    type: "either",
    of: [{ type: "text", description: "A name." }, { type: "group", fields: { whole }, description: "One." }],
    expected: "a name or a group",
    description: "One of both.",
  },
} as const satisfies Fields;

const needs = { whole: 0, needed: {}, names: { a: {} }, either: "x" };

const decode = (value: unknown) => codecOf(fields).decode(value);

Deno.test("absent fields take their defaults, in the order of the fields", () => {
  const decoded = decode(needs);
  assert(E.isRight(decoded));
  const value: ValuesOf<typeof fields> = decoded.right;
  assertEquals(value, {
    ...{ rate: 0.5, whole: 0, colour: "red", flag: false, label: "", beyond: 1, list: [1] },
    group: { rate: 0.5, whole: 0 },
    needed: { rate: 0.5 },
    shape: { kind: "dot" },
    shapes: [],
    names: new Map([["a", { rate: 0.5 }]]),
    open: {},
    either: "x",
  });
  assertEquals(Object.keys(value), Object.keys(fields));
});

/** The path and the message of the first error. */
const errorOf = (value: unknown): readonly [path: string, message: string | undefined] => {
  const decoded = decode(value);
  assert(E.isLeft(decoded));
  const [first] = decoded.left;
  return [(first?.context ?? []).map(({ key }) => key).join("."), first?.message];
};

const wrong: readonly (readonly [change: Readonly<Record<string, unknown>>, path: string, message: string])[] = [
  [{ rate: 2 }, ".rate", "a number from 0 to 1"],
  [{ rate: NaN }, ".rate", "a number from 0 to 1"],
  [{ beyond: 0 }, ".beyond", "a number, at least 1"],
  [{ beyond: Infinity }, ".beyond", "a number, at least 1"],
  [{ whole: 0.5 }, ".whole", "an integer from -2 to 3"],
  [{ whole: undefined }, ".whole", "an integer from -2 to 3"],
  [{ colour: "blue" }, ".colour", 'one of "red", "green", 3'],
  [{ flag: 0 }, ".flag", "true or false"],
  [{ label: null }, ".label", "a text in quotes"],
  [{ list: [] }, ".list", "a list in brackets of at least 1"],
  [{ list: [1, 9] }, ".list.1", "an integer from -2 to 3"],
  [{ shapes: {} }, ".shapes", "a list in brackets"],
  [{ group: { rate: 1 } }, ".group.whole", "an integer from -2 to 3"],
  [{ group: { whole: 1, hole: 1 } }, ".group.hole", "no such field; allowed are rate, whole"],
  [{ needed: undefined }, ".needed", "a group of fields in braces"],
  [{ shape: { kind: "star" } }, ".shape.kind", 'one of "disc", "box", "dot"'],
  [{ shape: { kind: "disc", whole: 1 } }, ".shape.whole", "no such field; allowed are kind, rate"],
  [{ shape: "dot" }, ".shape", "a group of fields in braces with a kind"],
  [{ names: {} }, ".names", "a group in braces of at least one named field"],
  [{ names: { a: { rate: 2 } } }, ".names.a.rate", "a number from 0 to 1"],
  [{ open: [] }, ".open", "a group of fields in braces"],
  [{ either: 1 }, ".either", "a name or a group"],
  [{ $schema: "x" }, ".$schema", `no such field; allowed are ${Object.keys(fields).join(", ")}`],
];

for (const [change, path, message] of wrong) {
  Deno.test(`${JSON.stringify(change)} is an error of ${path.slice(1)} that says what is expected`, () => {
    assertEquals(errorOf({ ...needs, ...change }), [path, message]);
  });
}

Deno.test("all errors are found, those of an unknown field before the others of its group", () => {
  const decoded = decode({ ...needs, rate: 2, flag: 1, needed: { rate: 3, x: 1 } });
  assert(E.isLeft(decoded));
  const paths = decoded.left.map(({ context }) => context.map(({ key }) => key).join("."));
  assertEquals(paths, [".rate", ".flag", ".needed.x"]);
});

Deno.test("a file may name its schema, which is not in what is decoded, as no other group may", () => {
  const codec = fileCodecOf({ needed: fields.needed });
  assertEquals(codec.decode({ $schema: "./a.json", needed: {} }), E.right({ needed: { rate: 0.5 } }));
  assert(E.isLeft(codec.decode({ $schema: 1, needed: {} })));
  assert(E.isLeft(codec.decode({ needed: { $schema: "./a.json" } })));
});

const group: Field = { type: "group", fields, description: "All." };

Deno.test("a JSON value is valid by the schema of its fields exactly if their codec decodes it", () => {
  const schema = fileSchema({ title: "All", description: "Each type.", fields, rules: [] });
  const validate = new Ajv({ strict: true }).compile(schema);
  const codec = fileCodecOf(fields);
  const outcomes = new Map([[true, 0], [false, 0]]);
  const check = (value: unknown): boolean => {
    const json: unknown = JSON.parse(JSON.stringify(value));
    const decoded = E.isRight(codec.decode(json));
    assertEquals(validate(json), decoded, JSON.stringify(json));
    return decoded;
  };
  fc.assert(fc.property(valuesOf(group), (value) => assert(check(value))));
  fc.assert(
    fc.property(changedValuesOf(group, valuesOf(group)), (value) => {
      const decoded = check(value);
      outcomes.set(decoded, (outcomes.get(decoded) ?? 0) + 1);
    }),
    { numRuns: 3000 },
  );
  for (const [decoded, count] of outcomes) assert(count > 300, `${count} of 3000 are ${decoded ? "valid" : "wrong"}`);
});
