import fc from "fast-check";
import { countTensors } from "../../lib/backend/device.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { orThrow } from "../../lib/errors.ts";
import { networkOf } from "../../lib/experiment/compose.ts";
import { decodeConfiguration } from "../../lib/experiment/configuration_file.ts";
import { adam, scaleByAdam } from "../../lib/optim/adam.ts";
import {
  addWeightDecay,
  chain,
  clipByGlobalNorm,
  freeze,
  isWeight,
  scaleBySchedule,
  type Transformation,
} from "../../lib/optim/transformation.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { scope } from "../../lib/tensor/scope.ts";
import { disposeTree, formOf, leaves } from "../../lib/tensor/tree.ts";
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "../std.ts";
import { firstUpdates, type Numbers, numbersOf, openWasm, treeOf } from "./support.ts";

await openWasm();

const normOf = (numbers: Numbers): number => Math.hypot(...Object.values(numbers).flat());

const gradientOf = (values: readonly number[]) => treeOf((index) => values[index % values.length] ?? NaN);

const gradientValues = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 1, maxLength: 14 });

Deno.test("clipping scales all gradients by one factor to the limit, and leaves smaller ones as they are", () => {
  fc.assert(
    fc.property(gradientValues, fc.double({ min: 0.1, max: 100, noNaN: true }), (values, limit) => {
      const gradient = gradientOf(values);
      const before = numbersOf(gradient);
      const norm = normOf(before);
      const after = firstUpdates(clipByGlobalNorm(limit), gradient, gradient);
      const factor = norm > limit ? limit / norm : 1;
      for (const [path, each] of Object.entries(before)) {
        each.forEach((value, at) => assertAlmostEquals(after[path]?.[at] ?? NaN, value * factor, 1e-4));
      }
      assert(normOf(after) <= limit * (1 + 1e-5));
      if (norm < limit * 0.999) assertEquals(after, before);
      disposeTree(gradient);
    }),
    { numRuns: 40 },
  );
});

Deno.test("the norm is that of all gradients together, not of each tensor", () => {
  const gradient = gradientOf([1]);
  assertAlmostEquals(normOf(firstUpdates(clipByGlobalNorm(2), gradient, gradient)), 2, 1e-5);
  const values = Object.values(firstUpdates(clipByGlobalNorm(2), gradient, gradient)).flat();
  values.forEach((value) => assertAlmostEquals(value, 2 / Math.sqrt(values.length), 1e-6));
});

Deno.test("clipping leaves gradients of 0 at 0", () => {
  const zeros = treeOf(() => 0);
  assertEquals(firstUpdates(clipByGlobalNorm(1), zeros, zeros), numbersOf(zeros));
});

Deno.test("decay adds rate · parameter where it is selected, and a rate of 0 adds nothing", () => {
  const [params, gradient] = [treeOf((index) => index + 1), treeOf((index) => -index)];
  const [before, values] = [numbersOf(gradient), numbersOf(params)];
  const only = (path: string): boolean => path === "norm/beta";
  for (const [path, after] of Object.entries(firstUpdates(addWeightDecay(0.5, only), params, gradient))) {
    after.forEach((value, at) => {
      const added = path === "norm/beta" ? 0.5 * (values[path]?.[at] ?? NaN) : 0;
      assertAlmostEquals(value, (before[path]?.[at] ?? NaN) + added, 1e-6);
    });
  }
  assertEquals(firstUpdates(addWeightDecay(0), params, gradient), before);
});

Deno.test("the parameters of a whole network that decay are those of convolutions, and no bias or batch norm's", async () => {
  const small = { backbone: { layers: 18, width: 4 }, network: { features: 4 } };
  const network = await networkOf(orThrow(decodeConfiguration("small", small)));
  const { params, statistics } = network.init(keyOf(1));
  const found = leaves(params);
  assert(found.length > 50);
  for (const { path, tensor } of found) assertEquals(isWeight(path), tensor.rank > 1, path);
  [params, statistics].forEach(disposeTree);
});

Deno.test("a name that only contains the word kernel or weight does not decay", () => {
  assertEquals(["kernel", "a/weight", "kernels", "a/kernel/bias", "myweight", "weight/gamma"].map(isWeight), [
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

Deno.test("a schedule multiplies updates by its number at the step", () => {
  const gradient = gradientOf([2]);
  const found = [0, 1, 5].map((step) =>
    scope(() => numbersOf(scaleBySchedule((at) => 10 + at).update(gradient, {}, gradient, step)[0])["conv/bias"])
  );
  assertEquals(found, [[20, 20], [22, 22], [30, 30]]);
});

Deno.test("transformations of a sequence act in its order", () => {
  const gradient = gradientOf([1]);
  const double: Transformation = { ...scaleBySchedule(() => 2), name: "double" };
  const clip = clipByGlobalNorm(1);
  assertAlmostEquals(normOf(firstUpdates(chain("a", [double, clip]), gradient, gradient)), 1, 1e-5);
  assertAlmostEquals(normOf(firstUpdates(chain("b", [clip, double]), gradient, gradient)), 2, 1e-5);
  assertEquals(firstUpdates(chain("none", []), gradient, gradient), numbersOf(gradient));
});

Deno.test("the form of a state is that of the state before the first step, and needs no tensor", () => {
  const params = treeOf((index) => index);
  const clipped = chain("clipped", [clipByGlobalNorm(1), adam(() => 1, 0.1)]);
  for (const optimizer of [clipped, scaleByAdam(), addWeightDecay(1), scaleBySchedule(() => 1), chain("none", [])]) {
    const before = countTensors();
    const form = optimizer.form(formOf(params));
    assertEquals(countTensors(), before);
    const state = scope(() => optimizer.init(params));
    assertEquals(form, formOf(state), optimizer.name);
    disposeTree(state);
  }
  disposeTree(params);
});

Deno.test("an optimizer knows its learning rate, alone and in a sequence; without a schedule there is none", () => {
  const rates = ({ learningRate }: Transformation) => learningRate && [0, 1, 7].map(learningRate);
  const falling = (step: number): number => 0.1 / (1 + step);
  const expected = [0, 1, 7].map(falling);
  assertEquals(rates(adam(falling, 0.1)), expected);
  assertEquals(rates(chain("clipped", [clipByGlobalNorm(1), adam(falling)])), expected);
  assertEquals(rates(chain("descent", [addWeightDecay(1), scaleBySchedule((step) => -falling(step))])), expected);
  assertEquals(rates(chain("half", [adam(falling), { ...scaleBySchedule(() => 0.5), name: "factor" }])), [
    ...expected.map((rate) => rate / 2),
  ]);
  assertEquals(rates(chain("none", [clipByGlobalNorm(1), scaleByAdam()])), undefined);
});

Deno.test("two transformations of one name are an error that names the sequence", () => {
  const twice = chain("optimizer", [clipByGlobalNorm(1), clipByGlobalNorm(2)]);
  for (const start of [() => twice.init(treeOf(() => 1)), () => twice.form({})]) {
    const error = assertThrows(start);
    assert(error instanceof Error);
    assertStringIncludes(error.message, "optimizer");
    assertStringIncludes(error.message, "same name");
  }
});

Deno.test("a state of another optimizer is an error that names what is missing", () => {
  const gradient = gradientOf([1]);
  const error = assertThrows(() => scope(() => adam(() => 1).update(gradient, {}, gradient, 0)));
  assert(error instanceof Error);
  assertStringIncludes(error.message, "decay");
});

Deno.test("a step keeps its arguments and leaves no tensors but what it returns", () => {
  const optimizer = chain("clipped", [clipByGlobalNorm(1), adam(() => 1, 0.1)]);
  const [params, gradient] = [treeOf((index) => index), gradientOf([1, 2])];
  const state = scope(() => optimizer.init(params));
  const before = countTensors();
  const [updates, next] = scope(() => optimizer.update(gradient, state, params, 0));
  assertEquals(countTensors() - before, leaves(updates).length + leaves(next).length);
  assertEquals(leaves(next).length, leaves(state).length);
  [params, gradient, state, updates, next].forEach((tree) =>
    leaves(tree).forEach(({ tensor, path }) => assert(!tensor.isDisposed, path))
  );
  [updates, next].forEach(disposeTree);
  assertEquals(countTensors(), before);
  const shared = leaves(updates).filter(({ tensor }) => leaves(gradient).some((own) => own.tensor === tensor));
  assertEquals(shared.length, 0);
});

Deno.test("what a transformation returns outlives the gradients that it was given", () => {
  const gradient = gradientOf([3]);
  const [updates] = addWeightDecay(0).update(gradient, {}, gradient, 0);
  disposeTree(gradient);
  assertEquals(numbersOf(updates)["norm/beta"], [3, 3]);
  assert(updates.norm !== undefined && !(updates.norm instanceof tf.Tensor));
});

Deno.test("frozen parameters stay where they are at the end of a chain, decay and all, and the others move as without it", () => {
  const [gradient, params] = [gradientOf([1, -2, 3]), gradientOf([5, 7])];
  const paths = leaves(params).map(({ path }) => path);
  const [first = ""] = paths;
  const parts = [addWeightDecay(0.1, () => true), scaleByAdam(), scaleBySchedule(() => -1)];
  const free = firstUpdates(chain("free", parts), gradient, params);
  const held = firstUpdates(chain("held", [...parts, freeze((path) => path === first)]), gradient, params);
  assert(free[first]?.every((update) => update !== 0));
  assertEquals(held, { ...free, [first]: free[first]?.map(() => 0) });
  [gradient, params].forEach(disposeTree);
});
