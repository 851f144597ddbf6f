/** What a module of the user's is made of: the local files that it imports, and that those import, known by their hashes. */
import { E, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { dirname, fromFileUrl, relative, toFileUrl } from "../dependencies/text.ts";
import type { Failure } from "../errors.ts";
import { readText } from "../formats/files.ts";
import { hashOf, isFile, sha256 } from "../formats/file_identity.ts";
import { isUsers } from "./user_code.ts";

/**
 * What stands in quotes after `from` or `import`, also as in `import("…")`. What only looks so, in a comment or a text, is
 * taken along: a file too many does no harm.
 */
const specifier = /\b(?:from|import)(?:\s|\/\*.*?\*\/|\()*(["'`])([^"'`\n]+?)\1/gs;

/** The file that a specifier means in a module, if it is one of the user's: a path, a URL, or a name of an import map. */
const fileAt = (module: string, text: string): readonly string[] => {
  try {
    const url = /^(?:\.{0,2}\/|file:)/.test(text) ? new URL(text, module).href : import.meta.resolve(text);
    return url.startsWith("file:") && isUsers(url) ? [url.replace(/[?#].*$/, "")] : [];
  } catch {
    // A name that no import map knows is nothing that the module can load.
    return [];
  }
};

const importsIn = (module: string, text: string): readonly string[] =>
  [...text.matchAll(specifier)].flatMap(([, , name = ""]) => fileAt(module, name));

/** Whether a file is one that can import others, not data such as JSON. */
const isScript = (module: string): boolean => /\.[cm]?[jt]sx?$/.test(module);

/** The text of a module, empty for data; null for a file that is not there, as its import may be a comment. */
const textOf = (module: string): TaskEither<Failure, string | null> => {
  const file = fromFileUrl(module);
  if (!isFile(file)) return TE.right(null);
  return isScript(module) ? readText(file, "settings") : TE.right("");
};

/** The URLs of a module and of all local files that it imports, whether directly or by others. */
const modulesOf = (path: string): TaskEither<Failure, readonly string[]> => async () => {
  const found = new Set([toFileUrl(path).href]);
  const there: string[] = [];
  // A set that grows goes on giving what was added.
  for (const module of found) {
    const text = await textOf(module)();
    if (E.isLeft(text)) return text;
    if (text.right === null) continue;
    there.push(module);
    importsIn(module, text.right).forEach((each) => found.add(each));
  }
  return E.right(there);
};

/**
 * The SHA-256, in hexadecimal, of each local file that a module imports, directly or by others, statically or by
 * `import("…")` of a text; by its path from the module's folder, so that it says nothing of where that lies. This library's
 * own modules and packages are left out.
 *
 * Errors: "file" for a file that cannot be read.
 */
export const importedFiles = (path: string): TaskEither<Failure, Readonly<Record<string, string>>> =>
  pipe(
    modulesOf(path),
    TE.chain(([, ...imported]) =>
      TE.sequenceSeqArray(
        imported.map((module) => {
          const file = fromFileUrl(module);
          const name = relative(dirname(path), file).replaceAll("\\", "/");
          return pipe(hashOf(file), TE.map((hash) => [name, hash] as const));
        }),
      )
    ),
    TE.map((hashes) => Object.fromEntries([...hashes].sort(([first], [second]) => first < second ? -1 : 1))),
  );

/**
 * The SHA-256, in hexadecimal, of a module with all local files that it imports: another text of any of them is another module.
 *
 * Errors: "missing" and "file" for a file that cannot be read.
 */
export const moduleHash = (path: string): TaskEither<Failure, string> =>
  pipe(
    hashOf(path),
    TE.chain((own) => pipe(importedFiles(path), TE.map((imported) => JSON.stringify([own, imported])))),
    TE.chainTaskK((text) => () => sha256(new TextEncoder().encode(text))),
  );
