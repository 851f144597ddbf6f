import { basicBlock, bottleneck, type ResidualBlock } from "../../lib/cliffnet/backbone.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { mapTree } from "../../lib/tensor/tree.ts";
import { type Maps, rectify } from "../nn/reference.ts";
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
import { onBackend, onWasm } from "../support.ts";
import { basicBlock as referenceBasic, bottleneck as referenceBottleneck } from "./reference.ts";

const maps = noiseMaps([2, 5, 6, 4], 1);
const input = () => tensorOf<number>(4, maps);

/** Blocks by name, each with its reference. */
const blocks = {
  "a basic block": { build: basicBlock, reference: referenceBasic },
  "a bottleneck with its stride on the 1×1 convolution": {
    build: (from: number, to: number, stride: number) => bottleneck(from, to, stride, "1x1"),
    reference: referenceBottleneck("1x1"),
  },
  "a bottleneck with its stride on the 3×3 convolution": {
    build: (from: number, to: number, stride: number) => bottleneck(from, to, stride, "3x3"),
    reference: referenceBottleneck("3x3"),
  },
} as const;

for (const [name, { build, reference }] of Object.entries(blocks)) {
  onBackend(`${name} is ReLU(branch + shortcut)`, async () => {
    for (const [to, stride] of [[4, 1], [8, 1], [8, 2], [4, 2]] as const) {
      await assertAgrees(build(4, to, stride), input, (weights, mode) => reference(weights, maps, stride, mode), 1e-4);
    }
  });

  onWasm(`${name} has a convolution in its shortcut only where size or channels change`, async () => {
    for (const [to, stride, has] of [[4, 1, false], [8, 1, true], [4, 2, true]] as const) {
      const variables = build(4, to, stride).init(keyOf(1));
      const paths = [...(await weightsOf(variables)).keys()];
      assertEquals(paths.includes("params/shortcut/conv/kernel"), has);
      assertEquals(paths.includes("statistics/shortcut/norm/variance"), has);
      disposeVariables(variables);
    }
  });

  onBackend(`${name} whose branch says nothing gives ReLU of its input`, async () => {
    const block = build(4, 4, 1);
    const variables = variablesOf(block);
    const silent = mapTree(
      variables.params,
      (tensor, path) => /^(second|expand)\/norm/.test(path) ? tf.zerosLike(tensor) : tensor.clone(),
    );
    assertMaps(await outputOf(block, { ...variables, params: silent }, input, "inference"), rectify(maps), 1e-6);
    [variables, { params: silent, statistics: {} }].forEach(disposeVariables);
  });
}

/** Whether the output changes with the pixel in row 1 and column 1, which a 1×1 convolution of stride 2 skips. */
const seesOddPixels = async (block: ResidualBlock): Promise<boolean> => {
  const changed: Maps = {
    ...maps,
    values: maps.values.map((value, at) => {
      const [column, row] = [Math.floor(at / 4) % 6, Math.floor(at / 24) % 5];
      return column % 2 === 1 || row % 2 === 1 ? value + 1 : value;
    }),
  };
  const variables = variablesOf(block);
  const before = await outputOf(block, variables, input, "inference");
  const after = await outputOf(block, variables, () => tensorOf<number>(4, changed), "inference");
  disposeVariables(variables);
  return before.values.some((value, at) => Math.abs(value - (after.values[at] ?? NaN)) > 1e-6);
};

onBackend("the paper's bottleneck of stride 2 never sees the odd rows and columns, torchvision's does", async () => {
  assert(!await seesOddPixels(bottleneck(4, 8, 2, "1x1")));
  assert(await seesOddPixels(bottleneck(4, 8, 2, "3x3")));
});
