/** A small data set of image files, as a user has one. */
import { encodeGrey16Png } from "../../lib/formats/png.ts";
import { pngOf } from "./support.ts";

/** The size of every image. */
const [height, width] = [37, 45];

/** Depth of 3 m from the nearest on, in millimetres, with a hole at every seventh pixel. */
export const depthOf = (phase: number, nearest = 1000): Uint8Array =>
  encodeGrey16Png(
    height,
    width,
    Uint16Array.from({ length: height * width }, (_, at) => at % 7 === 0 ? 0 : nearest + (at * 3 + 500 * phase) % 3000),
  );

/** How many pixels of each depth map are measured. */
export const validPixels =
  Array.from({ length: height * width }, (_, at) => at % 7).filter((rest) => rest !== 0).length;

/** A folder of five pairs in two scenes: three to train, two to test, which are all farther away. */
export const writePairs = async (folder: string): Promise<void> => {
  const rows = ["train", "train", "train", "test", "test"].map((split, at) =>
    `${at}.png,${at}_depth.png,${at % 2 === 0 ? "kitchen" : "office"},${split}`
  );
  await Deno.mkdir(folder);
  await Deno.writeTextFile(`${folder}/pairs.csv`, ["image,depth,scene,split", ...rows].join("\n"));
  for (const at of rows.keys()) {
    await Deno.writeFile(`${folder}/${at}.png`, pngOf(height, width, at));
    await Deno.writeFile(`${folder}/${at}_depth.png`, depthOf(at, at < 3 ? 1000 : 6000));
  }
};
