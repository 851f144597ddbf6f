/** The fusions that a configuration chooses from. */
import { resNetOfWidth } from "../../lib/cliffnet/backbone.ts";
import { cliffFusion } from "../../lib/cliffnet/cliff.ts";
import { depthEstimatorWith } from "../../lib/cliffnet/estimator.ts";
import { type FusionName, fusionNamed, fusionNames, fusionOf, fusionTable } from "../../lib/cliffnet/fusions.ts";
import type { Pyramid } from "../../lib/cliffnet/levels.ts";
import { cliffNetOn, depthNetworkOn } from "../../lib/cliffnet/network.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { valueAndGradient } from "../../lib/tensor/gradient.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { countParameters } from "../../lib/tensor/tree.ts";
import type { Four } from "../nn/reference.ts";
import {
  assertAgrees,
  assertMaps,
  disposeVariables,
  noiseMaps,
  outputOf,
  tensorOf,
  variablesOf,
  weightsOf,
} from "../nn/support.ts";
import { assert, assertEquals } from "../std.ts";
import { onBackend, onWasm, readTree } from "../support.ts";
import { withFused } from "./fused_support.ts";
import { fusions as references } from "./fusion_reference.ts";
import type { Levels } from "./reference.ts";

const channels = 3;

type Side = readonly [height: number, width: number];

type Sides = readonly [Side, Side, Side, Side];

const odd: Sides = [[9, 7], [5, 4], [3, 2], [2, 1]];

/** Halves of each other; such as are not; and one size at every level. */
const sizes: readonly Sides[] = [[[8, 16], [4, 8], [2, 4], [1, 2]], odd, [[3, 2], [3, 2], [3, 2], [3, 2]]];

const levelsOf = (sides: Sides, batch = 2): Levels => {
  const maps = (index: 0 | 1 | 2 | 3) => {
    const shape: Four = [batch, ...sides[index], channels];
    return noiseMaps(shape, index + 1);
  };
  return [maps(0), maps(1), maps(2), maps(3)];
};

const inputOf = ([l2, l3, l4, l5]: Levels) => (): Pyramid<typeof channels> => [
  tensorOf(channels, l2),
  tensorOf(channels, l3),
  tensorOf(channels, l4),
  tensorOf(channels, l5),
];

for (const name of fusionNames) {
  const fusion = await fusionOf(name, channels);

  onBackend(`the fusion ${name} is its definition at even, odd and equal sizes`, async () => {
    for (const sides of sizes) {
      const levels = levelsOf(sides);
      await assertAgrees(fusion, inputOf(levels), (weights, mode) => references[name](weights, levels, mode), 3e-4);
    }
  });

  onBackend(`the fusion ${name} by fused kernels is the plain one`, async () => {
    const variables = variablesOf(fusion);
    const levels = levelsOf([[15, 19], [8, 10], [4, 5], [2, 3]], 1);
    const output = () => outputOf(fusion, variables, inputOf(levels), "inference");
    const [fused, plain] = [await output(), await withFused(undefined, output)];
    assertMaps(fused, { shape: [1, 15, 19, channels], values: Array.from(plain.values) }, 5e-6);
    disposeVariables(variables);
  });

  onWasm(`every level and every parameter of ${name} gets a gradient, and every statistic moves`, async () => {
    const variables = variablesOf(fusion);
    const numbers = await readTree(() => {
      const [l2, l3, l4, l5] = inputOf(levelsOf([[12, 10], [6, 5], [3, 3], [2, 2]]))();
      const { gradients, auxiliary } = valueAndGradient({ l2, l3, l4, l5, params: variables.params }, (own) => {
        const [output, statistics] = fusion.apply(
          { ...variables, params: own.params },
          [own.l2, own.l3, own.l4, own.l5],
          "training",
        );
        const pull = tensorOf(channels, noiseMaps([2, 12, 10, channels], 9));
        return [tf.sum<tf.Scalar>(tf.mul(tf.square(output), pull)), { statistics }];
      });
      return { gradients, ...auxiliary };
    });
    const before = await readTree(() => ({ statistics: variables.statistics }));
    numbers.forEach(({ values }, path) => {
      const moved = values.some((value, at) => Math.abs(value - (before.get(path)?.values[at] ?? 0)) > 1e-6);
      assert(moved && values.every(Number.isFinite), path);
    });
    assertEquals([...before.keys()].filter((path) => !numbers.has(path)), []);
    disposeVariables(variables);
  });
}

onBackend("no fusion computes what another does, although three have weights of the same names", async () => {
  const variables = variablesOf(cliffFusion(channels));
  const opaque = { params: { ...variables.params }, statistics: { ...variables.statistics } };
  const levels = levelsOf(odd);
  const outputs = await Promise.all(
    (["cliff", "cliff-no-identity", "cliff-no-attention"] as const).map(async (name) =>
      (await outputOf(await fusionOf(name, channels), opaque, inputOf(levels), "inference")).values.join()
    ),
  );
  assertEquals(new Set(outputs).size, 3);
  disposeVariables(variables);
});

/** Numbers of batch norms beside 108 C² weights, in C. */
const normsOf: Readonly<Record<FusionName, number>> = {
  "cliff": 12,
  "cliff-no-identity": 12,
  "cliff-no-attention": 12,
  "concatenation": 10,
  "sum": 24,
};

const countOf = async (name: FusionName, features: number): Promise<number> =>
  countParameters((await fusionOf(name, features)).form.params);

Deno.test("every fusion has 108 C² weights, and few numbers of batch norms beside them, as its record says", async () => {
  for (const name of fusionNames) {
    for (const features of [1, 2, 5, 16]) {
      const expected = 108 * features ** 2 + normsOf[name] * features;
      assertEquals([await countOf(name, features), fusionNamed(name).parameters(features)], [expected, expected], name);
    }
  }
});

Deno.test("the published width has 7,080,960 parameters in CLIFF, and within 0.05 % of it in the others", async () => {
  const counts = await Promise.all(fusionNames.map((name) => countOf(name, 256)));
  assertEquals(counts, [7_080_960, 7_080_960, 7_080_960, 7_080_448, 7_084_032]);
});

Deno.test("the table tells each fusion and what a whole network with it has, by its weights", async () => {
  const rows = fusionTable().split("\n").slice(2).map((line) =>
    line.split("|").slice(1, -1).map((cell) => cell.trim())
  );
  const { backbone, channels: own } = resNetOfWidth(50, 64);
  const expected = await Promise.all(fusionNames.map(async (name) => {
    const fusion = await fusionOf(name, 256);
    const whole = depthNetworkOn(backbone, own, fusion, 256);
    const counts = [fusion, whole].map(({ form }) => countParameters(form.params).toLocaleString("en"));
    return [`\`${name}\``, fusionNamed(name).description, ...counts];
  }));
  assertEquals(rows, expected);
});

onWasm("the names of CLIFF's weights are those of published checkpoints, whoever chooses it", async () => {
  const { backbone, channels: own } = resNetOfWidth(18, 2);
  const [byName, published] = [
    depthNetworkOn(backbone, own, await fusionOf("cliff", channels), channels, 1.5).init(keyOf(3)),
    cliffNetOn(backbone, own, channels, 1.5).init(keyOf(3)),
  ];
  assertEquals(await weightsOf(byName), await weightsOf(published));
  const prefix = "params/estimator/fusion/";
  const paths = [...(await weightsOf(byName)).keys()].flatMap((path) =>
    path.startsWith(prefix) ? [path.slice(prefix.length)] : []
  );
  assertEquals(paths.length, 3 * 2 * 3);
  assert(paths.every((path) => /^level[234]\/(select|fuse)\/(conv\/kernel|norm\/(gamma|beta))$/.test(path)));
  [byName, published].forEach(disposeVariables);
});

onBackend("an estimator takes any fusion, and the score follows it", async () => {
  const levels = levelsOf(odd);
  const estimator = depthEstimatorWith(await fusionOf("sum", channels), channels, 2.5);
  const variables = variablesOf(estimator);
  const { shape, values } = await outputOf(estimator, variables, inputOf(levels), "inference");
  assertEquals(shape, [2, 9, 7, 1]);
  assert(values.every(Number.isFinite));
  disposeVariables(variables);
});
