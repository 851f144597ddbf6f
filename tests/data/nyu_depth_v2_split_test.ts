import { nyuOfficialSplit, nyuSamples } from "../../lib/data/nyu_depth_v2.ts";
import { assertEquals, assertThrows } from "../std.ts";
import { readVectors } from "./mat5.ts";

const published = new URL("../../../shared/real/formats/nyu-labeled/splits.mat", import.meta.url);

const isThere = (): boolean => {
  try {
    return Deno.statSync(published).isFile;
  } catch {
    return false;
  }
};

const missing = !isThere();
if (missing) console.log("The published splits.mat is not here; the test that compares with it is skipped.");

const numbers = Array.from({ length: nyuSamples }, (_, index) => index + 1);

Deno.test({
  name: "the official split is that of the published splits.mat",
  ignore: missing,
  fn: async () => {
    const vectors = readVectors(await Deno.readFile(published));
    const { train, test } = nyuOfficialSplit(numbers);
    assertEquals([train, test], [vectors.get("trainNdxs") ?? [], vectors.get("testNdxs") ?? []]);
  },
});

Deno.test("the official split has 795 samples for training and the other 654 of 1449 for the test, in order", () => {
  const { train, test } = nyuOfficialSplit(numbers);
  assertEquals([train.length, test.length], [795, 654]);
  assertEquals([...train, ...test].toSorted((a, b) => a - b), numbers);
  assertEquals([train, test].map((side) => side.toSorted((a, b) => a - b)), [train, test]);
});

Deno.test("other numbers of samples have no official split", () => {
  assertThrows(() => nyuOfficialSplit(numbers.slice(1)));
});
