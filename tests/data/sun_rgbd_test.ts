import fc from "fast-check";
import { parseSunIntrinsics, sunDataset, type SunOptions } from "../../lib/data/sun_rgbd.ts";
import { orThrow } from "../../lib/errors.ts";
import { encodeRgbPng } from "../../lib/formats/png.ts";
import { tiffOf } from "../formats/tiff_writer.ts";
import { assert, assertAlmostEquals, assertEquals } from "../std.ts";
import {
  assertDepth,
  assertFails,
  grey16,
  grey8,
  namesOf,
  picture,
  sampleAt,
  testOriginal,
  withTree,
} from "./layout_support.ts";

/** Millimetres as SUN RGB-D stores them: rotated left by three bits, written here by division and remainder. */
const rotated = (millimetres: number): number => (millimetres % 8192) * 8 + Math.floor(millimetres / 8192);

const raw = grey16(...[0, 1, 1000, 4095, 8000, 2250].map(rotated));
const filled = grey16(...[500, 1, 1000, 4095, 8000, 2250].map(rotated));

const frame = (folder: string) => ({
  [`${folder}image/0.jpg`]: picture,
  [`${folder}depth/0.png`]: raw,
  [`${folder}depth_bfx/0.png`]: filled,
  [`${folder}intrinsics.txt`]: "529.5 0 365 \n0 530.5 265\n0 0 1\n",
  [`${folder}scene.txt`]: "office",
});

const open = (options: Partial<SunOptions> = {}) => (folder: string) => sunDataset({ folder, ...options });

testOriginal("sunrgbd", "a frame of SUN RGB-D, its depth as measured and as filled", async (folder) => {
  const dataset = orThrow(await sunDataset({ folder })());
  assertEquals([namesOf(dataset, "train"), dataset.scenes, dataset.omitted], [["img_0063"], ["office"], []]);
  const measured = await sampleAt(dataset, "train", 0);
  assertEquals([measured.image.height, measured.image.width], [427, 561]);
  const pixels = [[240, 320, 2.338], [100, 200, 1.676]] as const;
  assertDepth(measured, { pixels, zeros: 77480, sum: 318566.455, farthest: 2.525 });
  const { fx, fy, cx, cy } = measured.intrinsics ?? { fx: NaN, fy: NaN, cx: NaN, cy: NaN };
  assertEquals([fx, fy], [520.532, 520.7444]);
  assertAlmostEquals(cx, 277.4258, 1e-9);
  assertAlmostEquals(cy, 214.615, 1e-9);
  const whole = await sampleAt(orThrow(await sunDataset({ folder, depth: "filled" })()), "train", 0);
  const known = [[240, 320, 2.336], [100, 200, 1.675]] as const;
  assertDepth(whole, { pixels: known, zeros: 0, sum: 469988.845, farthest: 2.525 });
});

Deno.test("SUN RGB-D: frames are found at any depth, sorted, with scene, intrinsics and depth in metres", async () => {
  const tree = {
    ...frame("kv1/NYUdata/NYU0002/"),
    ...frame("xtion/sun3ddata/brown_bm_1/brown_bm_1/0001/"),
    ...frame("kv1/NYUdata/NYU0001/"),
    "kv1/NYUdata/NYU0001/scene.txt": "kitchen\n",
    "xtion/sun3ddata/brown_bm_1/brown_bm_1/0001/scene.txt": null,
    "kv1/NYUdata/NYU0001/annotation/index.json": "{}",
    "kv1/NYUdata/NYU0001/image/._0.jpg": "hidden",
    "readme.txt": "none",
  };
  await withTree(tree, async (folder) => {
    const dataset = orThrow(await sunDataset({ folder, testShare: 0.4 })());
    assertEquals(namesOf(dataset, "train"), ["kv1/NYUdata/NYU0001", "kv1/NYUdata/NYU0002"]);
    assertEquals(namesOf(dataset, "test"), ["xtion/sun3ddata/brown_bm_1/brown_bm_1/0001"]);
    assertEquals([dataset.scenes, dataset.test.entry(0).scene], [["kitchen", "office"], null]);
    const sample = await sampleAt(dataset, "train", 0);
    assertEquals([...sample.depth.metres], [0, 0.001, 1, 4.095, 8, 2.25].map(Math.fround));
    assertEquals([sample.scene, sample.intrinsics], ["kitchen", { fx: 529.5, fy: 530.5, cx: 364.5, cy: 264.5 }]);
    assertEquals(dataset.train.entry(0).where, `${folder}/kv1/NYUdata/NYU0001`);
  });
});

Deno.test("SUN RGB-D: filled depth is that of depth_bfx", async () => {
  await withTree(frame("a/"), async (folder) => {
    const dataset = orThrow(await sunDataset({ folder, depth: "filled" })());
    assertEquals((await sampleAt(dataset, "train", 0)).depth.metres[0], 0.5);
  });
});

Deno.test("SUN RGB-D: what lies beyond 8 m is 8 m as in the toolbox, or no measurement", async () => {
  const tree = { ...frame("a/"), "a/depth/0.png": grey16(...[8000, 8001, 8192, 40000, 65535, 5].map(rotated)) };
  await withTree(tree, async (folder) => {
    const clipped = await sampleAt(orThrow(await sunDataset({ folder })()), "train", 0);
    assertEquals([...clipped.depth.metres], [8, 8, 8, 8, 8, 0.005].map(Math.fround));
    const cut = await sampleAt(orThrow(await sunDataset({ folder, beyond: "invalid" })()), "train", 0);
    assertEquals([...cut.depth.metres], [8, 0, 0, 0, 0, 0.005].map(Math.fround));
  });
});

Deno.test("SUN RGB-D: floating-point depth is metres, and the camera follows an image that is brought to its depth", async () => {
  const large = encodeRgbPng({ height: 4, width: 6, pixels: new Uint8Array(72) });
  const floats = tiffOf([NaN, 1, 2.5, 9, -1, 8], { height: 2, width: 3, bits: 32, kind: "float" });
  const tree = {
    ...frame("a/"),
    "a/image/0.jpg": null,
    "a/image/0.tif": large,
    "a/depth/0.png": null,
    "a/depth/0.tiff": floats,
  };
  await withTree(tree, async (folder) => {
    const sample = await sampleAt(orThrow(await sunDataset({ folder })()), "train", 0);
    assertEquals([...sample.depth.metres], [0, 1, 2.5, 8, 0, 8]);
    assertEquals([sample.image.height, sample.image.width], [2, 3]);
    assertEquals(sample.intrinsics, { fx: 529.5 / 2, fy: 530.5 / 2, cx: 364.5 / 2, cy: 264.5 / 2 });
  });
});

Deno.test("SUN RGB-D: what is wrong with a frame is named, with its folder", async () => {
  const listed = "Listed in kv1/a.";
  const cases = [
    ["missing", { "kv1/a/depth/0.png": null }, ["kv1/a/depth: found no such folder", listed]],
    ["data", { "kv1/a/image/0.jpg": null, "kv1/a/image/b.txt": "" }, ["kv1/a/image: found 0 of them", listed]],
    ["data", { "kv1/a/image/1.jpg": picture }, ["kv1/a/image: found 2 of them, expected one picture", listed]],
    ["data", { "kv1/a/depth/1.png": raw }, ["kv1/a/depth: found 2 of them, expected one depth map", listed]],
    ["data", { "kv1/a/depth/0.png": grey8(1, 2, 3, 4, 5, 6) }, [
      "kv1/a/depth/0.png: found a depth map of 8 bits",
      listed,
    ]],
    ["data", { "kv1/a/depth/0.png": grey16(0, 0, 0, 0, 0, 0) }, ["kv1/a/depth/0.png: found no valid depth", listed]],
    ["format", { "kv1/a/image/0.jpg": picture.subarray(0, 60) }, ["kv1/a/image/0.jpg", listed]],
    ["format", { "kv1/a/depth/0.png": raw.subarray(0, 60) }, ["kv1/a/depth/0.png", listed]],
    ["missing", { "kv1/a/intrinsics.txt": null }, ["kv1/a/intrinsics.txt: found no such file", listed]],
    ["data", { "kv1/a/intrinsics.txt": "1 0 1 0 1" }, ["kv1/a/intrinsics.txt: found 5 fields", listed]],
  ] as const;
  for (const [kind, changed, parts] of cases) {
    await assertFails({ ...frame("kv1/a/"), ...changed }, open(), kind, parts);
  }
  await assertFails({ "a/b/c.txt": "" }, open(), "data", ["found no sample"]);
  await assertFails({}, (folder) => sunDataset({ folder: `${folder}/none` }), "missing", [
    "none: found no such folder",
  ]);
});

Deno.test("SUN RGB-D: frames deeper than eight folders are not searched for", async () => {
  await assertFails(frame("1/2/3/4/5/6/7/8/9/"), open(), "data", ["found no sample"]);
  await withTree(frame("1/2/3/4/5/6/7/8/"), async (folder) => {
    assertEquals(orThrow(await sunDataset({ folder })()).train.size, 1);
  });
});

Deno.test("SUN RGB-D: intrinsics are a matrix of three rows; a camera with skew is none of ours", () => {
  const right = "529.5 0.0 365.0 \n 0.0 529.5 265.0 \n 0 0 1";
  assertEquals(orThrow(parseSunIntrinsics("i.txt", right)), { fx: 529.5, fy: 529.5, cx: 364.5, cy: 264.5 });
  assertEquals(orThrow(parseSunIntrinsics("i.txt", right.replace("0.0", "0.1"))), null);
  for (
    const text of ["", "a b c d e f g h i", `${right} 1`, right.replace("529.5", "0"), right.replace("0 0 1", "0 0 2")]
  ) {
    const result = parseSunIntrinsics("i.txt", text);
    assert(result._tag === "Left" && result.left.kind === "data" && result.left.where === "i.txt", text);
  }
  fc.assert(fc.property(fc.array(fc.oneof(fc.double(), fc.string()), { maxLength: 10 }), (fields) => {
    const result = parseSunIntrinsics("i.txt", fields.join(" "));
    assert(result._tag === "Left" || result.right === null || result.right.fx > 0);
  }));
});
