/**
 * Every block of TypeScript in README and docs, and every example, compiles as it stands, and none does if the call of a
 * `TaskEither` is forgotten, as in `orThrow(await loadDepthNetwork(path))`: types tell it before anything is run.
 */
import { assert, assertEquals, fromFileUrl, join } from "../std.ts";
import { linesHere } from "./side_by_side.ts";

const root = fromFileUrl(new URL("../../", import.meta.url));

/** A text that is compiled. */
interface Block {
  /** Where it stands, for messages. */
  readonly name: string;
  readonly text: string;
  /** Whether its page says that it does not compile. */
  readonly wrong: boolean;
}

/** The blocks of a page. Those of docs/adding.md are files of the library, which `adding_test.ts` compiles. */
const blocksOf = (page: string): readonly Block[] => {
  const text = Deno.readTextFileSync(join(root, page));
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((match, at) => ({
    name: `${page.replace(/\W/g, "_")}_${at}`,
    text: match[1] ?? "",
    wrong: /does not compile:\s*$/.test(text.slice(0, match.index)),
  }));
};

const namesIn = (folder: string, ending: string): readonly string[] =>
  [...Deno.readDirSync(join(root, folder))].map(({ name }) => name).filter((name) => name.endsWith(ending)).sort();

const pages = ["README.md", ...namesIn("docs", ".md").map((name) => `docs/${name}`)].filter((page) =>
  page !== "docs/adding.md"
);

const examples = namesIn("docs/examples", ".ts").map((name): Block => ({
  name: `example_${name.replace(/\W/g, "_")}`,
  text: Deno.readTextFileSync(join(root, "docs/examples", name)),
  wrong: false,
}));

/** The lines of the page that stand in tables. */
const sideBySide: Block = {
  name: "from_pytorch",
  text: linesHere(Deno.readTextFileSync(join(root, "docs/from-pytorch.md"))).join("\n"),
  wrong: false,
};

const blocks = [...pages.flatMap(blocksOf), sideBySide, ...examples];

/** The same text, which imports the library from here, however a user does. */
const importingHere = (text: string): string =>
  text.replaceAll(
    /"(?:(?:\.|http:\/\/127\.0\.0\.1:8080)\/mod\.ts|(?:jsr:)?@cliffnet\/cliffnet(?:@[^"/]*)?(\/\w+)?)"/g,
    (_, entry?: string) =>
      JSON.stringify(new URL(entry === undefined ? "mod.ts" : `lib${entry}/mod.ts`, `file://${root}`).href),
  );

/** The compiler's settings, but that a block may leave the rest to its reader. */
const configuration = (): string => {
  const { imports, unstable, compilerOptions } = JSON.parse(Deno.readTextFileSync(join(root, "deno.json")));
  return JSON.stringify({ imports, unstable, compilerOptions: { ...compilerOptions, noUnusedLocals: false } });
};

/** Which of some blocks do not compile, by their names. */
const faulty = async (texts: readonly Pick<Block, "name" | "text">[]): Promise<ReadonlySet<string>> => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/deno.json`, configuration());
  for (const { name, text } of texts) await Deno.writeTextFile(`${folder}/${name}.ts`, importingHere(text));
  const { stderr } = await new Deno.Command("deno", {
    args: ["check", "--quiet", "--no-lock", ...texts.map(({ name }) => `${name}.ts`)],
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  await Deno.remove(folder, { recursive: true });
  const said = new TextDecoder().decode(stderr);
  return new Set(texts.map(({ name }) => name).filter((name) => said.includes(`/${name}.ts:`)));
};

/** The same block with each call of a `TaskEither` in turn forgotten. */
const forgetful = ({ name, text }: Block): readonly Pick<Block, "name" | "text">[] =>
  [...text.matchAll(/(?<=\))\(\)(?=[,)])/g)].map(({ index }, at) => ({
    name: `${name}_without_call_${at}`,
    text: `${text.slice(0, index)}${text.slice(index + 2)}`,
  }));

const forgotten = blocks.flatMap(forgetful);

Deno.test("blocks and examples compile, unless their page says otherwise or the call of a TaskEither is forgotten", async () => {
  assert(blocks.length > 10 && forgotten.length > 15, `${blocks.length} blocks, ${forgotten.length} without a call`);
  const found = await faulty([...blocks, ...forgotten]);
  const failing = (texts: readonly { readonly name: string }[]) =>
    texts.map(({ name }) => name).filter((name) => found.has(name));
  assertEquals(failing(blocks), blocks.filter(({ wrong }) => wrong).map(({ name }) => name));
  assertEquals(failing(forgotten), forgotten.map(({ name }) => name));
});
