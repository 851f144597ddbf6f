import { assert, assertEquals, dirname, join } from "../std.ts";

const folders = [".", "docs", "bench"];

/** The pages of the repository, by their paths. */
const pages = folders.flatMap((folder) =>
  [...Deno.readDirSync(folder)].filter(({ name }) => name.endsWith(".md")).map(({ name }) => join(folder, name))
);

const exists = (path: string): boolean => {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
};

/** What a page links to within the repository. */
const linksOf = (page: string): readonly string[] =>
  [...Deno.readTextFileSync(page).matchAll(/\]\(([^)\s#]+)[^)]*\)/g)]
    .flatMap(([, target = ""]) => /^[a-z]+:/.test(target) ? [] : [join(dirname(page), target)]);

/** The files of this repository that a page names in its text. */
const namedFiles = (page: string): readonly string[] =>
  [...Deno.readTextFileSync(page).matchAll(/`((?:lib|tasks|bench|configs|docs|tests)\/[\w./-]+)`/g)]
    .flatMap(([, path = ""]) => path);

Deno.test("every link within the documentation leads to a file", () => {
  const links = pages.flatMap((page) => linksOf(page).map((target) => `${page}: ${target}`));
  assert(links.length > 20);
  assertEquals(links.filter((link) => !exists(link.slice(link.indexOf(": ") + 2))), []);
});

// CHANGELOG.md names what was renamed, docs/adding.md what its reader adds.
Deno.test("every file that the documentation names exists", () => {
  const current = pages.filter((page) => !["CHANGELOG.md", "docs/adding.md"].includes(page));
  const names = current.flatMap((page) => namedFiles(page).map((path) => `${page}: ${path}`));
  assertEquals(names.filter((name) => !exists(name.slice(name.indexOf(": ") + 2))), []);
});
