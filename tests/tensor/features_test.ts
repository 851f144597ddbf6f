import { tf } from "../../lib/dependencies/tensorflow.ts";
import { asFeatures, validMask } from "../../lib/tensor/features.ts";
import { assert, assertEquals, assertThrows } from "../std.ts";
import { featuresOf, onBackend, onWasm, valuesOf } from "../support.ts";

onWasm("feature maps are the same tensor with its channel count in the type", () => {
  const tensor = tf.zeros([1, 2, 3, 4]);
  assert(asFeatures(4, tensor) === tensor);
  tensor.dispose();
});

onWasm("a wrong channel count or rank is a bug that tells both shapes", () => {
  for (const shape of [[1, 2, 3, 4], [2, 3, 5], [1, 5, 1, 1]]) {
    const tensor = tf.zeros(shape);
    const error = assertThrows(() => asFeatures(5, tensor));
    assert(error instanceof Error && error.message.includes(`[${shape.join(", ")}]`) && error.message.includes("5"));
    tensor.dispose();
  }
});

onBackend("the valid mask is 1 where there is depth, however little, and 0 where there is none", async () => {
  const mask = await valuesOf(() => validMask(featuresOf([1, 1, 5, 1], [0, 1e-3, 2, -1, 80])));
  assertEquals(mask, Float32Array.from([0, 1, 1, 0, 1]));
});
