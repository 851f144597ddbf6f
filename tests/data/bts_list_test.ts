import fc from "fast-check";
import { btsDataset, parseBtsList } from "../../lib/data/bts.ts";
import { orThrow } from "../../lib/errors.ts";
import { encodeGrey16Png } from "../../lib/formats/png.ts";
import { assert, assertEquals, assertThrows } from "../std.ts";
import {
  assertDepth,
  assertFails,
  failureOf,
  grey16,
  grey8,
  namesOf,
  picture,
  sampleAt,
  testOriginal,
  withTree,
} from "./layout_support.ts";

const depth = grey16(0, 500, 1000, 2250, 65535, 1);

/** A data set as it is published: slashes begin the paths of the training list, and test folders are kinds of scenes. */
const tree = {
  "train.txt": "/kitchen_0028a/rgb_0.jpg /kitchen_0028a/sync_depth_0.png 518.8579\r\n\r\n" +
    "/living_room_0001/rgb_7.png /living_room_0001/sync_depth_7.png 518.8579\n" +
    "/kitchen_0028a/rgb_1.jpg None 518.8579\n",
  "test.txt": "bathroom/rgb_00045.png bathroom/sync_depth_00045.png 518.8579\nbathroom/rgb_1.png None 518.8579\n",
  "kitchen_0028a/rgb_0.jpg": picture,
  "kitchen_0028a/sync_depth_0.png": depth,
  "living_room_0001/rgb_7.png": picture,
  "living_room_0001/sync_depth_7.png": depth,
  "bathroom/rgb_00045.png": picture,
  "bathroom/sync_depth_00045.png": depth,
};

const openTrain = (folder: string) => btsDataset({ train: { list: `${folder}/train.txt` } });

testOriginal(
  "bts-nyu/files_with_gt.txt",
  "three frames of a BTS list, and one line without ground truth",
  async (list) => {
    const dataset = orThrow(await btsDataset({ train: { list } })());
    assertEquals([dataset.train.size, dataset.test.size, dataset.scenes], [3, 0, ["basement"]]);
    assertEquals(dataset.omitted, [{ what: "lines without ground truth (None)", count: 1 }]);
    const known = [
      { pixels: [[240, 320, 3.015], [100, 200, 3.929]], zeros: 82079, sum: 805536.601, farthest: 6.625 },
      { pixels: [[240, 320, 6.566], [100, 200, 3.068]], zeros: 76602, sum: 796840.645, farthest: 8.266 },
      { pixels: [[240, 320, 2.319], [100, 200, 2.117]], zeros: 101230, sum: 574303.696, farthest: 6.446 },
    ] as const;
    for (const [index, expected] of known.entries()) {
      const sample = await sampleAt(dataset, "train", index);
      assertEquals([sample.image.height, sample.image.width, sample.scene], [480, 640, "basement"]);
      assertDepth(sample, expected);
    }
  },
);

Deno.test("BTS: published lists of both splits are read, whatever begins their paths, and the scene's kind is told", async () => {
  await withTree(tree, async (folder) => {
    const lists = { train: { list: `${folder}/train.txt` }, test: { list: `${folder}/test.txt` } };
    const dataset = orThrow(await btsDataset(lists)());
    assertEquals(namesOf(dataset, "train"), ["kitchen_0028a/rgb_0.jpg", "living_room_0001/rgb_7.png"]);
    assertEquals(namesOf(dataset, "test"), ["bathroom/rgb_00045.png"]);
    assertEquals(dataset.scenes, ["kitchen", "living_room"]);
    assertEquals(dataset.omitted.map(({ count }) => count), [2]);
    assertEquals(dataset.train.entry(1).where, `${folder}/train.txt, line 3`);
    const sample = await sampleAt(dataset, "train", 0);
    assertEquals([...sample.depth.metres], [0, 0.5, 1, 2.25, 65.535, 0.001].map(Math.fround));
    assertEquals([sample.scene, sample.intrinsics], ["kitchen", null]);
  });
});

Deno.test("BTS: pictures and depth maps may have roots of their own, and another scale, as KITTI's have", async () => {
  const kitti = {
    "eigen.txt": "2011_09_26/drive_0001/1.png drive_0001_sync/proj_depth/1.png 721.5377\n",
    "raw/2011_09_26/drive_0001/1.png": picture,
    "depth/drive_0001_sync/proj_depth/1.png": grey16(0, 256, 512, 0, 20480, 64),
  };
  await withTree(kitti, async (folder) => {
    const train = { list: `${folder}/eigen.txt`, imageRoot: `${folder}/raw`, depthRoot: `${folder}/depth` };
    const sample = await sampleAt(orThrow(await btsDataset({ train, depthScale: 256 })()), "train", 0);
    assertEquals([...sample.depth.metres], [0, 1, 2, 0, 80, 0.25]);
    assertEquals(sample.scene, null);
  });
});

Deno.test("BTS: without a test list the last share of the list is held out", async () => {
  await withTree(tree, async (folder) => {
    const dataset = orThrow(await btsDataset({ train: { list: `${folder}/train.txt` }, testShare: 0.5 })());
    assertEquals(namesOf(dataset, "test"), ["living_room_0001/rgb_7.png"]);
  });
});

Deno.test("BTS: lines that are none, and paths that leave the root, are named", async () => {
  const lines = {
    "a.jpg": "1 fields",
    "a.jpg a.png 518 more": "4 fields",
    "a.jpg a.png wide": "the focal length wide",
    "a.jpg a.png 0": "the focal length 0",
    "a.jpg a.png -1": "the focal length -1",
    "a.jpg a.png Infinity": "the focal length Infinity",
    "../a.jpg a.png 518": "the path ../a.jpg",
    "a.jpg /../a.png 518": "the path ../a.png",
    "C:\\a.jpg a.png 518": "the path C:\\a.jpg",
    "//..//a.jpg None 518": "the path ..//a.jpg",
    "/ a.png 518": "the path /",
  };
  for (const [line, found] of Object.entries(lines)) {
    await assertFails({ "train.txt": `b.jpg None 5\n\n${line}\n` }, openTrain, "data", [
      "train.txt, line 3: found",
      found,
    ]);
  }
});

Deno.test("BTS: a list without any ground truth says how many lines it has", async () => {
  const parts = ["train.txt: found no sample", "2 lines without ground truth"];
  await assertFails({ "train.txt": "a.jpg None 5\nb.jpg None 5\n" }, openTrain, "data", parts);
  await assertFails({ "train.txt": "" }, openTrain, "data", ["train.txt: found no sample"]);
});

Deno.test("BTS: what is wrong with a pair is named, with its file and its line", async () => {
  const depthFile = "kitchen_0028a/sync_depth_0.png";
  const line = "train.txt, line 1";
  const cases = [
    ["missing", { "kitchen_0028a/rgb_0.jpg": null }, ["kitchen_0028a/rgb_0.jpg: found no such file"]],
    ["missing", { [depthFile]: null }, [`${depthFile}: found no such file`]],
    ["missing", { "train.txt": null }, ["train.txt: found no such file"]],
    ["format", { [depthFile]: depth.subarray(0, 50) }, [depthFile]],
    ["format", { [depthFile]: picture }, [depthFile, "a PNG in colour"]],
    ["data", { [depthFile]: grey8(1, 2, 3, 4, 5, 6) }, [depthFile, "8 bits, expected 16 bits"]],
    ["data", { [depthFile]: encodeGrey16Png(3, 2, Uint16Array.of(1, 2, 3, 4, 5, 6)) }, [depthFile, "2×3", "3×2"]],
    ["data", { [depthFile]: grey16(0, 0, 0, 0, 0, 0) }, [depthFile, "no valid depth"]],
  ] as const;
  for (const [kind, changed, parts] of cases) {
    const listed = "train.txt" in changed ? [] : [`Listed in ${line}`];
    await assertFails({ ...tree, ...changed }, openTrain, kind, [...parts, ...listed]);
  }
});

Deno.test("BTS: a test list that is missing is named", async () => {
  await withTree(tree, async (folder) => {
    const list = `${folder}/train.txt`;
    const found = await failureOf(btsDataset({ train: { list }, test: { list: `${folder}/none.txt` } }));
    assertEquals([found.kind, found.where], ["missing", `${folder}/none.txt`]);
  });
});

Deno.test("BTS: a scale or a share that cannot be is a bug of the caller", () => {
  for (const depthScale of [0, -1, NaN, Infinity]) {
    assertThrows(() => btsDataset({ train: { list: "train.txt" }, depthScale }));
  }
});

Deno.test("BTS: every list of plain names comes back as it was written", () => {
  const path = fc.stringMatching(/^[a-z0-9_]{1,6}(\/[a-z0-9_.-]{1,6})?$/).filter((text) => !/(^|\/)\.\.$/.test(text));
  const entry = fc.tuple(path, fc.option(path.filter((text) => text !== "None")), fc.integer({ min: 1, max: 9999 }));
  fc.assert(fc.property(fc.array(entry), fc.constantFrom("", "/"), (rows, slash) => {
    const text = rows.map(([image, map, focal]) =>
      `${slash}${image} ${map === null ? "None" : slash + map} ${focal}\n`
    );
    const read = orThrow(parseBtsList("list.txt", text.join("")));
    assertEquals(read.map((each) => [each.image, each.depth, each.focal]), rows);
    assertEquals(read.map(({ line }) => line), rows.map((_, index) => index + 1));
  }));
});

Deno.test("BTS: any text is a list or a failure that names the list", () => {
  const fields = fc.array(fc.oneof(fc.string(), fc.constantFrom("None", "/a.png", "..", "1e3", "\n", "\u0000")));
  fc.assert(fc.property(fields, fc.constantFrom(" ", "\n", "\t"), (parts, space) => {
    const result = parseBtsList("list.txt", parts.join(space));
    assert(result._tag === "Right" || (result.left.kind === "data" && result.left.where.startsWith("list.txt")));
    if (result._tag === "Left") return;
    for (const { image } of result.right) assert(!image.startsWith("/") && !image.split("/").includes(".."));
  }));
});
