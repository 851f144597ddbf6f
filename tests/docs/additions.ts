/** What docs/adding.md adds to the library: new files and lines, as its blocks give them. */
import { assert, assertEquals, dirname, join } from "../std.ts";

/** Lines of an existing file, and what stands in their place afterwards. */
interface Hunk {
  readonly before: string;
  readonly after: string;
}

/** One addition: a file, and the hunks of the list that it is put into. */
export interface Addition {
  readonly file: string;
  readonly text: string;
  readonly list: string;
  readonly hunks: readonly Hunk[];
}

/** The blocks of a page in one language, without their fences. */
const blocksOf = (page: string, language: string): readonly string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))].map(([, block = ""]) => block);

/** The path that the first line of a block names. */
const pathOf = (block: string, sign: string): string => {
  const [first = ""] = block.split("\n");
  assert(first.startsWith(`${sign} lib/`) && first.endsWith(".ts"), first);
  return first.slice(sign.length + 1);
};

/** The lines of a hunk that begin with one of some signs, without it. */
const side = (hunk: string, signs: string): string =>
  hunk.split(/(?<=\n)/).filter((line) => signs.includes(line.charAt(0))).map((line) => line.slice(1)).join("");

/** Every addition of a page: a block of a new file, and one of changed lines after it. */
export const additionsOf = (page: string): readonly Addition[] => {
  const [files, changes] = [blocksOf(page, "ts"), blocksOf(page, "diff")];
  assertEquals(files.length, changes.length);
  return files.map((text, index) => {
    const change = changes[index] ?? "";
    const hunks = change.split("@@\n").slice(1).map((hunk) => ({ before: side(hunk, " -"), after: side(hunk, " +") }));
    return { file: pathOf(text, "//"), text, list: pathOf(change, "+++"), hunks };
  });
};

/** How many lines a text has. */
const linesOf = (text: string): number => text.split("\n").length - 1;

/** How many lines a file takes, and how many more the list has. */
export const sizeOf = ({ text, hunks }: Addition): readonly [file: number, list: number] => [
  linesOf(text),
  hunks.reduce((sum, { before, after }) => sum + linesOf(after) - linesOf(before), 0),
];

/** Adds to a copy of the library. A hunk must fit in one place. */
export const addTo = async (copy: string, { file, text, list, hunks }: Addition): Promise<void> => {
  await Deno.writeTextFile(join(copy, file), text, { createNew: true });
  const changed = hunks.reduce((whole, { before, after }) => {
    const parts = whole.split(before);
    assertEquals(parts.length, 2, `places in ${list} that are\n${before}`);
    return parts.join(after);
  }, await Deno.readTextFile(join(copy, list)));
  await Deno.writeTextFile(join(copy, list), changed);
};

/** Copies files and folders of one folder into another. */
export const copyInto = async (to: string, from: string, paths: readonly string[]): Promise<void> => {
  for (const path of paths) {
    const source = join(from, path);
    if ((await Deno.stat(source)).isDirectory) {
      await Deno.mkdir(join(to, path), { recursive: true });
      await copyInto(to, from, Array.from(Deno.readDirSync(source), ({ name }) => `${path}/${name}`));
    } else {
      await Deno.mkdir(join(to, dirname(path)), { recursive: true });
      await Deno.copyFile(source, join(to, path));
    }
  }
};
