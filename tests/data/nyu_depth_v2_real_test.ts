import { nyuDepthV2, nyuIntrinsics } from "../../lib/data/nyu_depth_v2.ts";
import { leftOf, rightOf } from "../formats/support.ts";
import { assert, assertAlmostEquals, assertEquals, fromFileUrl } from "../std.ts";

const folder = new URL("../../../shared/real/formats/nyu-labeled/", import.meta.url);

const isThere = (): boolean => {
  try {
    return Deno.statSync(folder).isDirectory;
  } catch {
    return false;
  }
};

const ignore = !isThere();
if (ignore) console.log("The recorded samples of NYU Depth V2 are not here; the tests that read them are skipped.");

const pathOf = (name: string): string => fromFileUrl(new URL(name, folder));

const options = { file: pathOf("nyu_depth_v2_labeled.sample.mat"), testShare: 0.5 };

/** What must be read of a sample. */
interface Expected {
  readonly scene: string;
  readonly scene_type: string;
  readonly depth_min: number;
  readonly depth_max: number;
  readonly depth_mean: number;
  readonly pixel_240_320: readonly number[];
  readonly depth_240_320: number;
}

Deno.test({
  name: "the recorded samples have the pixels, the depths and the scenes that others read in them",
  ignore,
  fn: async () => {
    const expected: readonly Expected[] = JSON.parse(await Deno.readTextFile(pathOf("expected.json")));
    const { train, test } = rightOf(await nyuDepthV2({ ...options, labels: "scenes" })());
    const types = rightOf(await nyuDepthV2(options)());
    assertEquals([expected.length, train.size, test.size], [6, 3, 3]);
    for (const [index, wanted] of expected.entries()) {
      const [split, at] = index < 3 ? [train, index] as const : [test, index - 3] as const;
      const { image, depth, scene, intrinsics } = rightOf(await split.read(at)());
      assertEquals([scene, (index < 3 ? types.train : types.test).entry(at).scene], [wanted.scene, wanted.scene_type]);
      assertEquals([image.height, image.width, depth.height, depth.width], [480, 640, 480, 640]);
      const pixel = 240 * 640 + 320;
      assertEquals([...image.pixels.subarray(3 * pixel, 3 * pixel + 3)], wanted.pixel_240_320);
      assertEquals(depth.metres[pixel], wanted.depth_240_320);
      assertEquals(depth.metres.reduce((a, b) => Math.min(a, b)), wanted.depth_min);
      assertEquals(depth.metres.reduce((a, b) => Math.max(a, b)), wanted.depth_max);
      assertAlmostEquals(depth.metres.reduce((a, b) => a + b, 0) / (640 * 480), wanted.depth_mean, 1e-9);
      assertEquals(intrinsics, nyuIntrinsics);
    }
  },
});

Deno.test({
  name: "the recorded file has no raw depth, which is said",
  ignore,
  fn: async () => {
    const found = leftOf(await nyuDepthV2({ ...options, depth: "raw" })());
    assert(found.found.includes('"rawDepths"') && found.found.includes("depths"), found.found);
  },
});

Deno.test({
  name: "the published splits.mat in the place of the data is told by its MATLAB version",
  ignore,
  fn: async () => {
    const found = leftOf(await nyuDepthV2({ ...options, file: pathOf("splits.mat") })());
    assertEquals([found.kind, found.found], ["format", "a MATLAB 5.0 file"]);
  },
});
