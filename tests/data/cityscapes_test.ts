import fc from "fast-check";
import { cityscapesDataset, type CityscapesOptions, parseCityscapesCamera } from "../../lib/data/cityscapes.ts";
import { describe, orThrow } from "../../lib/errors.ts";
import { encodeGrey16Png } from "../../lib/formats/png.ts";
import { tiffOf } from "../formats/tiff_writer.ts";
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "../std.ts";
import { assertFails, grey16, grey8, namesOf, picture, sampleAt, type Tree, withTree } from "./layout_support.ts";

/** A camera file as they are published. */
const camera = {
  extrinsic: { baseline: 0.209313, pitch: 0.038, roll: 0.0, x: 1.7, y: 0.1, yaw: -0.0195, z: 1.22 },
  intrinsic: { fx: 2262.52, fy: 2265.3017905988554, u0: 1096.98, v0: 513.137 },
};

const disparity = grey16(0, 1, 2, 257, 12801, 65535);

/** The files of one picture. */
const files = (split: string, city: string, name: string, root = (type: string) => type): Tree => ({
  [`${root("leftImg8bit")}/${split}/${city}/${name}_leftImg8bit.png`]: picture,
  [`${root("disparity")}/${split}/${city}/${name}_disparity.png`]: disparity,
  [`${root("camera")}/${split}/${city}/${name}_camera.json`]: JSON.stringify(camera, null, 4),
});

const tree: Tree = {
  ...files("train", "ulm", "ulm_000000_000019"),
  ...files("train", "aachen", "aachen_000001_000019"),
  ...files("train", "aachen", "aachen_000000_000019"),
  ...files("val", "frankfurt", "frankfurt_000000_000294"),
  ...files("test", "berlin", "berlin_000000_000019"),
  "leftImg8bit/train/aachen/.DS_Store": "hidden",
  "gtFine/train/aachen/aachen_000000_000019_gtFine_labelIds.png": picture,
  "README": "none",
};

const open = (options: Partial<CityscapesOptions> = {}) => (folder: string) =>
  cityscapesDataset({ folder, ...options });

Deno.test("Cityscapes: the published splits, the city as scene, sorted", async () => {
  await withTree(tree, async (folder) => {
    const dataset = orThrow(await cityscapesDataset({ folder })());
    assertEquals(namesOf(dataset, "train"), ["aachen_000000_000019", "aachen_000001_000019", "ulm_000000_000019"]);
    assertEquals(namesOf(dataset, "test"), ["frankfurt_000000_000294"]);
    assertEquals([dataset.scenes, dataset.test.entry(0).scene], [["aachen", "ulm"], "frankfurt"]);
    const other = orThrow(await cityscapesDataset({ folder, testSplit: "test" })());
    assertEquals(namesOf(other, "test"), ["berlin_000000_000019"]);
  });
});

Deno.test("Cityscapes: depth is baseline times focal length by disparity, and 0 where there is none", async () => {
  await withTree(tree, async (folder) => {
    const sample = await sampleAt(orThrow(await cityscapesDataset({ folder })()), "train", 0);
    const metres = [...sample.depth.metres];
    // 0.209313 · 2262.52 = 473.57484876; disparities of 1/256, 1, 50 and 65534/256 pixels.
    const expected = [0, 0, 121235.161282, 473.57484876, 9.4714969752, 1.8499582];
    metres.forEach((each, at) => assertAlmostEquals(each, expected[at] ?? NaN, 1e-6 * each));
    assertEquals(sample.intrinsics, { fx: 2262.52, fy: 2265.3017905988554, cx: 1097.48, cy: 513.637 });
    assertEquals(sample.scene, "aachen");
  });
});

Deno.test("Cityscapes: disparities of another size than their image, or in floating point, are refused", async () => {
  const path = "disparity/train/aachen/aachen_000000_000019_disparity.png";
  const large = encodeGrey16Png(4, 6, new Uint16Array(24).fill(300));
  await assertFails({ ...tree, [path]: large }, open(), "data", [path, "6×4 pixels", "3×2"]);
  const floats = tiffOf([1, 2, 3, 4, 5, 6], { height: 2, width: 3, bits: 32, kind: "float" });
  await assertFails({ ...tree, [path]: floats }, open(), "data", [path, "floating-point", "16 bits"]);
});

Deno.test("Cityscapes: archives that were unpacked each in a folder of its own are found", async () => {
  const root = (type: string) => `${type}_trainvaltest/${type}`;
  const apart = { ...files("train", "ulm", "ulm_0", root), ...files("val", "lindau", "lindau_0", root) };
  await withTree(apart, async (folder) => {
    const dataset = orThrow(await cityscapesDataset({ folder })());
    assertEquals((await sampleAt(dataset, "test", 0)).name, "lindau_0");
  });
});

Deno.test("Cityscapes: what is wrong with a picture is named, with the picture that it belongs to", async () => {
  const name = "train/aachen/aachen_000000_000019";
  const [depth, json] = [`disparity/${name}_disparity.png`, `camera/${name}_camera.json`];
  const listed = `Listed in leftImg8bit/${name}_leftImg8bit.png.`;
  const noDepth = grey16(0, 1, 0, 1, 0, 1);
  const cases = [
    ["missing", { [depth]: null }, [`${depth}: found no such file`, listed]],
    ["missing", { [json]: null }, [`${json}: found no such file`, listed]],
    ["data", { [json]: "{" }, [`${json}: found no JSON`, listed]],
    ["data", { [json]: '{"extrinsic":{"baseline":"near"},"intrinsic":{}}' }, [json, "extrinsic.baseline", listed]],
    ["data", { [json]: JSON.stringify(camera).replace("0.209313", "0") }, [json, "baseline 0", listed]],
    ["data", { [depth]: grey8(1, 2, 3, 4, 5, 6) }, [`${depth}: found a depth map of 8 bits`, listed]],
    ["data", { [depth]: noDepth }, [`${depth}: found no valid depth`, listed]],
    ["format", { [depth]: disparity.subarray(0, 60) }, [depth, listed]],
    ["format", { [depth]: picture }, [depth, "in colour", listed]],
  ] as const;
  for (const [kind, changed, parts] of cases) await assertFails({ ...tree, ...changed }, open(), kind, parts);
});

Deno.test("Cityscapes: folders that are missing or empty are named", async () => {
  const train = files("train", "ulm", "ulm_0");
  await assertFails(train, open(), "missing", ["leftImg8bit/val: found no such folder"]);
  await assertFails({ ...train, "leftImg8bit/val/lindau/a.txt": "" }, open(), "data", [
    "leftImg8bit/val: found no picture",
  ]);
  for (const type of ["leftImg8bit", "disparity", "camera"]) {
    const rest = Object.fromEntries(Object.entries(tree).filter(([path]) => !path.startsWith(`${type}/`)));
    await assertFails(rest, open(), "data", [`found no folder ${type}`, "side by side"]);
  }
});

Deno.test("Cityscapes: any text is a camera or a failure that names the file", () => {
  const numbers = fc.record({
    extrinsic: fc.record({ baseline: fc.oneof(fc.double(), fc.string()) }, { requiredKeys: [] }),
    intrinsic: fc.record({ fx: fc.double(), fy: fc.double(), u0: fc.double(), v0: fc.double() }, { requiredKeys: [] }),
  });
  const text = fc.oneof(fc.string(), fc.json(), numbers.map((json) => JSON.stringify(json)));
  fc.assert(fc.property(text, (json) => {
    const result = parseCityscapesCamera("c.json", json);
    if (result._tag === "Left") assertStringIncludes(describe(result.left), "c.json: found ");
    else assert(result.right.baseline > 0 && result.right.intrinsics.fx > 0);
  }));
});
