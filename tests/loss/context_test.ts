// What a loss may see beside depth, and what it says of itself.
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { hierarchical } from "../../lib/loss/hierarchical.ts";
import { addLosses, type DepthLoss, type Loss, scaleLoss, withTraits } from "../../lib/loss/loss.ts";
import { evaluateTerms, named, sum } from "../../lib/loss/objective.ts";
import { l1 } from "../../lib/loss/pixel.ts";
import { virtualNormal } from "../../lib/loss/virtual_normal.ts";
import { sobel } from "../../lib/embedding/embedding.ts";
import { drawUniform } from "../../lib/tensor/draw.ts";
import { foldIn, keyOf } from "../../lib/tensor/key.ts";
import { scope } from "../../lib/tensor/scope.ts";
import { assert, assertEquals, assertNotEquals } from "../std.ts";
import { onBackend } from "../support.ts";
import { comparison, measure } from "./oracle.ts";
import { coloursOf, contextOf, tensorOf } from "./support.ts";

const given = comparison([2, 11, 13]);

const valuesAt = async (loss: Loss, step: number, key = keyOf(0)): Promise<Readonly<Record<string, number>>> => {
  const terms = scope(() => {
    const [target, prediction, mask] = [given.target, given.prediction, given.mask].map(tensorOf);
    assert(target !== undefined && prediction !== undefined && mask !== undefined);
    const objective = sum(named("first", loss), named("second", loss));
    return evaluateTerms(objective, step, target, prediction, mask, contextOf(given.target.shape, key, step));
  });
  const values = await Promise.all(
    Object.entries(terms).map(async ([name, value]) => [name, (await value.data())[0] ?? NaN] as const),
  );
  tf.dispose(Object.values(terms));
  return Object.fromEntries(values);
};

onBackend("a loss sees the images and the step", async () => {
  const brightness: Loss = (_target, _prediction, _mask, { images }) => tf.mean(images);
  const { first = NaN } = await valuesAt(brightness, 0);
  const colours = coloursOf(given.target.shape);
  const expected = colours.reduce((total, colour) => total + colour, 0) / colours.length;
  assert(Math.abs(first - expected) < 1e-5, `found ${first}, expected ${expected}`);
  const counting: Loss = (_target, _prediction, _mask, { step }) => tf.mul(step, 2);
  assertEquals(await valuesAt(counting, 21), { first: 42, second: 42 });
});

onBackend("each term draws from a key of its own, the same for the same key", async () => {
  const drawing: Loss = (_target, _prediction, _mask, { key }) => drawUniform(key, []).asScalar();
  const once = await valuesAt(drawing, 0);
  assertNotEquals(once.first, once.second);
  assertEquals(await valuesAt(drawing, 0), once);
  assertNotEquals((await valuesAt(drawing, 0, keyOf(1))).first, once.first);
});

onBackend("virtual normals are of other groups at each step, or of the same ones if a key is given", async () => {
  const loss = virtualNormal();
  const at = async (loss: Loss, step: number) => (await measure(loss, given, foldIn(keyOf(2), step))).value;
  const first = await at(loss, 0);
  assertEquals(await at(loss, 0), first);
  assertNotEquals(await at(loss, 1), first);
  const fixed = virtualNormal({ key: keyOf(5) });
  assertEquals(await at(fixed, 1), await at(fixed, 0));
});

Deno.test("a loss of three parameters is a loss, and one that sees depth alone can be called with three", () => {
  const three: DepthLoss = (target, prediction, mask) => l1(target, prediction, mask);
  const loss: Loss = three;
  assertEquals(loss.length, 3);
  // @ts-expect-error: a loss that may see images cannot be called without them.
  const call = (seeing: Loss, maps: Parameters<DepthLoss>) => seeing(...maps);
  assertEquals(typeof call, "function");
});

Deno.test("what losses say of themselves stands for what is made of them", () => {
  assertEquals([l1.usesHoles, hierarchical(sobel, [0, 1]).usesHoles], [undefined, true]);
  const wild = withTraits<Loss>(withTraits<Loss>((...given) => l1(...given), { ordered: true }), { usesHoles: true });
  for (const made of [wild, addLosses(l1, wild), addLosses(wild, l1), scaleLoss(2)(wild)]) {
    assertEquals([made.usesHoles, made.ordered], [true, true]);
  }
  assertEquals(addLosses(l1, l1).ordered, undefined);
});
