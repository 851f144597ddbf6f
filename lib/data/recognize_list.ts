import { pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import { openSource } from "../formats/byte_source.ts";
import { type TextLine, textLines } from "./text_lines.ts";

/** The layouts whose lists tell themselves by their first lines. */
export type ListLayout = "csv" | "densedepth" | "bts";

/** How much of a list is looked at. */
const headBytes = 65_536;
const headLines = 20;

const isPicture = (path: string): boolean => /\.(jpe?g|png)$/i.test(path);

const fieldsOf = ({ text }: TextLine): readonly string[] => text.split(",").map((field) => field.trim());

const isCsv = ([heading]: readonly TextLine[]): boolean => {
  const columns = heading === undefined ? [] : fieldsOf(heading).map((field) => field.replace(/^"(.*)"$/, "$1"));
  return ["image", "depth", "split"].every((column) => columns.includes(column));
};

const isDenseDepth = (lines: readonly TextLine[]): boolean =>
  lines.every((line) => fieldsOf(line).length === 2 && fieldsOf(line).every(isPicture));

const isBts = (lines: readonly TextLine[]): boolean =>
  lines.every(({ text }) => {
    const [image = "", depth = "", focal = "", ...more] = text.split(/\s+/);
    return isPicture(image) && (depth === "None" || isPicture(depth)) && Number(focal) > 0 && more.length === 0;
  });

/** The layout that the first lines of a list tell, or null. A last line that is cut off must not be among them. */
export const listLayoutOf = (lines: readonly TextLine[]): ListLayout | null => {
  if (lines.length === 0) return null;
  if (isCsv(lines)) return "csv";
  if (isDenseDepth(lines)) return "densedepth";
  return isBts(lines) ? "bts" : null;
};

const headOf = (text: string, whole: boolean): readonly TextLine[] => {
  const lines = textLines(text.replace(/^\ufeff/, ""));
  return (whole ? lines : lines.slice(0, -1)).slice(0, headLines);
};

/** The layout that the beginning of a file tells, or null for anything else than a list. Errors: "file". */
export const readListLayout = (path: string): TaskEither<Failure, ListLayout | null> =>
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
): TaskEither<Failure, readonly (readonly [path: string, layout: ListLayout])[]> =>
  pipe(
    TE.sequenceArray(names.map((name) => {
      const path = `${folder}/${name}`;
      const layout = pipe(
        readListLayout(path),
        TE.orElse((): TaskEither<Failure, ListLayout | null> => TE.right(null)),
      );
      return pipe(layout, TE.map((told) => told === null ? [] : [[path, told] as const]));
    })),
    TE.map((found) => found.flat()),
  );
