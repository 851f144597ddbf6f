/**
 * Every block of TypeScript in README and docs, and every example, compiles as it stands, and none does if the call of a
 * `TaskEither` is forgotten, as in `orThrow(await loadDepthNetwork(path))`: types tell it before anything is run.
 */
import { ownBackbones } from "../cliffnet/own_backbone.ts";
import { compilerErrors, type Text } from "../compiler.ts";
import { assert, assertEquals, fromFileUrl, join } from "../std.ts";
import { linesHere } from "../docs/side_by_side.ts";

const root = fromFileUrl(new URL("../../", import.meta.url));

/** A text that is compiled. */
interface Block extends Text {
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

/** The same block with each call of a `TaskEither` in turn forgotten. */
const forgetful = ({ name, text }: Block): readonly Text[] =>
  [...text.matchAll(/(?<=\))\(\)(?=[,)])/g)].map(({ index }, at) => ({
    name: `${name}_without_call_${at}`,
    text: `${text.slice(0, index)}${text.slice(index + 2)}`,
  }));

const forgotten = blocks.flatMap(forgetful);

/** What TypeScript says of names that are not used: a block may leave the rest to its reader. */
const unused = [6133, 6192, 6196];

/** The errors of all texts, of one call of the compiler. */
const errors = await compilerErrors([
  ...[...blocks, ...forgotten].map(({ name, text }) => ({ name, text: importingHere(text) })),
  ...ownBackbones,
]);

Deno.test("blocks and examples compile, unless their page says otherwise or the call of a TaskEither is forgotten", () => {
  assert(blocks.length > 10 && forgotten.length > 15, `${blocks.length} blocks, ${forgotten.length} without a call`);
  const found = errors.filter(({ code }) => !unused.includes(code)).map(({ name }) => name);
  const failing = (texts: readonly Text[]) => texts.map(({ name }) => name).filter((name) => found.includes(name));
  assertEquals(failing(blocks), blocks.filter(({ wrong }) => wrong).map(({ name }) => name));
  assertEquals(failing(forgotten), forgotten.map(({ name }) => name));
  const known = [...blocks, ...forgotten, ...ownBackbones].map(({ name }) => name);
  assertEquals(found.filter((name) => !known.includes(name)), [], "every error is of a text");
});

Deno.test("a backbone of typed stages compiles under the pyramid without a cast; other channels and a missing level are told by numbers", () => {
  const said = errors.filter(({ name }) => ownBackbones.some((text) => text.name === name));
  assertEquals(said.map(({ name }) => name).sort(), ["channels", "level"]);
  const lastOf = (wanted: string) => said.find(({ name }) => name === wanted)?.reasons.at(-1);
  assertEquals(lastOf("channels"), "Type '128' is not assignable to type '256'.");
  assertEquals(lastOf("level"), "Source has 3 element(s) but target requires 4.");
  assert(said.every(({ reasons }) => reasons.length > 2));
});
