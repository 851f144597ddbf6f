import { basename, join } from "../../dependencies/path.ts";
import { commaFields, isPicture } from "../lists.ts";
import type { DataLayout } from "./layout.ts";

const isTest = (file: string): boolean => basename(file) === "nyu2_test.csv";

/** The part of NYU Depth V2 that came with DenseDepth: two lists of pairs. */
export const denseDepth: DataLayout<"densedepth"> = {
  name: "densedepth",
  signs: {
    text: "nyu2_train.csv, also in data/, or a CSV with lines of IMAGE,DEPTH and no headings",
    list: (lines) => lines.every((line) => commaFields(line).length === 2 && commaFields(line).every(isPicture)),
    deeperLists: ["data/nyu2_train.csv", "data/nyu2_test.csv"],
  },
  uses: ["list", "testList", "testShare"],
  depth: "8 or 16 bits, white = 10 m; test in mm",
  splits: "a list each",
  load: async () => {
    const { denseDepthDataset } = await import("../dense_depth_csv.ts");
    return ({ list, testList, testShare }, { folder, files }) => {
      const [only, ...others] = files;
      const own = others.length > 0 ? undefined : only;
      const chosen = (name: string, isOwn: boolean) => name !== "" ? join(folder, name) : isOwn ? own : undefined;
      return denseDepthDataset({
        folder,
        list: chosen(list, own !== undefined && !isTest(own)),
        testList: chosen(testList, own !== undefined && isTest(own)),
        testShare,
      });
    };
  },
};
