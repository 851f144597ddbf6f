import { isSunFrame } from "../sun_folders.ts";
import type { DataLayout } from "./layout.ts";

/** SUN RGB-D: a folder a frame. */
export const sunRgbd: DataLayout<"sunrgbd"> = {
  name: "sunrgbd",
  signs: {
    text: "folders image, depth and depth_bfx with intrinsics.txt, also deeper",
    folder: (folder) => isSunFrame(folder) ? [] : null,
    levels: 6,
  },
  uses: ["depth", "testShare"],
  depth: "PNG, bits rotated; `raw` or `filled`",
  splits: "the last `testShare`",
  load: async () => {
    const { sunDataset } = await import("../sun_rgbd.ts");
    return ({ depth, testShare }, { folder }) =>
      sunDataset({ folder, testShare, depth: depth === "filled" ? "filled" : "raw" });
  },
};
