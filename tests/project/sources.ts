/** The repository's own source files, and what they import. */
import { assert, fromFileUrl, join } from "../std.ts";

/** The folder of the repository. */
export const root = fromFileUrl(new URL("../../", import.meta.url));

/** Every TypeScript file below a folder, as a path from the root. */
export const sources = (folder: string): readonly string[] =>
  [...Deno.readDirSync(join(root, folder))].flatMap(({ name, isDirectory }) =>
    isDirectory ? sources(`${folder}/${name}`) : name.endsWith(".ts") ? [`${folder}/${name}`] : []
  ).sort();

/** The text of a file of the repository. */
export const textOf = (path: string): string => Deno.readTextFileSync(join(root, path));

/** What a file imports or exports from, in the order of its lines; examples in its docs are left out. */
export const specifiersOf = (path: string): readonly string[] =>
  [...textOf(path).replace(/^ *\*.*$/gm, "").matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"([^"\s]+)"/g)].map((
    [, specifier = ""],
  ) => specifier);

/** The path from the root that a relative specifier in a file leads to. */
export const resolved = (path: string, specifier: string): string =>
  decodeURIComponent(new URL(specifier, `file:///${path}`).pathname.slice(1));

/** One import or export from another module: what it is from, and whether anything but types is taken. */
interface Edge {
  readonly specifier: string;
  readonly values: boolean;
}

const statement = /^(?:import|export)\s+(type\s+)?(?:([^;"']*?)\s*from\s*)?"([^"]+)"/gm;

/** Whether a list of names in braces has any that is no type. */
const takesValues = (clause: string): boolean => {
  const names = /\{([^}]*)\}/.exec(clause)?.[1];
  const others = clause.replace(/\{[^}]*\}/, "").replace(/[\s,]/g, "");
  const taken = (names ?? "").split(",").map((name) => name.trim()).filter((name) => name !== "");
  return others !== "" || taken.some((name) => !name.startsWith("type ")) || names === undefined;
};

const edgesOf = (path: string): readonly Edge[] =>
  [...textOf(path).matchAll(statement)].map(([, type, clause, specifier = ""]) => ({
    specifier,
    values: type === undefined && (clause === undefined || takesValues(clause)),
  }));

/** What a file imports from the repository itself; types alone only if `types` says so. */
export const ownImports = (path: string, types: boolean): readonly string[] =>
  edgesOf(path).filter(({ specifier, values }) => specifier.startsWith(".") && (types || values)).map(({ specifier }) =>
    resolved(path, specifier)
  );

/** All modules that loading a file loads at once, itself among them: files of the repository, and packages by specifier. */
export const staticImports = (start: string): ReadonlySet<string> => {
  const reached = new Set<string>();
  const visit = (path: string): void => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const { specifier, values } of edgesOf(path)) {
      if (!values) continue;
      if (specifier.startsWith(".")) visit(resolved(path, specifier));
      else reached.add(specifier);
    }
  };
  visit(start);
  assert(reached.size > 0);
  return reached;
};
