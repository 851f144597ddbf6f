import { pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import { openSource } from "../formats/byte_source.ts";
import type { DataLayout } from "./layouts/layout.ts";
import { dataLayouts, type Layout } from "./layouts.ts";
import { type TextLine, textLines } from "./text_lines.ts";

const candidates: readonly DataLayout<Layout>[] = dataLayouts;

/** How much of a list is looked at. */
const headBytes = 65_536;
const headLines = 20;

/** The layout that the first lines of a list tell, or null. A last line that is cut off must not be among them. */
export const listLayoutOf = (lines: readonly TextLine[]): Layout | null =>
  lines.length === 0 ? null : candidates.find(({ signs }) => signs.list?.(lines))?.name ?? null;

const headOf = (text: string, whole: boolean): readonly TextLine[] => {
  const lines = textLines(text.replace(/^\ufeff/, ""));
  return (whole ? lines : lines.slice(0, -1)).slice(0, headLines);
};

/** The layout that the beginning of a file tells, or null for anything else than a list. Errors: "file". */
export const readListLayout = (path: string): TaskEither<Failure, Layout | null> =>
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
export const listsIn = (
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
