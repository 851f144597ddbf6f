import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure, orThrow } from "../errors.ts";
import { type Folder, kindOf, readFolder } from "./folders.ts";
import { type ListLayout, listsIn, readListLayout } from "./recognize_list.ts";
import { isSunFrame } from "./sun_folders.ts";

/** The layouts in which data sets are read; `csv` is this library's own, `shards` are tar files. */
export type Layout = "nyu-labelled" | "tum" | "sunrgbd" | "cityscapes" | "shards" | ListLayout;

/** What a path was recognised as. */
export interface Recognized {
  /** The layout. */
  readonly layout: Layout;
  /** The lists of a folder, or the file, that told the layout, sorted; empty for layouts that are told by folders. */
  readonly files: readonly string[];
}

/** What tells each layout, for messages. */
export const layoutSigns: Readonly<Record<Layout, string>> = {
  "nyu-labelled": "nyu_depth_v2_labeled.mat, or another .mat file but splits.mat",
  bts: "a .txt list with lines of IMAGE DEPTH FOCAL",
  densedepth: "nyu2_train.csv, also in data/, or a CSV with lines of IMAGE,DEPTH and no headings",
  tum: "rgb.txt and depth.txt, also in folders of it",
  sunrgbd: "folders image, depth and depth_bfx with intrinsics.txt, also deeper",
  cityscapes: "the folders leftImg8bit, disparity and camera",
  csv: "a CSV with the columns image, depth and split in its first line",
  shards: "tar files, or shards.json, which lists them",
};

/** Recognition looks at so many names of a folder, so many lists, and so many folders of a level. */
const most = { names: 100_000, lists: 16, folders: 8, levels: 6 } as const;

const isShard = (name: string): boolean => /(\.tar$|^shards\.json$)/i.test(name);
const isLabelled = (name: string): boolean => /\.mat$/i.test(name) && !/^splits\.mat$/i.test(name);

const hasAll = (names: readonly string[], wanted: readonly string[]): boolean =>
  wanted.every((name) => names.includes(name));

/** What the names in a folder tell, without a look into any of them. */
const toldByNames = (path: string, { files, folders }: Folder): readonly Recognized[] => {
  const all = [...files, ...folders];
  const under = (names: readonly string[]) => names.map((name) => `${path}/${name}`);
  const [labelled, shards] = [files.filter(isLabelled), files.filter(isShard)];
  const told = (layout: Layout, sign: boolean, names: readonly string[] = []): readonly Recognized[] =>
    sign ? [{ layout, files: under(names) }] : [];
  return [
    ...told("nyu-labelled", labelled.length > 0, labelled),
    ...told("shards", shards.length > 0, shards),
    ...told("tum", hasAll(files, ["rgb.txt", "depth.txt"])),
    ...told("sunrgbd", isSunFrame({ files, folders })),
    ...["", "_trainvaltest"].flatMap((ending) =>
      told("cityscapes", hasAll(all, [`leftImg8bit${ending}`, `disparity${ending}`]))
    ),
  ];
};

const read = (path: string): TaskEither<Failure, Folder> => readFolder(path, most.names);

/** What the lists in a folder tell: one answer for each layout. */
const toldByLists = (path: string, names: readonly string[]): TaskEither<Failure, readonly Recognized[]> =>
  pipe(
    listsIn(path, names.filter((name) => /\.(csv|txt)$/i.test(name)).slice(0, most.lists)),
    TE.map((lists) =>
      [...new Set(lists.map(([, layout]) => layout))].map((layout) => ({
        layout,
        files: lists.filter(([, other]) => other === layout).map(([file]) => file),
      }))
    ),
  );

/** What a folder tells, or nothing if it cannot be opened: the layout may be clear without it. */
const openOrNothing = (path: string): TaskEither<Failure, readonly (readonly [string, Folder])[]> =>
  pipe(
    read(path),
    TE.map((folder): readonly (readonly [string, Folder])[] => [[path, folder]]),
    TE.orElse(() => TE.right<Failure, readonly (readonly [string, Folder])[]>([])),
  );

/** What lies in the first few folders of each level below: sequences just below, frames of SUN RGB-D deeper. */
const toldBelow = (path: string, { folders }: Folder): TaskEither<Failure, readonly Recognized[]> => async () => {
  let level = folders.map((name) => `${path}/${name}`);
  for (let depth = 1; depth <= most.levels; depth++) {
    const opened = orThrow(await TE.sequenceArray(level.slice(0, most.folders).map(openOrNothing))()).flat();
    const told = opened.flatMap(([inner, folder]) => toldByNames(inner, folder))
      .filter(({ layout }) => layout === "sunrgbd" || (layout === "tum" && depth === 1));
    if (told.length > 0) return E.right(told);
    level = opened.flatMap(([inner, folder]) => folder.folders.map((name) => `${inner}/${name}`));
  }
  return E.right([]);
};

const densedepthIn = (path: string, { folders }: Folder): TaskEither<Failure, readonly Recognized[]> =>
  folders.includes("data")
    ? pipe(
      toldByLists(`${path}/data`, ["nyu2_train.csv", "nyu2_test.csv"]),
      TE.map((told) => told.filter(({ layout }) => layout === "densedepth")),
    )
    : TE.right([]);

/** Everything that a folder may be: first by what lies in it, and only if that tells nothing by what lies below. */
const toldByFolder = (path: string): TaskEither<Failure, readonly Recognized[]> =>
  pipe(
    read(path),
    TE.chain((folder) =>
      pipe(
        TE.sequenceArray([toldByLists(path, folder.files), densedepthIn(path, folder)]),
        TE.map((told) => [...toldByNames(path, folder), ...told.flat()]),
        TE.chain((told) => told.length > 0 ? TE.right(told) : toldBelow(path, folder)),
      )
    ),
  );

const toldByFile = (path: string): TaskEither<Failure, readonly Recognized[]> => {
  const name = path.split(/[/\\]/).at(-1) ?? "";
  if (isLabelled(name)) return TE.right([{ layout: "nyu-labelled", files: [path] }]);
  if (isShard(name)) return TE.right([{ layout: "shards", files: [path] }]);
  return pipe(readListLayout(path), TE.map((layout) => layout === null ? [] : [{ layout, files: [path] }]));
};

const theOne = (path: string, told: readonly Recognized[]): Either<Failure, Recognized> => {
  const layouts = [...new Set(told.map(({ layout }) => layout))];
  const [first] = told;
  if (first !== undefined && layouts.length === 1) {
    return E.right({ layout: first.layout, files: [...new Set(told.flatMap(({ files }) => files))].sort() });
  }
  const found = first === undefined ? "no data set in a layout that is known" : `signs of ${layouts.join(" and ")}`;
  const signs = first === undefined ? Object.entries(layoutSigns) : layouts.map((each) => [each, layoutSigns[each]]);
  const details = signs.map(([layout, sign]) => `${layout}: ${sign}`);
  return E.left({ ...failure("data", path, found, "the signs of one layout", "Name the layout."), details });
};

const nothingAt = (path: string): Failure =>
  failure(
    "missing",
    path,
    "no such file or folder",
    "the folder or the list of a data set",
    "Check the path; it starts at the folder in which the program was started.",
  );

/**
 * Tells the layout of a data set from its folder or its list, or of a URL, which only shards can have. It looks at names and
 * at the beginnings of a few lists, never at all files.
 *
 * Errors: "missing" or "file" if the path cannot be read; "data" if nothing or more than one layout is recognised, with what was looked
 * for.
 */
export const recognize = (path: string): TaskEither<Failure, Recognized> => {
  if (/^https?:\/\//i.test(path)) return TE.right({ layout: "shards", files: [path] });
  const told = pipe(
    kindOf(path),
    TE.chain((kind) =>
      kind === null ? TE.left(nothingAt(path)) : kind === "file" ? toldByFile(path) : toldByFolder(path)
    ),
  );
  return pipe(told, TE.chainEitherK((all) => theOne(path, all)));
};

/** The layout of a data set, as {@link recognize}. */
export const recognizeLayout = (path: string): TaskEither<Failure, Layout> =>
  pipe(recognize(path), TE.map(({ layout }) => layout));
