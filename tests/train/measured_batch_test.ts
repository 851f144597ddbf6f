import { countTensors } from "../../lib/backend/device.ts";
import { E } from "../../lib/dependencies/fp.ts";
import { describe } from "../../lib/errors.ts";
import { disposeTree } from "../../lib/tensor/tree.ts";
import { measuredBatch } from "../../lib/train/depth_network.ts";
import { onBackend } from "../support.ts";
import { sampleOf } from "../data/support.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";

const empty = ["a", "b", "c", "d", "e"].map((name) => ({ ...sampleOf(2, 2, () => 9, () => 0), name: `${name}.png` }));

onBackend("a batch without a measured pixel is refused with the names of its samples, and leaves no tensor", () => {
  const before = countTensors();
  const refused = measuredBatch(empty);
  assert(E.isLeft(refused));
  assertEquals([refused.left.kind, refused.left.where], ["data", "the batch of a.png, b.png, c.png and 2 more"]);
  for (const part of ["augment.scale", "data.height"]) assertStringIncludes(describe(refused.left), part);
  assertEquals(countTensors(), before);
});

onBackend("one measured pixel makes a batch, whose mask it is", async () => {
  const one = sampleOf(2, 2, () => 9, (row, column) => row === 1 && column === 0 ? 3 : 0);
  const made = measuredBatch([...empty, one]);
  assert(E.isRight(made));
  const mask = await made.right.mask.data();
  assertEquals([...mask].flatMap((value, at) => value === 0 ? [] : [at]), [5 * 4 + 2]);
  disposeTree(made.right);
});
