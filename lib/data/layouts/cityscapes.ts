import type { DataLayout } from "./layout.ts";

/** Cityscapes, whose depth is measured by two cameras. */
export const cityscapes: DataLayout<"cityscapes"> = {
  name: "cityscapes",
  signs: {
    text: "the folders leftImg8bit, disparity and camera",
    folder: ({ files, folders }) => {
      const names = [...files, ...folders];
      const areThere = (ending: string) =>
        ["leftImg8bit", "disparity"].every((name) => names.includes(`${name}${ending}`));
      return areThere("") || areThere("_trainvaltest") ? [] : null;
    },
  },
  uses: [],
  depth: "metres from disparity and camera",
  splits: "train and val; city = scene",
  load: async () => {
    const { cityscapesDataset } = await import("../cityscapes.ts");
    return (_, { folder }) => cityscapesDataset({ folder });
  },
};
