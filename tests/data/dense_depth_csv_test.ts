import fc from "fast-check";
import {
  type DenseDepthCoding,
  denseDepthDataset,
  type DenseDepthOptions,
  parseDenseDepthList,
} from "../../lib/data/dense_depth.ts";
import { orThrow } from "../../lib/errors.ts";
import { assert, assertEquals } from "../std.ts";
import {
  assertDepth,
  assertFails,
  grey16,
  grey8,
  namesOf,
  picture,
  pixelAt,
  sampleAt,
  testOriginal,
  type Tree,
  withTree,
} from "./layout_support.ts";

/** A data set as it is published: training depth of 8 bits and test depth of 16. */
const tree = {
  "data/nyu2_train.csv": "data/nyu2_train/kitchen_0028a_out/1.jpg,data/nyu2_train/kitchen_0028a_out/1.png\n" +
    "data/nyu2_train/living_room_0038_out/37.jpg,data/nyu2_train/living_room_0038_out/37.png\n",
  "data/nyu2_test.csv": "data/nyu2_test/00000_colors.png,data/nyu2_test/00000_depth.png\n",
  "data/nyu2_train/kitchen_0028a_out/1.jpg": picture,
  "data/nyu2_train/kitchen_0028a_out/1.png": grey8(0, 51, 102, 153, 255, 1),
  "data/nyu2_train/living_room_0038_out/37.jpg": picture,
  "data/nyu2_train/living_room_0038_out/37.png": grey8(255, 255, 255, 255, 255, 255),
  "data/nyu2_test/00000_colors.png": picture,
  "data/nyu2_test/00000_depth.png": grey16(0, 1000, 2500, 9999, 10000, 1),
};

const firstDepth = "data/nyu2_train/kitchen_0028a_out/1.png";

const open = (options: Partial<DenseDepthOptions> = {}) => (folder: string) =>
  denseDepthDataset({ folder, ...options });

testOriginal("densedepth-nyu", "two frames of DenseDepth, of which 65535 is 10 m", async (folder) => {
  const dataset = orThrow(await denseDepthDataset({ folder })());
  assertEquals([dataset.train.size, dataset.test.size, dataset.scenes], [2, 0, ["classroom"]]);
  const known = [
    {
      pixels: [[240, 320, 4.779736018921187], [100, 200, 6.549935149156939]],
      zeros: 0,
      sum: 1261135.1863889524,
      farthest: 6.888227664606699,
    },
    {
      pixels: [[240, 320, 4.259250782024872], [100, 200, 4.419317921721218]],
      zeros: 0,
      sum: 1098617.946288243,
      farthest: 5.32341496910048,
    },
  ] as const;
  for (const [index, expected] of known.entries()) {
    assertDepth(await sampleAt(dataset, "train", index), expected);
  }
  const sample = await sampleAt(dataset, "train", 0);
  assertEquals([pixelAt(sample, 240, 320), pixelAt(sample, 100, 200)], [[89, 64, 32], [254, 254, 254]]);
});

testOriginal(
  "densedepth-nyu",
  "DenseDepth's 16 bits with white = 10 m are no millimetres, and no 8 bits",
  async (folder) => {
    const wrong: readonly DenseDepthCoding[] = ["16-bit-mm", "8-bit-10m"];
    for (const trainDepth of wrong) {
      const result = await orThrow(await denseDepthDataset({ folder, trainDepth })()).train.read(0)();
      assert(result._tag === "Left" && result.left.kind === "data");
    }
  },
);

Deno.test("DenseDepth: training depth of 8 bits ends at 10 m, test depth of 16 bits is in millimetres", async () => {
  await withTree(tree, async (folder) => {
    const dataset = orThrow(await denseDepthDataset({ folder })());
    const names = ["data/nyu2_train/kitchen_0028a_out/1.jpg", "data/nyu2_train/living_room_0038_out/37.jpg"];
    assertEquals(namesOf(dataset, "train"), names);
    assertEquals([dataset.scenes, dataset.test.entry(0).scene], [["kitchen", "living_room"], null]);
    const train = await sampleAt(dataset, "train", 0);
    assertEquals([...train.depth.metres], [0, 2, 4, 6, 10, 10 / 255].map(Math.fround));
    const test = await sampleAt(dataset, "test", 0);
    assertEquals([...test.depth.metres], [0, 1, 2.5, 9.999, 10, 0.001].map(Math.fround));
  });
});

Deno.test("DenseDepth: training depth of 16 bits is told by its bits, and may be declared", async () => {
  const changed = { ...tree, [firstDepth]: grey16(0, 65535, 13107, 1, 6554, 100) };
  for (const options of [{}, { trainDepth: "16-bit-10m" }] as const) {
    await withTree(changed, async (folder) => {
      const { depth } = await sampleAt(orThrow(await open(options)(folder)()), "train", 0);
      assertEquals([...depth.metres], [0, 10, 2, 10 / 65535, 65540 / 65535, 1000 / 65535].map(Math.fround));
    });
  }
  await withTree({ ...tree, [firstDepth]: grey16(0, 1, 2, 3, 4000, 5) }, async (folder) => {
    const { depth } = await sampleAt(orThrow(await open({ trainDepth: "16-bit-mm" })(folder)()), "train", 0);
    assertEquals(depth.metres[4], 4);
  });
});

Deno.test("DenseDepth: lists may lie beside the folder data, and data itself may be given", async () => {
  const beside: Tree = { ...tree, "nyu2_train.csv": tree["data/nyu2_train.csv"], "data/nyu2_train.csv": null };
  for (const [files, within] of [[beside, ""], [tree, "/data"]] as const) {
    await withTree(files, async (folder) => {
      const dataset = orThrow(await denseDepthDataset({ folder: `${folder}${within}` })());
      assertEquals((await sampleAt(dataset, "train", 1)).depth.metres[0], 10);
      assertEquals((await sampleAt(dataset, "test", 0)).depth.metres[1], 1);
    });
  }
});

Deno.test("DenseDepth: without a test list the last share is held out", async () => {
  await withTree({ ...tree, "data/nyu2_test.csv": null }, async (folder) => {
    const dataset = orThrow(await denseDepthDataset({ folder, testShare: 0.5 })());
    assertEquals(namesOf(dataset, "test"), ["data/nyu2_train/living_room_0038_out/37.jpg"]);
    assertEquals(orThrow(await denseDepthDataset({ folder })()).test.size, 0);
  });
});

Deno.test("DenseDepth: depth whose bits are not the declared ones is named, with file and line", async () => {
  const parts = [`${firstDepth}: found a depth map of 8 bits, expected 16 bits`, "data/nyu2_train.csv, line 1"];
  await assertFails(tree, open({ trainDepth: "16-bit-10m" }), "data", [...parts, "65535 = 10 m"]);
  await assertFails(tree, open({ trainDepth: "16-bit-mm" }), "data", [...parts, "millimetres"]);
  const deep = { ...tree, [firstDepth]: grey16(0, 1, 2, 3, 4, 5) };
  await assertFails(deep, open({ trainDepth: "8-bit-10m" }), "data", ["16 bits, expected 8 bits", "255 = 10 m"]);
});

Deno.test("DenseDepth: millimetres beyond 10 m are named: they are another scale", async () => {
  const far = { ...tree, "data/nyu2_test/00000_depth.png": grey16(0, 1, 2, 3, 10001, 5) };
  await assertFails(far, open(), "data", ["a depth of 10.001 m", "16-bit-10m", "nyu2_test.csv, line 1"], "test");
});

Deno.test("DenseDepth: lines that are none, and paths that leave the folder, are named", async () => {
  const lines = {
    "a.jpg,a.png,train": "",
    "a.jpg,": "an empty field",
    "../a.jpg,a.png": "the path ../a.jpg",
    "a.jpg,/etc/a.png": "the path /etc/a.png",
  };
  for (const [line, found] of Object.entries(lines)) {
    const parts = ["data/nyu2_train.csv, line 2: found", found];
    await assertFails({ "data/nyu2_train.csv": `b.jpg,b.png\n${line}\n` }, open(), "data", parts);
  }
  await assertFails({ "data/nyu2_train.csv": "a.jpg,a.png,train\n" }, open(), "data", ["line 1: found 3 fields"]);
});

Deno.test("DenseDepth: what is wrong with a pair or a list is named", async () => {
  const line = "Listed in data/nyu2_train.csv, line 1";
  await assertFails({ ...tree, [firstDepth]: null }, open(), "missing", [`${firstDepth}: found no such file`, line]);
  await assertFails({ ...tree, [firstDepth]: picture }, open(), "format", [firstDepth, line]);
  await assertFails({ ...tree, [firstDepth]: grey8(0, 0, 0, 0, 0, 0) }, open(), "data", ["no valid depth", line]);
  await assertFails({ ...tree, "data/nyu2_train.csv": null }, open(), "missing", [
    "nyu2_train.csv: found no such file",
  ]);
  await assertFails({ "data/nyu2_train.csv": "" }, open(), "data", ["nyu2_train.csv: found no sample"]);
});

Deno.test("DenseDepth: any text is a list or a failure that names the list", () => {
  const fields = fc.array(fc.oneof(fc.string(), fc.constantFrom("data/a.png", "..", '"', "\r\n", "\ufeff")));
  fc.assert(fc.property(fields, fc.constantFrom(",", "\n"), (parts, between) => {
    const result = parseDenseDepthList("list.csv", parts.join(between));
    assert(result._tag === "Right" || (result.left.kind === "data" && result.left.where.startsWith("list.csv")));
  }));
});
