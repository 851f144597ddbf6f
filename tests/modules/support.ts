/** Modules of one's own as a user writes them: a network, a data set, and files that they import. */
import { moduleUrl } from "../tasks/support.ts";

/** The width of a network, which lies in a file that its module imports. */
export const helperText = (scale: number): string => `export const scale = ${scale};\n`;

/** A network of two convolutions and batch norm; it imports `scale` from "./helper.ts". */
export const networkText = `import { networkModule } from "${moduleUrl("lib/experiment/network_module.ts")}";
import { preprocess } from "${moduleUrl("lib/cliffnet/network.ts")}";
import { biasedConv, compose, convNormRelu, fromFunction, inputFeatures, layer, softplus } from "${
  moduleUrl("lib/nn/mod.ts")
}";
import { pipe } from "${moduleUrl("lib/dependencies/pipe.ts")}";
import { tf } from "${moduleUrl("lib/dependencies/tensorflow.ts")}";
import { scale } from "./helper.ts";
const width = { type: "integer", least: 1, most: 9, default: 3, description: "Channels between." };
export default networkModule({ width }, ({ width }) => {
  const chain = pipe(
    inputFeatures(3),
    layer("first", convNormRelu(3, width, 3)),
    layer("last", biasedConv(width, 1, 1)),
    layer("positive", softplus(1)),
  );
  return compose(compose(preprocess("rgb-centred"), chain), fromFunction((depth) => tf.mul(depth, scale)));
});
`;

/** Walls at a slope: the metres at a pixel are those of its column, and of the sample. */
export const dataText = `import { dataModule } from "${moduleUrl("lib/data/data_module.ts")}";
import { splitBy } from "${moduleUrl("lib/data/split_by.ts")}";
const count = { type: "integer", least: 1, most: 9, default: 3, description: "How many training samples." };
const [height, width] = [36, 44];
const wall = (index) => {
  const metresAt = (pixel) => 1 + (pixel % width) / 16 + index / 8;
  const metres = Float32Array.from({ length: height * width }, (_, pixel) => pixel < 50 ? 0 : metresAt(pixel));
  const pixels = Uint8Array.from({ length: height * width * 3 }, (_, at) => 255 / metresAt(Math.floor(at / 3)));
  return { image: { height, width, pixels }, depth: { height, width, metres } };
};
export default dataModule({ count }, ({ count }, { folder }) => ({
  name: folder === "" ? "walls" : "walls in " + folder,
  scenes: [],
  train: splitBy(count, wall),
  test: splitBy(2, (index) => wall(count + index)),
}));
`;

/** Writes files into a folder by their names. */
export const writeFiles = async (folder: string, files: Readonly<Record<string, string>>): Promise<void> => {
  for (const [name, text] of Object.entries(files)) {
    await Deno.mkdir(`${folder}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
};

/** The network and the data set as files of a folder. */
export const ownFiles = { "network.ts": networkText, "helper.ts": helperText(1), "walls.ts": dataText } as const;
