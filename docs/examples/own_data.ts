// A data set of one's own for every task, as PyTorch's Dataset: how many samples there are, and the sample at an index.
// deno task inspect --dataset docs/examples/own_data.ts
// deno task train --dataset docs/examples/own_data.ts --set data.options.count=40 --set training.steps=50
import { dataModule, type DepthImage, type RgbImage, splitBy } from "@cliffnet/cliffnet";

/** A wall that turns away more from sample to sample, brighter where it is nearer; a corner was not measured. */
const wall = (index: number): { readonly image: RgbImage; readonly depth: DepthImage } => {
  const [height, width] = [48, 64];
  const metresAt = (pixel: number): number => 1.5 + (pixel % width) / width * (2 + 2 * Math.sin(index));
  const metres = Float32Array.from({ length: height * width }, (_, pixel) => pixel < 100 ? 0 : metresAt(pixel));
  const pixels = Uint8Array.from({ length: height * width * 3 }, (_, value) => 255 / metresAt(Math.floor(value / 3)));
  return { image: { height, width, pixels }, depth: { height, width, metres } };
};

const count = {
  type: "integer",
  least: 2,
  most: 1000,
  default: 20,
  description: "How many training samples.",
} as const;

export default dataModule({ count }, ({ count }, { folder }) => ({
  name: folder === "" ? "walls" : folder, // --data DIR, for those who read files: await Deno.readFile(`${folder}/…`)
  scenes: [],
  train: splitBy(count, wall),
  test: splitBy(5, (index) => wall(count + index)),
}));
