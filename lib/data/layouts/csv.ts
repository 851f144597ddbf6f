import { pipe, TE } from "../../dependencies/fp.ts";
import { basename, dirname } from "../../dependencies/path.ts";
import { chosenLists, commaFields } from "../lists.ts";
import type { TextLine } from "../text_lines.ts";
import type { DataLayout } from "./layout.ts";

const hasColumns = ([heading]: readonly TextLine[]): boolean => {
  const columns = heading === undefined ? [] : commaFields(heading).map((field) => field.replace(/^"(.*)"$/, "$1"));
  return ["image", "depth", "split"].every((column) => columns.includes(column));
};

/** This library's own: one list of pairs, with their scenes and splits. */
export const csv: DataLayout<"csv"> = {
  name: "csv",
  signs: {
    text: "a CSV with the columns image, depth and split in its first line",
    list: hasColumns,
  },
  uses: ["list", "depthScale"],
  depth: "PNG, 1000 = 1 m or `depthScale`",
  splits: "as listed",
  load: async () => {
    const { csvDataset } = await import("../csv_dataset.ts");
    return ({ list, depthScale }, found) =>
      pipe(
        TE.fromEither(chosenLists({ list, testList: "" }, found)),
        TE.map(({ train }) => ({ folder: dirname(train), list: basename(train) })),
        TE.chain((place) => csvDataset({ ...place, depthScale: depthScale === 0 ? 1000 : depthScale })),
      );
  },
};
