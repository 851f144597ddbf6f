/** What the compiler says of texts, all in one call: reading the library's types is what takes its time. */
import { fromFileUrl } from "./std.ts";

const root = new URL("../", import.meta.url);

/** An error of the compiler. */
export interface CompilerError {
  readonly code: number;
  /** From the outermost reason to the innermost. */
  readonly reasons: readonly string[];
  /** The name of the text that has it. */
  readonly name: string;
}

export interface Text {
  readonly name: string;
  readonly text: string;
}

const errorsIn = (said: string): readonly CompilerError[] =>
  said.split(/^TS(?=\d+ \[ERROR\]: )/m).slice(1).map((error) => {
    const lines = error.split("\n").map((line) => line.trim());
    // After the reasons come the source, a mark below it where it is of one line, and the file.
    const place = lines.findIndex((line) => line.startsWith("at "));
    const reasonsEnd = /^~+$/.test(lines[place - 1] ?? "") ? place - 2 : place - 1;
    const [first = "", ...others] = lines.slice(0, reasonsEnd);
    return {
      code: parseInt(first),
      reasons: [first.replace(/^\d+ \[ERROR\]: /, ""), ...others],
      name: /\/(\w+)\.ts:/.exec(lines[place] ?? "")?.[1] ?? "",
    };
  });

/**
 * The errors of texts that import the library by its address, with the settings of the library's own files.
 *
 * The first file is always the same one: Deno keeps what it knows of a check by its first file, and checks again what
 * changed since.
 */
export const compilerErrors = async (texts: readonly Text[]): Promise<readonly CompilerError[]> => {
  const folder = await Deno.makeTempDir();
  try {
    for (const { name, text } of texts) await Deno.writeTextFile(`${folder}/${name}.ts`, text);
    const config = fromFileUrl(new URL("deno.json", root));
    const files = [fromFileUrl(new URL("mod.ts", root)), ...texts.map(({ name }) => `${folder}/${name}.ts`)];
    const { stderr, success } = await new Deno.Command("deno", {
      args: ["check", "--quiet", "--no-lock", "--config", config, ...files],
      env: { NO_COLOR: "1" },
    }).output();
    const said = new TextDecoder().decode(stderr);
    const errors = errorsIn(said);
    if (!success && errors.length === 0) throw new Error(said);
    return errors;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
};
