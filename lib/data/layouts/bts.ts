import { pipe, TE } from "../../dependencies/fp.ts";
import { chosenLists, isPicture } from "../lists.ts";
import type { TextLine } from "../text_lines.ts";
import type { DataLayout } from "./layout.ts";

const isLine = ({ text }: TextLine): boolean => {
  const [image = "", depth = "", focal = "", ...more] = text.split(/\s+/);
  return isPicture(image) && (depth === "None" || isPicture(depth)) && Number(focal) > 0 && more.length === 0;
};

/** Lists as those of BTS: a picture, a depth map and a focal length in each line. */
export const bts: DataLayout<"bts"> = {
  name: "bts",
  signs: {
    text: "a .txt list with lines of IMAGE DEPTH FOCAL",
    list: (lines) => lines.every(isLine),
  },
  uses: ["list", "testList", "depthScale", "testShare"],
  depth: "PNG, 1000 = 1 m",
  splits: "a list each",
  load: async () => {
    const { btsDataset } = await import("../bts_list.ts");
    return ({ list, testList, depthScale, testShare }, found) =>
      pipe(
        TE.fromEither(chosenLists({ list, testList }, found)),
        TE.chain(({ train, test }) =>
          btsDataset({
            train: { list: train },
            test: test === undefined ? undefined : { list: test },
            testShare,
            depthScale: depthScale === 0 ? undefined : depthScale,
          })
        ),
      );
  },
};
