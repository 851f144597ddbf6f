// Laws of ready layers: what they must be whatever the numbers are.
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { squeezeAndExcitation } from "../../lib/nn/group_norm.ts";
import { pixelShuffle } from "../../lib/nn/resampling.ts";
import { assertClose } from "../backend/support.ts";
import { assertEquals } from "../std.ts";
import { onBackend, valuesOf } from "../support.ts";
import { noiseMaps, outputOf, tensorOf, variablesOf, weightsOf } from "./support.ts";

onBackend("pixel shuffle is a permutation", async () => {
  const maps = noiseMaps([2, 3, 2, 18], 4);
  const none = { params: {}, statistics: {} };
  const values = await valuesOf(() => pixelShuffle(18, 2, 3).apply(none, tensorOf(18, maps), "training")[0]);
  assertEquals([...values].sort(), [...Float32Array.from(maps.values)].sort());
});

onBackend("squeeze and excitation weights each channel by two linear layers of the means", async () => {
  const layer = squeezeAndExcitation(2, 3);
  const variables = variablesOf(layer);
  const weights = await weightsOf(variables);
  const of = (name: string, at: number): number => weights.get(`params/${name}`)?.values[at] ?? NaN;
  const maps = noiseMaps([1, 3, 5, 2], 6);
  const means = [0, 1].map((c) => maps.values.filter((_, at) => at % 2 === c).reduce((a, b) => a + b) / 15);
  const hidden = [0, 1, 2].map((h) =>
    Math.max(0, means.reduce((sum, mean, c) => sum + mean * of("squeeze/weight", c * 3 + h), of("squeeze/bias", h)))
  );
  const gates = [0, 1].map((c) =>
    1 /
    (1 + Math.exp(
      -hidden.reduce((sum, value, h) => sum + value * of("excite/weight", h * 2 + c), of("excite/bias", c)),
    ))
  );
  const { values } = await outputOf(layer, variables, () => tensorOf(2, maps), "training");
  assertClose(values, maps.values.map((value, at) => value * (gates[at % 2] ?? NaN)), 1e-5);
  tf.dispose([variables.params.squeeze, variables.params.excite]);
});
