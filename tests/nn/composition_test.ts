import fc from "fast-check";
import { pipe } from "../../lib/dependencies/fp.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { batchNorm } from "../../lib/nn/batch_norm.ts";
import { biasedConv, conv } from "../../lib/nn/conv.ts";
import {
  compose,
  fromFunction,
  identityLayer,
  type Layer,
  layer,
  mapOutput,
  type Mode,
  namedPart,
  untyped,
} from "../../lib/nn/layer.ts";
import { leakyRelu, maxPool } from "../../lib/nn/operations.ts";
import type { Features } from "../../lib/tensor/features.ts";
import { foldIn, keyOf } from "../../lib/tensor/key.ts";
import type { Branch } from "../../lib/tensor/tree.ts";
import { assertClose } from "../backend/support.ts";
import { assert, assertEquals, assertNotEquals, assertStringIncludes, assertThrows } from "../std.ts";
import { onBackend, onWasm, readLeaves, readTree, valuesOf } from "../support.ts";
import { assertForm, disposeVariables, noiseMaps, tensorOf, variablesOf } from "./support.ts";

type AnyLayer = Layer<Features<number>, Features<number>, Branch, Branch>;

const kinds = ["conv", "biased", "norm", "leaky", "pool"] as const;

/** A small layer: its kind and, for convolutions, the channels that it gives. */
interface Recipe {
  readonly kind: typeof kinds[number];
  readonly channels: number;
}

const recipe: fc.Arbitrary<Recipe> = fc.record({
  kind: fc.constantFrom(...kinds),
  channels: fc.integer({ min: 1, max: 3 }),
});

const cook = ({ kind, channels }: Recipe, from: number): readonly [AnyLayer, to: number] => {
  switch (kind) {
    case "conv":
      return [untyped(conv<number, number>(from, channels, 3)), channels];
    case "biased":
      return [untyped(biasedConv<number, number>(from, channels, 1, { stride: 2 })), channels];
    case "norm":
      return [untyped(batchNorm<number>(from)), from];
    case "leaky":
      return [untyped(leakyRelu<number>(from, 0.1)), from];
    case "pool":
      return [untyped(maxPool<number>(from)), from];
  }
};

/** Layers that fit one after the other, from two channels, each under a name of its own. */
const row = (recipes: readonly Recipe[], names: readonly string[]): readonly AnyLayer[] => {
  let from = 2;
  return recipes.map((each, index) => {
    const [layer, to] = cook(each, from);
    from = to;
    return untyped(namedPart(names[index] ?? "", layer));
  });
};

/** Everything that can be seen of a layer: its first variables, output and statistics after it. */
const observe = async (layer: AnyLayer, seed: number, mode: Mode) => {
  const drawn = [...await readTree(() => ({ ...layer.init(keyOf(seed)) }))];
  const variables = variablesOf(layer, seed);
  const applied = await readTree(() => {
    const input = tensorOf<number>(2, noiseMaps([1, 5, 4, 2], seed));
    const [output, statistics] = layer.apply(variables, input, mode);
    return { output, statistics };
  });
  disposeVariables(variables);
  return { drawn, applied: [...applied] };
};

const assertSame = async (first: AnyLayer, second: AnyLayer, seed: number, mode: Mode): Promise<void> => {
  const [a, b] = [await observe(first, seed, mode), await observe(second, seed, mode)];
  assertEquals(a.drawn, b.drawn);
  assertEquals(a.applied.map(([path]) => path), b.applied.map(([path]) => path));
  a.applied.forEach(([path, { shape, values }], at) => {
    assertEquals(shape, b.applied[at]?.[1].shape);
    assertClose(values, b.applied[at]?.[1].values ?? [], 1e-6, path);
  });
};

const mode = fc.constantFrom<Mode>("training", "inference");
const seed = fc.nat({ max: 1000 });
const namesOf = (count: number) =>
  fc.uniqueArray(fc.constantFrom("a", "b", "c", "conv", "__proto", "10", "2"), { minLength: count, maxLength: count });

onBackend("composition is associative: same draws, same paths, same output, same statistics", async () => {
  const law = fc.asyncProperty(
    fc.array(recipe, { minLength: 3, maxLength: 3 }),
    namesOf(3),
    seed,
    mode,
    async (recipes, names, seed, mode) => {
      const [a, b, c] = row(recipes, names);
      assert(a !== undefined && b !== undefined && c !== undefined);
      await assertSame(compose(compose(a, b), c), compose(a, compose(b, c)), seed, mode);
    },
  );
  await fc.assert(law, { numRuns: 15 });
});

onWasm("the form of a composition is that of its variables, however it is bracketed", () => {
  const law = fc.property(fc.array(recipe, { minLength: 3, maxLength: 3 }), namesOf(3), (recipes, names) => {
    const [a, b, c] = row(recipes, names);
    assert(a !== undefined && b !== undefined && c !== undefined);
    assertForm(() => compose(compose(a, b), c));
    assertForm(() => compose(a, compose(b, c)));
  });
  fc.assert(law, { numRuns: 40 });
});

onBackend("the identity is the unit of composition on both sides", async () => {
  const law = fc.asyncProperty(recipe, seed, mode, async (one, seed, mode) => {
    const [layer] = row([one], ["part"]);
    assert(layer !== undefined);
    await assertSame(compose(identityLayer<Features<number>>(), layer), layer, seed, mode);
    await assertSame(compose(layer, identityLayer<Features<number>>()), layer, seed, mode);
  });
  await fc.assert(law, { numRuns: 10 });
});

const plusOne = fromFunction((x: Features<number>): Features<number> => tf.add(x, 1));
const double = fromFunction((x: Features<number>): Features<number> => tf.mul(x, 2));

onBackend("a chain applies its first part first", async () => {
  const maps = noiseMaps([1, 2, 2, 1], 3);
  const chains = [
    compose(plusOne, double),
    pipe(plusOne, layer("double", double)),
    pipe(plusOne, mapOutput((x: Features<number>): Features<number> => tf.mul(x, 2))),
  ];
  for (const { apply } of chains) {
    const values = await valuesOf(() =>
      apply({ params: { double: {} }, statistics: { double: {} } }, tensorOf<number>(1, maps), "inference")[0]
    );
    assertClose(values, maps.values.map((value) => (value + 1) * 2), 1e-6);
  }
});

onWasm("a part's draws depend on the key and on its name, not on its place or neighbours", async () => {
  const part = conv(2, 2, 3);
  const alone = namedPart("a", part);
  const first = pipe(identityLayer<Features<2>>(), layer("a", part), layer("b", part));
  const last = pipe(identityLayer<Features<2>>(), layer("b", part), layer("c", part), layer("a", part));
  const all = [alone, first, last].map(({ init }) => init(keyOf(4)));
  const [one, two, three] = await Promise.all(all.map(({ params }) => readLeaves(params)));
  const own = one?.get("a/kernel");
  assert(own !== undefined);
  assertEquals(two?.get("a/kernel"), own);
  assertEquals(three?.get("a/kernel"), own);
  assertNotEquals(two?.get("b/kernel"), own);
  assertEquals(three?.get("b/kernel"), two?.get("b/kernel"));
  const [folded, other] = [part.init(foldIn(keyOf(4), "a")), alone.init(keyOf(5))];
  assertEquals((await readLeaves(folded.params)).get("kernel"), own);
  assertNotEquals((await readLeaves(other.params)).get("a/kernel"), own);
  [...all, folded, other].forEach(disposeVariables);
});

onWasm("paths are the names of the parts, nested as they are composed", async () => {
  const inner = pipe(identityLayer<Features<2>>(), layer("conv", biasedConv(2, 2, 1)), layer("norm", batchNorm(2)));
  const outer = pipe(identityLayer<Features<2>>(), layer("one", inner), layer("two", inner));
  const variables = outer.init(keyOf(1));
  assertEquals([...(await readLeaves(variables.params)).keys()], [
    ..."one/conv/kernel one/conv/bias one/norm/gamma one/norm/beta".split(" "),
    ..."two/conv/kernel two/conv/bias two/norm/gamma two/norm/beta".split(" "),
  ]);
  assertEquals([...(await readLeaves(variables.statistics)).keys()], [
    ..."one/norm/mean one/norm/variance two/norm/mean two/norm/variance".split(" "),
  ]);
  disposeVariables(variables);
});

Deno.test("two parts of one name are a bug that names it", () => {
  const part = namedPart("twice", identityLayer<Features<1>>());
  const error = assertThrows(() => compose(part, part));
  assert(error instanceof Error);
  assertStringIncludes(error.message, '"twice"');
});
