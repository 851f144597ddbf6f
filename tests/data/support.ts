/** Samples that the tests of data are made with. */
import type { Sample } from "../../lib/data/dataset.ts";

/** A sample whose levels and depths are functions of row and column. */
export const sampleOf = (
  height: number,
  width: number,
  level: (row: number, column: number, channel: number) => number,
  metres: (row: number, column: number) => number,
): Sample => ({
  name: "made for a test",
  image: {
    height,
    width,
    pixels: Uint8Array.from({ length: height * width * 3 }, (_, at) => {
      const pixel = Math.floor(at / 3);
      return level(Math.floor(pixel / width), pixel % width, at % 3);
    }),
  },
  depth: {
    height,
    width,
    metres: Float32Array.from({ length: height * width }, (_, at) => metres(Math.floor(at / width), at % width)),
  },
  scene: "kitchen",
  intrinsics: { fx: 100, fy: 101, cx: 1.25, cy: 2.5 },
});
