/** The fields of networks and optimizers: what a configuration may say of them, known without TensorFlow.js. */
import { backboneFields, networkFields } from "../../lib/cliffnet/fields.ts";
import { fusionNames, fusions } from "../../lib/cliffnet/fusions.ts";
import { orThrow } from "../../lib/errors.ts";
import type {
  BackboneConfiguration,
  NetworkConfiguration,
  OptimConfiguration,
} from "../../lib/experiment/configuration.ts";
import { decodeConfiguration } from "../../lib/experiment/configuration_file.ts";
import type { Fields, ValuesOf } from "../../lib/formats/fields.ts";
import { optimFields } from "../../lib/optim/fields.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";

const defaultsOf = (fields: Fields): unknown =>
  Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, "default" in field ? field.default : undefined]),
  );

Deno.test("the fields have the defaults and the types of a configuration", () => {
  const { backbone, network, optim } = orThrow(decodeConfiguration("empty", {}));
  const typed: readonly [
    (fields: ValuesOf<typeof backboneFields>) => BackboneConfiguration,
    (fields: ValuesOf<typeof networkFields>) => NetworkConfiguration,
    (fields: ValuesOf<typeof optimFields>) => OptimConfiguration,
  ] = [(fields) => fields, (fields) => fields, (fields) => fields];
  assertEquals(typed.length, 3);
  assertEquals(defaultsOf(backboneFields), { ...backbone });
  assertEquals(defaultsOf(networkFields), { ...network });
  assertEquals(defaultsOf(optimFields), { ...optim });
});

Deno.test("the field of the fusion tells all that there are, each with what it does", () => {
  assertEquals(networkFields.fusion.of, fusionNames);
  for (const { name, description } of fusions) {
    assertStringIncludes(networkFields.fusion.description, `"${name}", ${description}`);
  }
});

/** Whether a program that imports a file of the library has loaded TensorFlow.js. */
const loadsTensorFlow = async (file: string): Promise<boolean> => {
  const path = new URL(`../../lib/${file}`, import.meta.url).href;
  const script = `await import(${JSON.stringify(path)}); console.log("_tfengine" in globalThis)`;
  const { stdout, stderr } = await new Deno.Command("deno", { args: ["eval", "--no-lock", script] }).output();
  const printed = new TextDecoder().decode(stdout).trim();
  assert(printed === "true" || printed === "false", new TextDecoder().decode(stderr));
  return printed === "true";
};

Deno.test("fields and records of fusions load no TensorFlow.js, which their code does", async () => {
  const files = ["cliffnet/fields.ts", "optim/fields.ts", "cliffnet/network.ts"];
  assertEquals(await Promise.all(files.map(loadsTensorFlow)), [false, false, true]);
});
