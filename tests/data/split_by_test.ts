// A split by a function of the index.
import { type PlainSample, splitBy } from "../../lib/data/split_by.ts";
import { orThrow } from "../../lib/errors.ts";
import { assertEquals } from "../std.ts";

const pixel: PlainSample = {
  image: { height: 1, width: 1, pixels: Uint8Array.of(1, 2, 3) },
  depth: { height: 1, width: 1, metres: Float32Array.of(2) },
};

Deno.test("splitBy asks for the sample at an index, and names what is not named", async () => {
  const asked: number[] = [];
  const plain = splitBy(3, (index) => {
    asked.push(index);
    return pixel;
  });
  assertEquals([plain.size, plain.entry(2)], [3, { name: "sample 2", scene: null, where: "sample 2" }]);
  assertEquals(asked, [], "what is known of a sample needs no reading");
  assertEquals(orThrow(await plain.read(1)()), { name: "sample 1", scene: null, intrinsics: null, ...pixel });
  assertEquals(asked, [1]);
  const told = splitBy(2, async (index) => await Promise.resolve({ ...pixel, outOfRange: index }), (index) => (
    { name: `${index}.png`, scene: "kitchen" }
  ));
  assertEquals(told.entry(1), { name: "1.png", scene: "kitchen", where: "1.png" });
  const { name, scene, outOfRange } = orThrow(await told.read(1)());
  assertEquals([name, scene, outOfRange], ["1.png", "kitchen", 1]);
  const own = orThrow(await splitBy(1, () => ({ ...pixel, name: "mine", scene: "hall" })).read(0)());
  assertEquals([own.name, own.scene], ["mine", "hall"], "a sample's own word counts more");
});
