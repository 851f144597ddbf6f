import { resNetOfWidth } from "../../lib/cliffnet/backbone.ts";
import { depthEstimator } from "../../lib/cliffnet/estimator.ts";
import { cliffNet, cliffNetOn } from "../../lib/cliffnet/network.ts";
import { featurePyramid } from "../../lib/cliffnet/pyramid.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { valueAndGradient } from "../../lib/tensor/gradient.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { type Maps, resizeTo } from "../nn/reference.ts";
import { assertMaps, disposeVariables, noiseMaps, outputOf, tensorOf, variablesOf } from "../nn/support.ts";
import { assert, assertEquals } from "../std.ts";
import { type Numbers, onBackend, onWasm, read, readTree } from "../support.ts";

const { backbone, channels } = resNetOfWidth(18, 2);
const network = cliffNetOn(backbone, channels, 3, 1.5);

onBackend(
  "depth maps have the size of their pictures, odd or even, larger or smaller than the coarsest stride",
  async () => {
    const variables = variablesOf(network);
    for (const [batch, height, width] of [[1, 37, 53], [2, 64, 33], [1, 5, 1]] as const) {
      const pictures = noiseMaps([batch, height, width, 3], 1);
      const { shape, values } = await outputOf(network, variables, () => tensorOf(3, pictures), "inference");
      assertEquals(shape, [batch, height, width, 1]);
      assert(values.every(Number.isFinite));
    }
    disposeVariables(variables);
  },
);

const mapsOf = ({ shape: [batch = 0, height = 0, width = 0, channels = 0], values }: Numbers): Maps => ({
  shape: [batch, height, width, channels],
  values: [...values],
});

onBackend("the network is backbone, pyramid and estimator, and bilinear upsampling to the picture's size", async () => {
  const variables = variablesOf(network);
  const images = noiseMaps([2, 43, 38, 3], 2);
  const { whole, fine } = await read(() => {
    const input = tensorOf(3, images);
    const { params, statistics } = variables;
    const part = <K extends "backbone" | "pyramid" | "estimator">(name: K) => ({
      params: params[name],
      statistics: statistics[name],
    });
    const [levels] = backbone.apply(part("backbone"), input, "inference");
    const [pyramid] = featurePyramid(channels, 3).apply(part("pyramid"), levels, "inference");
    const [fine] = depthEstimator(3).apply(part("estimator"), pyramid, "inference");
    return { whole: network.apply(variables, input, "inference")[0], fine };
  });
  assertEquals(fine.shape, [2, 11, 10, 1]);
  assertMaps(whole, resizeTo(mapsOf(fine), [43, 38]), 1e-5);
  disposeVariables(variables);
});

onWasm("every kernel and every batch norm gets a gradient, and every statistic moves", async () => {
  const variables = variablesOf(network);
  const numbers = await readTree(() => {
    const input = tensorOf(3, noiseMaps([3, 64, 64, 3], 2));
    const { gradients, auxiliary } = valueAndGradient(variables.params, (params) => {
      const [depth, statistics] = network.apply({ ...variables, params }, input, "training");
      const pull = tensorOf(1, noiseMaps([3, 64, 64, 1], 3));
      return [tf.sum<tf.Scalar>(tf.mul(tf.square(depth), pull)), { statistics }];
    });
    return { gradients, ...auxiliary };
  });
  const before = await readTree(() => ({ statistics: variables.statistics }));
  numbers.forEach(({ values }, path) => {
    // A bias before a batch norm is taken away by it again.
    if (/^gradients.*conv\/bias$/.test(path)) return;
    const moved = values.some((value, at) => value !== (before.get(path)?.values[at] ?? 0));
    assert(moved && values.every(Number.isFinite), path);
  });
  assertEquals([...before.keys()].filter((path) => !numbers.has(path)), []);
  disposeVariables(variables);
});

onWasm("the published network's options reach its parts", async () => {
  const variables = cliffNet({ depth: 18, features: 2, initialDepth: 2.5 }).init(keyOf(1));
  const { lateral } = variables.params.pyramid;
  assertEquals(lateral.level5.conv.kernel.shape, [1, 1, 512, 2]);
  assertEquals(await variables.params.estimator.score.output.bias.data(), Float32Array.from([2.5]));
  const images = noiseMaps([1, 33, 31, 3], 1);
  const differs = async (other: ReturnType<typeof cliffNet>): Promise<boolean> => {
    const reference = cliffNet({ depth: 18, features: 2 });
    const [first, second] = [
      await outputOf(reference, variables, () => tensorOf(3, images), "inference"),
      await outputOf(other, variables, () => tensorOf(3, images), "inference"),
    ];
    return first.values.some((value, at) => value !== second.values[at]);
  };
  assert(!await differs(cliffNet({ depth: 18, features: 2, preprocessing: "bgr-caffe" })));
  assert(await differs(cliffNet({ depth: 18, features: 2, preprocessing: "rgb-imagenet" })));
  disposeVariables(variables);
});
