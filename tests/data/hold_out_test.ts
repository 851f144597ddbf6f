import fc from "fast-check";
import { btsDataset } from "../../lib/data/bts.ts";
import { holdOut } from "../../lib/data/dataset.ts";
import { denseDepthDataset } from "../../lib/data/dense_depth.ts";
import { sunDataset } from "../../lib/data/sun_rgbd.ts";
import { tumDataset } from "../../lib/data/tum.ts";
import { E } from "../../lib/dependencies/fp.ts";
import { assert, assertEquals, assertThrows } from "../std.ts";

Deno.test("the last share is held out, in order", () => {
  assertEquals(holdOut(["a", "b", "c", "d", "e"], 0.4), { train: ["a", "b", "c"], test: ["d", "e"] });
  assertEquals(holdOut(["a", "b"], 0), { train: ["a", "b"], test: [] });
  assertEquals(holdOut(["a", "b"], 1), { train: [], test: ["a", "b"] });
  assertEquals(holdOut([], 0.5), { train: [], test: [] });
});

Deno.test("a share between 0 and 1 leaves something to train on, and of two samples or more something to test on", () => {
  const share = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true });
  fc.assert(fc.property(fc.array(fc.nat(), { minLength: 1 }), share, (items, part) => {
    const { train, test } = holdOut(items, part);
    assertEquals([...train, ...test], items);
    assert(train.length > 0 && (items.length === 1 || test.length > 0));
    assert(Math.abs(test.length - part * items.length) <= 1, `${test.length} of ${items.length} for ${part}`);
  }));
});

Deno.test("a share outside 0…1 is a bug", () => {
  for (const share of [-0.1, 1.1, NaN]) assertThrows(() => holdOut(["a"], share));
});

Deno.test("data sets refuse a share that none can be before they look at their files", async () => {
  for (const testShare of [-0.1, 1.1, NaN, Infinity]) {
    const opened = [
      btsDataset({ train: { list: "nowhere.txt" }, testShare }),
      denseDepthDataset({ folder: "nowhere", testShare }),
      sunDataset({ folder: "nowhere", testShare }),
      tumDataset({ folder: "nowhere", testShare }),
    ];
    for (const open of opened) {
      const result = await open();
      assert(E.isLeft(result));
      assertEquals([result.left.kind, result.left.where], ["configuration", "testShare of the data"]);
    }
  }
});
