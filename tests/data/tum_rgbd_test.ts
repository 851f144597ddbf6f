import fc from "fast-check";
import { parseTumList, tumDataset } from "../../lib/data/tum.ts";
import { orThrow } from "../../lib/errors.ts";
import { encodeGrey16Png, encodeRgbPng } from "../../lib/formats/png.ts";
import { assert, assertAlmostEquals, assertEquals } from "../std.ts";
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
  withTree,
} from "./layout_support.ts";

const depth = grey16(0, 5000, 10000, 2500, 65535, 1);

/** A sequence in a folder: two pairs, a picture and a depth map without partners. */
const sequence = (folder: string) => ({
  [`${folder}rgb.txt`]: "# color images\n# file: 'a.bag'\n# timestamp filename\n" +
    "1305031910.765238 rgb/1.png\n1305031910.797230 rgb/2.png\n1305031910.835208 rgb/3.png\n",
  [`${folder}depth.txt`]: "# depth maps\n" +
    "1305031910.771502 depth/1.png\n1305031910.803249 depth/2.png\n1305031911.5 depth/9.png\n",
  [`${folder}rgb/1.png`]: picture,
  [`${folder}rgb/2.png`]: picture,
  [`${folder}depth/1.png`]: depth,
  [`${folder}depth/2.png`]: depth,
});

const open = (folder: string) => tumDataset({ folder });

testOriginal(
  "tum-freiburg1",
  "three pairs of TUM RGB-D, 5 to 7 ms apart, with the camera of freiburg1",
  async (folder) => {
    const dataset = orThrow(await tumDataset({ folder })());
    assertEquals([dataset.train.size, dataset.test.size, dataset.scenes, dataset.omitted], [
      3,
      0,
      ["tum-freiburg1"],
      [],
    ]);
    const known = [
      { pixels: [[240, 320, 5111 / 5000], [100, 200, 4378 / 5000]], zeros: 69059, sum: 231789.0312, farthest: 1.6988 },
      { pixels: [[240, 320, 6303 / 5000], [100, 200, 0]], zeros: 82744, sum: 305374.0206, farthest: 2.7042 },
      { pixels: [[240, 320, 6665 / 5000], [100, 200, 0]], zeros: 82686, sum: 285975.035, farthest: 2.7042 },
    ] as const;
    const colours = [[187, 183, 188], [16, 10, 12], [14, 12, 18]];
    for (const [index, expected] of known.entries()) {
      const sample = await sampleAt(dataset, "train", index);
      assertDepth(sample, expected);
      assertEquals(pixelAt(sample, 240, 320), colours[index]);
      assertEquals([sample.intrinsics?.fx, sample.intrinsics?.fy], [517.3, 516.5]);
      assertAlmostEquals(sample.intrinsics?.cx ?? NaN, 319.1, 1e-9);
    }
  },
);

Deno.test("TUM: frames go together by time, those without a partner are counted", async () => {
  await withTree(sequence(""), async (folder) => {
    const dataset = orThrow(await tumDataset({ folder })());
    const scene = folder.split("/").at(-1) ?? "";
    assertEquals(namesOf(dataset, "train"), [`${scene}/rgb/1.png`, `${scene}/rgb/2.png`]);
    assertEquals(dataset.omitted, [{ what: "frames without a partner within 20 ms", count: 2 }]);
    assertEquals(dataset.train.entry(1).where, `${folder}/rgb.txt, line 5, and depth.txt, line 3`);
    const sample = await sampleAt(dataset, "train", 0);
    assertEquals([...sample.depth.metres], [0, 1, 2, 0.5, 13.107, 0.0002].map(Math.fround));
    assertEquals([sample.scene, sample.intrinsics], [scene, null]);
  });
});

Deno.test("TUM: a folder may hold several sequences, each a scene; the last share of all is held out", async () => {
  const tree = { ...sequence("b_desk/"), ...sequence("a_room/"), "notes/readme.txt": "none", "licence.txt": "free" };
  await withTree(tree, async (folder) => {
    const dataset = orThrow(await tumDataset({ folder, testShare: 0.25 })());
    assertEquals(namesOf(dataset, "train"), ["a_room/rgb/1.png", "a_room/rgb/2.png", "b_desk/rgb/1.png"]);
    assertEquals([namesOf(dataset, "test"), dataset.scenes], [["b_desk/rgb/2.png"], ["a_room", "b_desk"]]);
    assertEquals((await sampleAt(dataset, "test", 0)).depth.metres[1], 1);
  });
});

Deno.test("TUM: the camera is told by the sequence's name, for pictures of the calibrated size", async () => {
  const tree = {
    "freiburg3_desk/rgb.txt": "1 rgb.png\n",
    "freiburg3_desk/depth.txt": "1 depth.png\n",
    "freiburg3_desk/rgb.png": encodeRgbPng({ height: 480, width: 640, pixels: new Uint8Array(640 * 480 * 3) }),
    "freiburg3_desk/depth.png": encodeGrey16Png(480, 640, new Uint16Array(640 * 480).fill(5000)),
  };
  await withTree({ ...tree, ...sequence("freiburg3_small/") }, async (folder) => {
    const dataset = orThrow(await tumDataset({ folder })());
    const { intrinsics } = await sampleAt(dataset, "train", 0);
    assertEquals(intrinsics, { fx: 535.4, fy: 539.2, cx: 320.6, cy: 248.1 });
    assertEquals((await sampleAt(dataset, "train", 1)).intrinsics, null);
  });
});

Deno.test("TUM: lines that are none, and paths that leave the folder, are named", async () => {
  const lines = {
    "1305031910.76": "1 fields",
    "1305031910.76 rgb/1.png more": "3 fields",
    "noon rgb/1.png": "the timestamp noon",
    "-1 rgb/1.png": "the timestamp -1",
    "Infinity rgb/1.png": "the timestamp Infinity",
    "1305031910765238000 rgb/1.png": "the timestamp 1305031910765238000",
    "1305031910.76 ../1.png": "the path ../1.png",
    "1305031910.76 /1.png": "the path /1.png",
  };
  for (const [line, found] of Object.entries(lines)) {
    for (const list of ["rgb.txt", "depth.txt"]) {
      const tree = { ...sequence(""), [list]: `# comment\n1.5 a.png\n${line}\n` };
      await assertFails(tree, open, "data", [`${list}, line 3: found ${found}`]);
    }
  }
});

Deno.test("TUM: timestamps in another unit than seconds are named before they take all memory", async () => {
  const lines = Array.from({ length: 2000 }, (_, at) => `${(at / 1e6).toFixed(6)} rgb/${at}.png`).join("\n");
  await assertFails({ ...sequence(""), "rgb.txt": lines }, open, "data", ["rgb.txt, line 1", "seconds"]);
});

Deno.test("TUM: what is wrong with a pair, a list or a folder is named, with file and lines", async () => {
  const listed = "Listed in rgb.txt, line 4, and depth.txt, line 2";
  const cases = [
    ["missing", { "rgb/1.png": null }, ["rgb/1.png: found no such file", listed]],
    ["missing", { "depth/1.png": null }, ["depth/1.png: found no such file", listed]],
    ["format", { "depth/1.png": depth.subarray(0, 60) }, ["depth/1.png", listed]],
    ["data", { "depth/1.png": grey8(1, 2, 3, 4, 5, 6) }, ["depth/1.png: found a depth map of 8 bits", listed]],
    ["data", { "depth/1.png": grey16(0, 0, 0, 0, 0, 0) }, ["no valid depth", listed]],
    ["missing", { "depth.txt": null }, ["depth.txt: found no such file"]],
    ["data", { "depth.txt": "# depth maps\n" }, ["found no sample", "3 frames without a partner"]],
  ] as const;
  for (const [kind, changed, parts] of cases) await assertFails({ ...sequence(""), ...changed }, open, kind, parts);
  await assertFails({ "a/b.txt": "" }, open, "data", ["found no sequence", "rgb.txt and depth.txt"]);
  await assertFails({}, (folder) => tumDataset({ folder: `${folder}/none` }), "missing", [
    "none: found no such folder",
  ]);
});

Deno.test("TUM: any text is a list or a failure that names the list", () => {
  const stamp = fc.double({ min: 0, max: 2e9, noNaN: true }).map((seconds) => `${seconds} a.png`);
  const line = fc.oneof(stamp, stamp, fc.string(), fc.constantFrom("# comment", "1e400 a.png", "0x10 a.png", "1 .."));
  fc.assert(fc.property(fc.array(line), (lines) => {
    const result = parseTumList("rgb.txt", lines.join("\n"));
    assert(result._tag === "Right" || (result.left.kind === "data" && result.left.where.startsWith("rgb.txt, line ")));
    if (result._tag === "Right") {
      for (const { microseconds } of result.right) assert(Number.isSafeInteger(microseconds));
    }
  }));
});
