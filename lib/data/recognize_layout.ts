import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { isUrl, openSource } from "../formats/byte_source.ts";
import { type Folder, kindOf, type PathKind, readFolder, type TextLine, textLines } from "./folders.ts";
import type { DataLayout } from "./layout.ts";
import { dataLayouts, type Layout, layoutOf } from "./layouts.ts";
import { strangeList } from "./list_text.ts";

const records: readonly DataLayout<Layout>[] = dataLayouts;

/** How much of a list is looked at. */
const headBytes = 65_536;
const headLines = 20;

/** The layout that the first lines of a list tell, or null. A last line that is cut off must not be among them. */
export const listLayoutOf = (lines: readonly TextLine[]): Layout | null =>
  lines.length === 0 ? null : records.find(({ signs }) => signs.list?.(lines))?.name ?? null;

const headOf = (text: string, whole: boolean): readonly TextLine[] => {
  const lines = textLines(text.replace(/^\ufeff/, ""));
  return (whole ? lines : lines.slice(0, -1)).slice(0, headLines);
};

/** The layout that the beginning of a file tells, or null for anything else than a list. Errors: "file". */
const readListLayout = (path: string): TaskEither<Failure, Layout | null> =>
  pipe(
    openSource(path),
    TE.chain((source) =>
      pipe(
        source.read(0, Math.min(source.size, headBytes)),
        TE.map((bytes) => listLayoutOf(headOf(new TextDecoder().decode(bytes), source.size <= headBytes))),
      )
    ),
  );

/** The lists among some files of a folder and what they tell; those that cannot be read tell nothing. */
const listsIn = (
  folder: string,
  names: readonly string[],
): TaskEither<Failure, readonly (readonly [path: string, layout: Layout])[]> =>
  pipe(
    TE.sequenceArray(names.map((name) => {
      const path = `${folder}/${name}`;
      const layout = pipe(
        readListLayout(path),
        TE.orElse((): TaskEither<Failure, Layout | null> => TE.right(null)),
      );
      return pipe(layout, TE.map((found) => found === null ? [] : [[path, found] as const]));
    })),
    TE.map((lists) => lists.flat()),
  );

/** What a path was recognised as. */
export interface Recognized {
  /** The layout. */
  readonly layout: Layout;
  /** The lists of a folder, or the file, that told the layout, sorted; empty for layouts that are told by folders. */
  readonly files: readonly string[];
}

/** Recognition looks at so many names of a folder, so many lists, and so many folders of a level. */
const most = { names: 100_000, lists: 16, folders: 8 } as const;

const deepest = Math.max(...records.map(({ signs }) => signs.levels ?? 0));

/** What the names in a folder tell, so many levels below the one that was given, without a look into any of them. */
const foundByNames = (path: string, folder: Folder, level: number): readonly Recognized[] =>
  records.filter(({ signs }) => level <= (signs.levels ?? 0)).flatMap(({ name, signs }) => {
    const names = signs.folder?.(folder) ?? null;
    return names === null ? [] : [{ layout: name, files: names.map((file) => `${path}/${file}`) }];
  });

const read = (path: string): TaskEither<Failure, Folder> => readFolder(path, most.names);

const isListName = (name: string): boolean => /\.(csv|tsv|txt)$/i.test(name);

/** What the lists in a folder tell: one answer for each layout. */
const foundByLists = (path: string, names: readonly string[]): TaskEither<Failure, readonly Recognized[]> =>
  pipe(
    listsIn(path, names.filter(isListName).slice(0, most.lists)),
    TE.map((lists) =>
      [...new Set(lists.map(([, layout]) => layout))].map((layout) => ({
        layout,
        files: lists.filter(([, other]) => other === layout).map(([file]) => file),
      }))
    ),
  );

/** What lists tell that lie deeper, where a layout has them. */
const foundByDeeperLists = (path: string): TaskEither<Failure, readonly Recognized[]> =>
  pipe(
    TE.sequenceArray(records.map(({ name, signs }) =>
      pipe(
        foundByLists(path, signs.deeperLists ?? []),
        TE.map((found) => found.filter(({ layout }) => layout === name)),
      )
    )),
    TE.map((found) => found.flat()),
  );

interface Opened {
  readonly path: string;
  readonly folder: Folder;
}

/** What a folder holds, or nothing if it cannot be opened: the layout may be clear without it. */
const openOrNothing = async (path: string): Promise<readonly Opened[]> => {
  const folder = await read(path)();
  return E.isRight(folder) ? [{ path, folder: folder.right }] : [];
};

const below = ({ path, folder }: Opened): readonly string[] => folder.folders.map((name) => `${path}/${name}`);

/** What lies in the first few folders of each level below, down to where the layout with the deepest signs has them. */
const foundBelow = (opened: Opened): TaskEither<Failure, readonly Recognized[]> => async () => {
  let paths = below(opened);
  for (let level = 1; level <= deepest; level++) {
    const folders = (await Promise.all(paths.slice(0, most.folders).map(openOrNothing))).flat();
    const found = folders.flatMap(({ path, folder }) => foundByNames(path, folder, level));
    if (found.length > 0) return E.right(found);
    paths = folders.flatMap(below);
  }
  return E.right([]);
};

/** Everything that a folder may be: first by what lies in it, and only if that tells nothing by what lies below. */
const foundByFolder = (path: string): TaskEither<Failure, readonly Recognized[]> =>
  pipe(
    read(path),
    TE.chain((folder) =>
      pipe(
        TE.sequenceArray([foundByLists(path, folder.files), foundByDeeperLists(path)]),
        TE.map((found) => [...foundByNames(path, folder, 0), ...found.flat()]),
        TE.chain((found) => found.length > 0 ? TE.right(found) : foundBelow({ path, folder })),
      )
    ),
  );

const foundByFile = (path: string): TaskEither<Failure, readonly Recognized[]> => {
  const name = path.split(/[/\\]/).at(-1) ?? "";
  const byName = records.filter(({ signs }) => signs.file?.(name));
  if (byName.length > 0) return TE.right(byName.map((layout) => ({ layout: layout.name, files: [path] })));
  return pipe(readListLayout(path), TE.map((layout) => layout === null ? [] : [{ layout, files: [path] }]));
};

/** The first bytes of a file; none where it cannot be read. */
const beginningOf = (path: string): TaskEither<Failure, Uint8Array> =>
  pipe(
    openSource(path),
    TE.chain((source) => source.read(0, Math.min(source.size, headBytes))),
    TE.orElse((): TaskEither<Failure, Uint8Array> => TE.right(new Uint8Array())),
  );

/** Why each of some files is no list that is known, where it looks like one. */
const strangeLists = (paths: readonly string[]): TaskEither<Failure, readonly Failure[]> =>
  pipe(
    TE.sequenceArray(
      paths.map((path) => pipe(beginningOf(path), TE.map((head) => [strangeList(path, head)]))),
    ),
    TE.map((found) => found.flat().filter((each) => each !== null)),
  );

/** The files that could be meant as lists: the one that was given, or those of a folder. */
const listsMeant = (path: string, kind: PathKind): TaskEither<Failure, readonly string[]> =>
  kind !== "folder" ? TE.right([path].filter(isListName)) : pipe(
    read(path),
    TE.map(({ files }) => files.filter(isListName).slice(0, most.lists).map((name) => `${path}/${name}`)),
  );

/** Why nothing is known of a path: a list that is strange says more than that no layout was recognised. */
const withStrangeList = (path: string, kind: PathKind) => (nothing: Failure): TaskEither<Failure, Recognized> =>
  pipe(
    listsMeant(path, kind),
    TE.chain(strangeLists),
    TE.chain(([first, ...others]) =>
      TE.left(
        first === undefined ? nothing : {
          ...first,
          details: [...others.map((each) => `${each.where}: ${each.found}`), ...nothing.details ?? []],
        },
      )
    ),
  );

const theOne = (path: string, all: readonly Recognized[]): Either<Failure, Recognized> => {
  const names = [...new Set(all.map(({ layout }) => layout))];
  const [first] = all;
  if (first !== undefined && names.length === 1) {
    return E.right({ layout: first.layout, files: [...new Set(all.flatMap(({ files }) => files))].sort() });
  }
  const found = first === undefined ? "no data set in a layout that is known" : `signs of ${names.join(" and ")}`;
  const lookedFor = first === undefined ? records : names.map(layoutOf);
  const details = lookedFor.map(({ name, signs }) => `${name}: ${signs.text}`);
  return E.left({ ...failure("data", path, found, "the signs of one layout", "Name the layout."), details });
};

const nothingAt = (path: string): Failure =>
  failure(
    "missing",
    path,
    "no such file or folder",
    "the folder or the list of a data set",
    "Check the path; it is given as seen from the folder in which the program runs.",
  );

/**
 * Tells the layout of a data set from its folder or its list, or of a URL, which only shards can have. It looks at names and
 * at the beginnings of a few lists, never at all files.
 *
 * Errors: "missing" if nothing is there, "file" if it cannot be read; "data" if nothing or more than one layout is recognised, with what was looked
 * for.
 */
export const recognize = (path: string): TaskEither<Failure, Recognized> => {
  if (isUrl(path)) {
    const layouts = records.filter(({ signs }) => signs.address);
    return TE.fromEither(theOne(path, layouts.map(({ name }) => ({ layout: name, files: [path] }))));
  }
  return pipe(
    kindOf(path),
    TE.chain((kind) => {
      if (kind === null) return TE.left(nothingAt(path));
      return pipe(
        kind === "file" ? foundByFile(path) : foundByFolder(path),
        TE.chain((found) => {
          const one = TE.fromEither(theOne(path, found));
          return found.length > 0 ? one : pipe(one, TE.orElse(withStrangeList(path, kind)));
        }),
      );
    }),
  );
};

/** The layout of a data set, as {@link recognize}.
 * @category Data */
export const recognizeLayout = (path: string): TaskEither<Failure, Layout> =>
  pipe(recognize(path), TE.map(({ layout }) => layout));
