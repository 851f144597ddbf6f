// Atrous spatial pyramid pooling (Chen et al. 2017): dilated convolutions side by side, and the mean of the whole picture.
// deno run --allow-read docs/examples/spatial_pyramid.ts
import * as cn from "@cliffnet/cliffnet";
import * as nn from "@cliffnet/cliffnet/nn";
const { asFeatures, layer, pipe, tf } = cn;

const branch = <I extends number, O extends number>(input: I, output: O, size: number, dilation = 1) =>
  pipe(
    cn.inputFeatures(input),
    layer("conv", nn.conv(input, output, size, { dilation })),
    layer("norm", nn.groupNorm(output, 4)),
    (chain) => nn.compose(chain, nn.relu(output)),
  );

const spatialPyramid = <I extends number, O extends number>(input: I, output: O) => {
  const whole = nn.withInput(
    pipe(cn.globalAveragePool(input), nn.mapOutput((mean) => asFeatures(input, tf.reshape(mean, [-1, 1, 1, input])))),
    (features: cn.Features<I>, mean) => asFeatures(input, tf.add(tf.zerosLike(features), mean)),
  );
  const near = nn.fanOut(
    nn.namedPart("rate1", branch(input, output, 1)),
    nn.namedPart("rate2", branch(input, output, 3, 2)),
  );
  const far = nn.fanOut(
    nn.namedPart("rate3", branch(input, output, 3, 3)),
    pipe(whole, layer("whole", branch(input, output, 1))),
  );
  return pipe(
    nn.fanOut(near, far),
    nn.mapOutput(([a, b]) => asFeatures<number>(4 * output, tf.concat([...a, ...b], 3))),
    layer("project", branch<number, O>(4 * output, output, 1)),
    layer("dropout", nn.dropout(output, 0.1)),
  );
};

cn.orThrow(await cn.openDevice("auto")());
const pyramid = spatialPyramid(16, 8);
const variables = pyramid.init(cn.keyOf(0));
const [output] = pyramid.apply(variables, asFeatures(16, tf.ones([2, 9, 12, 16])), "training", cn.keyOf(1));
console.log(output.shape, cn.leaves(variables.params).map(({ path }) => path));
