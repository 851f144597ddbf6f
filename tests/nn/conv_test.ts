import { tf } from "../../lib/dependencies/tensorflow.ts";
import { biasedConv, conv } from "../../lib/nn/conv.ts";
import { asFeatures, type Features } from "../../lib/tensor/features.ts";
import { valueAndGradient } from "../../lib/tensor/gradient.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { convolve } from "../backend/reference.ts";
import { assertClose } from "../backend/support.ts";
import { assert, assertEquals } from "../std.ts";
import { onBackend, onWasm, readTree } from "../support.ts";
import { convolution, type Four, weightAt } from "./reference.ts";
import { assertAgrees, disposeVariables, noiseMaps, tensorOf, variablesOf, weightsOf } from "./support.ts";

const sizes: readonly (readonly [height: number, width: number])[] = [[5, 8], [6, 7], [1, 3]];

for (const kernel of [1, 3, 7]) {
  for (const stride of [1, 2]) {
    onBackend(`a ${kernel}×${kernel} convolution of stride ${stride} is the sum of its definition`, async () => {
      for (const [height, width] of sizes) {
        const maps = noiseMaps([2, height, width, 3], 1);
        const input = () => tensorOf(3, maps);
        await assertAgrees(conv(3, 2, kernel, { stride }), input, (weights) => {
          const output = convolution(weights, maps, stride);
          assertEquals(output.shape, [2, Math.ceil(height / stride), Math.ceil(width / stride), 2]);
          return output;
        });
        await assertAgrees(
          biasedConv(3, 2, kernel, { stride }),
          input,
          (weights) => convolution(weights, maps, stride),
        );
      }
    });
  }
}

onBackend(
  "the gradients of a convolution are the transposed sums, that of its bias the sum of the output's",
  async () => {
    const [inputShape, outputShape]: readonly [Four, Four] = [[2, 5, 4, 2], [2, 3, 2, 3]];
    const layer = biasedConv(2, 3, 3, { stride: 2 });
    const [x, dy] = [noiseMaps(inputShape, 2), noiseMaps(outputShape, 3)];
    const variables = variablesOf(layer);
    const weights = await weightsOf(variables);
    const gradients = await readTree(() => {
      const tree = { x: tensorOf(2, x), params: variables.params };
      return valueAndGradient(tree, (own) => {
        const [y] = layer.apply({ params: own.params, statistics: {} }, own.x, "training");
        return [tf.sum<tf.Scalar>(tf.mul(y, tensorOf(3, dy))), {}];
      }).gradients;
    });
    const kernel = weightAt(weights, "params/kernel");
    const form = { input: inputShape, filter: [3, 3, 2, 3], stride: [2, 2], padding: [1, 1, 1, 1] } as const;
    const { dx, dw } = convolve(form, x.values, [...kernel.values], dy.values);
    assertClose(gradients.get("x")?.values ?? [], dx, 1e-5, "input");
    assertClose(gradients.get("params/kernel")?.values ?? [], dw, 1e-5, "kernel");
    const sums = [0, 1, 2].map((c) => dy.values.filter((_, at) => at % 3 === c).reduce((sum, value) => sum + value, 0));
    assertClose(gradients.get("params/bias")?.values ?? [], sums, 1e-5, "bias");
    disposeVariables(variables);
  },
);

onWasm("a bias begins at 0, or at the value that is asked for", async () => {
  const biases = [biasedConv(2, 3, 1), biasedConv(2, 3, 1, { initialBias: 2.5 })].map(({ init }) => init(keyOf(1)));
  const [zero, given] = await Promise.all(biases.map((variables) => variables.params.bias.data()));
  assertEquals(zero, Float32Array.from([0, 0, 0]));
  assertEquals(given, Float32Array.from([2.5, 2.5, 2.5]));
  biases.forEach(disposeVariables);
});

onWasm("a convolution takes batches and pictures of any size with the same parameters", () => {
  const layer = conv(1, 2, 3, { stride: 2 });
  const variables = layer.init(keyOf(1));
  for (const [batch, height, width] of [[1, 1, 1], [3, 2, 9]] as const) {
    const output: Features<2> = tf.tidy(() => {
      const input = asFeatures(1, tf.ones([batch, height, width, 1]));
      return layer.apply(variables, input, "inference")[0];
    });
    assertEquals(output.shape, [batch, Math.ceil(height / 2), Math.ceil(width / 2), 2]);
    assert(!variables.params.kernel.isDisposed);
    output.dispose();
  }
  disposeVariables(variables);
});
