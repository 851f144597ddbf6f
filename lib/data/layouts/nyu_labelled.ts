import type { DataLayout } from "./layout.ts";

const isLabelled = (name: string): boolean => /\.mat$/i.test(name) && !/^splits\.mat$/i.test(name);

/** NYU Depth V2, labelled: a file of MATLAB. */
export const nyuLabelled: DataLayout<"nyu-labelled"> = {
  name: "nyu-labelled",
  signs: {
    text: "nyu_depth_v2_labeled.mat, or another .mat file but splits.mat",
    file: isLabelled,
    folder: ({ files }) => files.some(isLabelled) ? files.filter(isLabelled) : null,
  },
  uses: ["depth", "testShare"],
  depth: "metres, holes filled, or `raw`",
  splits: "the official 795 and 654",
  load: async () => {
    const { nyuDepthV2 } = await import("../nyu_depth_v2.ts");
    return ({ depth, testShare }, { folder, files: [file = folder] }) =>
      nyuDepthV2({ file, depth: depth === "raw" ? "raw" : "filled", testShare });
  },
};
