import { type FilesData, filesFields } from "../../lib/data/fields.ts";
import { openData } from "../../lib/data/open_data.ts";
import { E } from "../../lib/dependencies/fp.ts";
import { orThrow } from "../../lib/errors.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { grey16, picture, type Tree, withTree } from "./layout_support.ts";

/** Pairs of 3 × 2 pixels, of which the second for training and the first for testing have no picture. */
const tree: Tree = {
  "pairs.csv": "image,depth,split\na.png,d.png,train\nlost.png,d.png,train\nb.png,d.png,train\n" +
    "gone.png,d.png,test\nc.png,d.png,test\n",
  "a.png": picture,
  "b.png": picture,
  "c.png": picture,
  "d.png": grey16(0, 500, 1000, 2250, 65535, 1),
};

const dataIn = (folder: string, onUnreadable: FilesData["onUnreadable"]): FilesData => ({
  kind: "files",
  folder,
  height: 4,
  width: 6,
  layout: "auto",
  list: "",
  testList: "",
  imageRoot: "",
  depthRoot: "",
  depthScale: 0,
  depth: "published",
  testShare: 0.2,
  crop: [],
  shuffleBuffer: filesFields.shuffleBuffer.default,
  onUnreadable,
});

const augment = { mirror: true, jitter: 0.3, rotation: 0, scale: 1 };

Deno.test("opened data give samples at their own size, at the network's and changed, whoever reads them", async () => {
  await withTree(tree, async (folder) => {
    const samplesBy = async (workers: number) => {
      const { original, resized, augmented, skipped, close } = orThrow(
        await openData(dataIn(folder, "fail"), { workers })(),
      );
      const reads = [original.train.read(2), resized.test.read(1), augmented(augment)(0, keyOf(3))];
      const samples = [];
      for (const read of reads) samples.push(orThrow(await read()));
      close();
      assertEquals(skipped(), []);
      return samples;
    };
    const here = await samplesBy(0);
    assertEquals(here.map(({ image }) => [image.height, image.width]), [[2, 3], [4, 6], [4, 6]]);
    assertEquals(here.map(({ name }) => name), ["b.png", "c.png", "a.png"]);
    assertEquals(await samplesBy(2), here);
  });
});

Deno.test("samples that cannot be read are failures, or others stand for them and each is told once", async () => {
  await withTree(tree, async (folder) => {
    const failing = orThrow(await openData(dataIn(folder, "fail"), { workers: 0 })());
    for (const read of [failing.resized.train.read(1), failing.augmented(augment)(1, keyOf(1))]) {
      const result = await read();
      assert(E.isLeft(result) && result.left.where === `${folder}/lost.png`);
    }
    assertEquals([failing.onUnreadable, failing.skipped()], ["fail", []]);
    const skipping = orThrow(await openData(dataIn(folder, "skip"), { workers: 0 })());
    for (let time = 0; time < 2; time++) {
      assertEquals(orThrow(await skipping.augmented(augment)(1, keyOf(1))()).name, "b.png");
      assertEquals(orThrow(await skipping.resized.test.read(0)()).name, "c.png");
    }
    const problems = skipping.skipped();
    assertEquals(problems.map(({ where }) => where), [`${folder}/lost.png`, `${folder}/gone.png`]);
    assertStringIncludes(problems[0]?.details?.join() ?? "", "pairs.csv, line 3");
    assert(E.isLeft(await skipping.original.train.read(1)()), "whoever reads the data themselves decides for himself");
    assertEquals(skipping.onUnreadable, "skip");
  });
});

Deno.test("data without a folder ask for one", async () => {
  const result = await openData(dataIn("", "fail"), { workers: 0 })();
  assert(E.isLeft(result) && result.left.kind === "usage" && result.left.where === "--data");
});
