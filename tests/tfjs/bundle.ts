/** Bundles TensorFlow.js's own tests of operations with this library's backends, so that all of them share one core. */
import { fromFileUrl } from "../std.ts";

const urlOf = (path: string): string => new URL(path, import.meta.url).href;

/** The files of the package's tests of operations, as its list of all tests names them. */
const operationTests = async (): Promise<readonly string[]> => {
  const list = await Deno.readTextFile(fromFileUrl(import.meta.resolve("@tensorflow/tfjs-core/dist/tests.js")));
  return [...list.matchAll(/^import '\.\/(ops\/\S+_test)';$/gm)].flatMap(([, name]) =>
    name === undefined ? [] : [name]
  );
};

/** A program that imports the tests one by one: the package says that importing them does nothing, and they would be left out. */
const programOf = (tests: readonly string[]): string =>
  [
    `import { runSuite } from "${urlOf("suite.ts")}";`,
    "await runSuite(async () => {",
    ...tests.map((name) => `  await import("@tensorflow/tfjs-core/dist/${name}.js");`),
    "});",
    "",
  ].join("\n");

/** The bundle as a file in a folder. @throws Error if `deno bundle` fails, with what it said. */
export const bundle = async (folder: string): Promise<string> => {
  const [program, out] = [`${folder}/program.ts`, `${folder}/suite.js`];
  await Deno.writeTextFile(program, programOf(await operationTests()));
  const config = fromFileUrl(urlOf("../../deno.json"));
  const { success, stderr } = await new Deno.Command("deno", {
    args: ["bundle", "--quiet", "--no-check", "--platform", "browser", "--config", config, "-o", out, program],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return out;
};
