import type { Sample } from "../../lib/data/dataset.ts";
import { nyuDepthV2, nyuIntrinsics } from "../../lib/data/nyu_depth_v2.ts";
import { writeSparse } from "../formats/matlab_writer.ts";
import { rightOf } from "../formats/support.ts";
import { assert, assertEquals } from "../std.ts";
import { levelAt, metresAt, nyuPublishedPieces, sceneAt } from "./nyu_support.ts";

/** Samples that have pixels, by the side of the official split on which they are; numbers count from 1. */
const numbers = { train: [3, 101, 740], test: [1, 760, 1449] } as const;

const indices = [...numbers.train, ...numbers.test].map((number) => number - 1);

/** The size of the published file; more than 2³¹ bytes. */
const publishedSize = 2.8e9;

const chunks = 1449 * 5;

const assertPixels = ({ image, depth }: Sample, index: number): void => {
  for (const [row, column] of [[0, 0], [0, 639], [479, 0], [479, 639], [240, 320], [17, 600]] as const) {
    const at = row * 640 + column;
    const levels = [0, 1, 2].map((channel) => levelAt(index, channel, row, column));
    assertEquals([...image.pixels.subarray(3 * at, 3 * at + 3)], levels);
    assertEquals(depth.metres[at], metresAt(index, row, column));
  }
};

Deno.test("of a file of the published size only what is asked for is in memory", async () => {
  const path = await Deno.makeTempFile({ suffix: ".mat" });
  try {
    writeSparse(path, nyuPublishedPieces(new Set(indices), Math.floor(publishedSize / chunks)));
    assert((await Deno.stat(path)).size > 2.7e9);
    const before = Deno.memoryUsage().rss;
    const { name, train, test } = rightOf(await nyuDepthV2({ file: path, labels: "scenes" })());
    let most = Deno.memoryUsage().rss;
    assertEquals([name, train.size, test.size], [`${path} (official split)`, 795, 654]);
    for (const number of [740, 1449, 3, 760, 1, 101, 1449, 740]) {
      const split = numbers.train.some((each) => each === number) ? train : test;
      const place = Array.from({ length: split.size }, (_, at) => at)
        .find((at) => split.entry(at).name === `nyu_${String(number).padStart(4, "0")}`);
      const sample = rightOf(await split.read(place ?? NaN)());
      assertPixels(sample, number - 1);
      assertEquals([sample.scene, sample.intrinsics], [sceneAt(number - 1), nyuIntrinsics]);
      most = Math.max(most, Deno.memoryUsage().rss);
    }
    assert(most - before < 300e6, `${Math.round((most - before) / 1e6)} MB added`);
  } finally {
    await Deno.remove(path);
  }
});
