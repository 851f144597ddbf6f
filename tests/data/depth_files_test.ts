import { bts } from "../../lib/data/layouts.ts";
import { csvDataset } from "../../lib/data/csv.ts";
import { btsDataset } from "../../lib/data/bts.ts";
import { linearDepth, ofBits, readPair, scaledDepth } from "../../lib/data/pair.ts";
import { listLayoutOf } from "../../lib/data/recognize_layout.ts";
import { describe, orThrow } from "../../lib/errors.ts";
import { decodeDepthFile } from "../../lib/formats/depth_file.ts";
import { encodeNpy } from "../../lib/formats/npy.ts";
import { encodeGrey16Png, encodeRgbPng } from "../../lib/formats/png.ts";
import { leftOf, rightOf } from "../formats/support.ts";
import { tiffOf } from "../formats/tiff_writer.ts";
import { zipOf } from "../formats/zip_writer.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { picture, sampleAt, withTree } from "./layout_support.ts";

const [height, width] = [2, 3];
const metres = [1.5, 2.25, 0, 3.75, 0.5, 10];
const npy = (values: readonly number[], shape = [height, width]): Uint8Array =>
  encodeNpy({ shape, values: Float32Array.from(values) });
const grey = encodeGrey16Png(height, width, Uint16Array.from(metres, (depth) => depth * 1000));

/** The same depth in each format, floating-point and whole. */
const files: Readonly<Record<string, Uint8Array>> = {
  "a grey PNG": grey,
  "an NPY": npy(metres),
  "an NPY of (rows, columns, 1)": npy(metres, [height, width, 1]),
  "an NPY of (1, rows, columns)": npy(metres, [1, height, width]),
  "an NPZ": zipOf([{ name: "arr_0.npy", bytes: npy(metres), isCompressed: true }]),
  "an NPZ of several": zipOf([{ name: "mask.npy", bytes: npy([1], [1, 1]) }, {
    name: "depth.npy",
    bytes: npy(metres),
  }]),
  "a float TIFF": tiffOf(metres, { height, width, bits: 32, kind: "float", compression: "LZW", predictor: 3 }),
  "a TIFF of 16 bits": tiffOf(metres.map((depth) => depth * 1000), { height, width, bits: 16, bigEndian: true }),
  "a TIFF of 32 bits": tiffOf(metres.map((depth) => depth * 1000), { height, width, bits: 32, kind: "signed" }),
};

const metresOf = async (bytes: Uint8Array, coding = scaledDepth(undefined, 1000)) => {
  const stored = rightOf(await decodeDepthFile("depth", bytes)());
  return [...rightOf(coding(stored, "depth"))];
};

Deno.test("the same depth is read from every format, whatever its file is called", async () => {
  for (const [what, bytes] of Object.entries(files)) {
    assertEquals(await metresOf(bytes), metres, what);
    await withTree({ "a.png": picture, "depth.png": bytes }, async (folder) => {
      const coding = ofBits(16, "here", scaledDepth(undefined, 1000));
      const pair = rightOf(await readPair({ image: `${folder}/a.png`, depth: `${folder}/depth.png` }, coding)());
      assertEquals([...pair.depth.metres], metres, what);
    });
  }
});

Deno.test("in floating-point depth NaN, infinities, negatives and what overflows are no measurement", async () => {
  const values = [NaN, Infinity, -Infinity, -1, 2, 0];
  assertEquals(await metresOf(npy(values)), [0, 0, 0, 0, 2, 0]);
  const wide = tiffOf([1e300, NaN, 3, -0.5, 1e-300, 4], { height, width, bits: 64, kind: "float" });
  assertEquals(await metresOf(wide), [0, 0, 3, 0, 0, 4]);
  const noData = tiffOf([99999, 2, 3, 4, 5, 99999], {
    height,
    width,
    bits: 32,
    kind: "float",
    text: { 42113: "99999" },
  });
  assertEquals(await metresOf(noData), [0, 2, 3, 4, 5, 0]);
  const signed = tiffOf([-5, 1000, 0, 2000, 3000, -1], { height, width, bits: 16, kind: "signed" });
  assertEquals(await metresOf(signed), [0, 1, 0, 2, 3, 0]);
});

Deno.test("a scale that is set divides floating-point and whole numbers alike", async () => {
  const millimetres = metres.map((depth) => depth * 1000);
  assertEquals(await metresOf(npy(millimetres), scaledDepth(1000, 5000)), metres);
  assertEquals(await metresOf(grey, scaledDepth(500, 5000)), metres.map((depth) => depth * 2));
  assertEquals(await metresOf(npy(metres), linearDepth(5000)), metres);
});

Deno.test("floating-point millimetres are not taken for metres", async () => {
  const stored = rightOf(await decodeDepthFile("d.npy", npy([1500, 2250, 0, 3750, 500, 9000]))());
  const problem = leftOf(scaledDepth(undefined, 1000)(stored, "d.npy"));
  assertStringIncludes(describe(problem), "nothing is nearer than 500.0");
  assertStringIncludes(describe(problem), "data.depthScale=1000");
  assertEquals([...rightOf(scaledDepth(1, 1000)(stored, "d.npy"))][0], 1500);
});

Deno.test("what is no depth map is named", async () => {
  const found = async (bytes: Uint8Array) => leftOf(await decodeDepthFile("d", bytes)()).found;
  assertStringIncludes(await found(npy([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2])), "[2,2,2]");
  assertStringIncludes(await found(npy([1, 2], [2])), "[2]");
  assertStringIncludes(
    await found(tiffOf([1, 2, 3], { height: 1, width: 1, samples: 3, bits: 8 })),
    "3 numbers a pixel",
  );
  assertStringIncludes(await found(tiffOf([1], { height: 1, width: 1, bits: 8, colour: 0 })), "white is zero");
  assertStringIncludes(await found(encodeRgbPng({ height: 1, width: 1, pixels: new Uint8Array(3) })), "colour");
  const map = rightOf(await decodeDepthFile("d", tiffOf([1, 2], { height: 1, width: 2, bits: 8 }))());
  assertStringIncludes(leftOf(ofBits(16, "here", linearDepth(1000))(map, "d")).found, "8 bits");
});

Deno.test("lists name depth in every format, and are recognised by it", async () => {
  const endings = ["png", "tif", "tiff", "npy", "npz", "NPY"];
  const lines = endings.map((ending, at) => ({ text: `rgb/${at}.webp depth/${at}.${ending} 500`, line: at + 1 }));
  assert(bts.signs.list?.(lines));
  assertEquals(listLayoutOf([{ text: "a.jpg,b.npz", line: 1 }]), "densedepth");
  assertEquals(listLayoutOf([{ text: "a.npy,b.png", line: 1 }]), null);
  const list = "image,depth,split\na.png,b.npy,train\na.png,c.tif,test\n";
  const tree = {
    "list.csv": list,
    "bts.txt": "a.png b.npy 500\n",
    "a.png": picture,
    "b.npy": npy(metres),
    "c.tif": files["a TIFF of 16 bits"] ?? null,
  };
  await withTree(tree, async (folder) => {
    const dataset = orThrow(await csvDataset({ folder, list: "list.csv" })());
    for (const split of ["train", "test"] as const) {
      assertEquals([...(await sampleAt(dataset, split, 0)).depth.metres], metres);
    }
    const listed = orThrow(await btsDataset({ train: { list: `${folder}/bts.txt` } })());
    assertEquals([...(await sampleAt(listed, "train", 0)).depth.metres], metres);
  });
});
