// A layer of one's own: its formula, its parameters' names, and channel counts that the compiler checks.
// deno run --allow-read docs/examples/own_layer.ts
import * as cn from "@cliffnet/cliffnet";
const { asFeatures, layer, pipe, tf } = cn;

// Squeeze and excitation (Hu et al., CVPR 2018): every channel is weighted by what the whole picture holds.
const squeezeAndExcitation = <C extends number>(channels: C, hidden: number) => {
  const gates = pipe(
    cn.globalAveragePool(channels),
    layer("squeeze", cn.linear(channels, hidden)),
    cn.mapOutput((squeezed: cn.Tensor2D): cn.Tensor2D => tf.relu(squeezed)),
    layer("excite", cn.linear(hidden, channels)),
  );
  return cn.withInput(gates, (features: cn.Features<C>, excited) => {
    const weights = tf.reshape(tf.sigmoid(excited), [-1, 1, 1, channels]);
    return asFeatures(channels, tf.mul(features, weights));
  });
};

cn.orThrow(await cn.openDevice("auto")());
const block = pipe(
  cn.inputFeatures(3),
  layer("conv", cn.convNormRelu(3, 16, 3)),
  layer("gate", squeezeAndExcitation(16, 4)), // with 8 in place of 16 this does not compile
);
const variables = block.init(cn.keyOf(0));
const [output] = block.apply(variables, asFeatures(3, tf.ones([2, 8, 10, 3])), "inference");
console.log(output.shape, cn.countParameters(variables.params), cn.leaves(variables.params).map(({ path }) => path));
