// Reads samples of a file of NYU Depth V2 in a process of its own, whose memory no other test uses, and prints by how many
// bytes it has grown. What was read must be what was written.
import type { Sample } from "../../lib/data/dataset.ts";
import { nyuDepthV2, nyuIntrinsics } from "../../lib/data/nyu_depth_v2.ts";
import { rightOf } from "../formats/support.ts";
import { assertEquals } from "../std.ts";
import { levelAt, metresAt, publishedNumbers, sceneAt } from "./nyu_support.ts";

const assertPixels = ({ image, depth }: Sample, index: number): void => {
  for (const [row, column] of [[0, 0], [0, 639], [479, 0], [479, 639], [240, 320], [17, 600]] as const) {
    const at = row * 640 + column;
    const levels = [0, 1, 2].map((channel) => levelAt(index, channel, row, column));
    assertEquals([...image.pixels.subarray(3 * at, 3 * at + 3)], levels);
    assertEquals(depth.metres[at], metresAt(index, row, column));
  }
};

const [path = ""] = Deno.args;
const before = Deno.memoryUsage().rss;
const { name, train, test } = rightOf(await nyuDepthV2({ file: path, labels: "scenes" })());
let most = Deno.memoryUsage().rss;
assertEquals([name, train.size, test.size], [`${path} (official split)`, 795, 654]);
for (const number of [740, 1449, 3, 760, 1, 101, 1449, 740]) {
  const split = publishedNumbers.train.some((each) => each === number) ? train : test;
  const place = Array.from({ length: split.size }, (_, at) => at)
    .find((at) => split.entry(at).name === `nyu_${String(number).padStart(4, "0")}`);
  const sample = rightOf(await split.read(place ?? NaN)());
  assertPixels(sample, number - 1);
  assertEquals([sample.scene, sample.intrinsics], [sceneAt(number - 1), nyuIntrinsics]);
  most = Math.max(most, Deno.memoryUsage().rss);
}
console.log(most - before);
