import { E } from "../../lib/dependencies/fp.ts";
import { orThrow } from "../../lib/errors.ts";
import { decodeConfiguration } from "../../lib/experiment/configuration_file.ts";
import type { ValuesOf } from "../../lib/formats/fields.ts";
import { evaluationFields, type ProtocolName } from "../../lib/metrics/protocols.ts";
import { assert, assertEquals } from "../std.ts";

const evaluationOf = (evaluation: Readonly<Record<string, unknown>>) => decodeConfiguration("a test", { evaluation });

Deno.test("an evaluation is configured by the name of a protocol and three numbers", () => {
  const values: ValuesOf<typeof evaluationFields> = { protocol: "nyu-eigen", near: 0.1, far: 5, pictures: 2 };
  const name: ProtocolName = values.protocol;
  // @ts-expect-error: no protocol has this name.
  const wrong: typeof values = { ...values, protocol: "nyu" };
  assertEquals(E.isRight(evaluationOf({ ...values, protocol: name })), true);
  assertEquals(E.isRight(evaluationOf({ ...wrong })), false);
});

Deno.test("an empty configuration takes the defaults that the fields of evaluation tell", () => {
  const defaults = Object.entries(evaluationFields).map(([name, field]) => [name, field.default]);
  assertEquals({ ...orThrow(decodeConfiguration("a test", {})).evaluation }, Object.fromEntries(defaults));
});

Deno.test("a configuration takes every protocol, and numbers up to both ends of their ranges", () => {
  const isTaken = (name: string, value: unknown) => E.isRight(evaluationOf({ [name]: value }));
  for (const protocol of evaluationFields.protocol.of) assert(isTaken("protocol", protocol), protocol);
  for (const name of ["near", "far", "pictures"] as const) {
    const { least, most } = evaluationFields[name];
    assertEquals([least - 1, least, most, most + 1].map((value) => isTaken(name, value)), [false, true, true, false]);
  }
  assertEquals([0.5, 3].map((value) => isTaken("pictures", value)), [false, true]);
});
