import { csvDataset } from "../../lib/data/csv.ts";
import { filesFields } from "../../lib/data/fields.ts";
import { withData } from "../../lib/data/open_data.ts";
import { checkedPair, pairCamera } from "../../lib/data/pair.ts";
import { resizeImage } from "../../lib/data/resize.ts";
import { surveyMonoid, surveyOf, surveyTable } from "../../lib/data/survey.ts";
import { TE } from "../../lib/dependencies/fp.ts";
import { orThrow } from "../../lib/errors.ts";
import { encodeGrey16Png, encodeRgbPng } from "../../lib/formats/png.ts";
import { leftOf, rightOf } from "../formats/support.ts";
import { assertEquals, assertStringIncludes } from "../std.ts";
import { sampleAt, withTree } from "./layout_support.ts";

const imageOf = (height: number, width: number) => ({
  height,
  width,
  pixels: Uint8Array.from({ length: height * width * 3 }, (_, at) => (at * 31) % 256),
});

/** Every third pixel is a hole; no two depths are equal. */
const depthOf = (height: number, width: number) => ({
  height,
  width,
  metres: Float32Array.from({ length: height * width }, (_, at) => at % 3 === 0 ? 0 : 1 + at / 100),
});

Deno.test("depth keeps every measurement and hole at its own size, and the image is resized to it", () => {
  // ScanNet, halved until a test is quick: 1296 × 968 and 640 × 480 are 1.3388 and 1.3333.
  for (const [image, depth] of [[imageOf(121, 162), depthOf(60, 80)], [imageOf(30, 40), depthOf(60, 80)]] as const) {
    const pair = rightOf(checkedPair({ image, depth }, "d.png"));
    assertEquals(pair.depth, depth);
    assertEquals(pair.image, resizeImage(60, 80)(image));
    assertEquals(pair.fileSizes?.image, { height: image.height, width: image.width });
  }
});

Deno.test("a pair of one size is what was read", () => {
  const pair = { image: imageOf(6, 8), depth: depthOf(6, 8) };
  assertEquals(rightOf(checkedPair(pair, "d.png")), pair);
});

Deno.test("shapes more than 2 % apart, and turned ones, are refused with both sizes", () => {
  for (const [height, width] of [[60, 85], [80, 60], [480, 700]] as const) {
    const problem = leftOf(checkedPair({ image: imageOf(120, 160), depth: depthOf(height, width) }, "d.png"));
    assertStringIncludes(problem.found, `${width}×${height}`);
    assertStringIncludes(problem.expected, "160×120");
  }
  rightOf(checkedPair({ image: imageOf(120, 160), depth: depthOf(60, 81) }, "d.png"));
});

Deno.test("a camera that is told for the image's file is one of the size that the pair has", () => {
  const pair = rightOf(checkedPair({ image: imageOf(12, 16), depth: depthOf(6, 8) }, "d.png"));
  const camera = pairCamera(pair, { fx: 20, fy: 22, cx: 8, cy: 6 });
  assertEquals(camera, { fx: 10, fy: 11, cx: 4, cy: 3 });
});

const tree = {
  "list.csv": "image,depth,split\na.png,small.png,train\nb.png,small.png,train\nc.png,small.png,test\n",
  "a.png": encodeRgbPng(imageOf(12, 16)),
  "b.png": encodeRgbPng(imageOf(12, 16)),
  "c.png": encodeRgbPng(imageOf(6, 8)),
  "small.png": encodeGrey16Png(6, 8, Uint16Array.from({ length: 48 }, (_, at) => 1000 + at)),
};

Deno.test("a survey counts samples whose depth has another size", async () => {
  await withTree(tree, async (folder) => {
    const dataset = orThrow(await csvDataset({ folder, list: "list.csv" })());
    const samples = await Promise.all([0, 1].map((index) => sampleAt(dataset, "train", index)));
    const train = (await Promise.all(samples.map(surveyOf))).reduce(surveyMonoid.concat);
    const test = await surveyOf(await sampleAt(dataset, "test", 0));
    assertEquals([train.resized, test.resized], [2, 0]);
    assertStringIncludes(surveyTable("it", { train, test }), "depth of another size");
    assertEquals([...train.sizes.keys()], ["8×6"]);
  });
});

Deno.test("it is told once, with both sizes, however many samples there are and who reads them", async () => {
  const usual = Object.fromEntries(Object.entries(filesFields).map(([name, { default: value }]) => [name, value]));
  for (const workers of [0, 2]) {
    await withTree(tree, async (folder) => {
      const told: string[] = [];
      const data = { ...usual, kind: "files", folder, height: 32, width: 32 } as Parameters<typeof withData>[0];
      const listener = { message: (line: string) => told.push(line) };
      const read = withData(
        data,
        { workers, listener },
        ({ resized, original }) =>
          TE.sequenceSeqArray([
            resized.train.read(0),
            original.train.read(0),
            resized.train.read(1),
            resized.test.read(0),
          ]),
      );
      orThrow(await read());
      const sizes = told.filter((line) => line.includes("an image of"));
      assertEquals(sizes.length, 1);
      assertStringIncludes(sizes[0] ?? "", "a.png has an image of 16×12 pixels and depth of 8×6");
    });
  }
});
