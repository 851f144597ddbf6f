import type { DataLayout } from "./layout.ts";

const lists: readonly string[] = ["rgb.txt", "depth.txt"];

/** Sequences of the TUM RGB-D benchmark. */
export const tum: DataLayout<"tum"> = {
  name: "tum",
  signs: {
    text: "rgb.txt and depth.txt, also in folders of it",
    file: (name) => lists.includes(name),
    folder: ({ files }) => lists.every((name) => files.includes(name)) ? [] : null,
    levels: 1,
  },
  uses: ["testShare"],
  depth: "PNG, 5000 = 1 m; paired within 20 ms",
  splits: "the last `testShare`",
  load: async () => {
    const { tumDataset } = await import("../tum_rgbd.ts");
    return ({ testShare }, { folder }) => tumDataset({ folder, testShare });
  },
};
