import { DeviceError, deviceFailure } from "../../lib/backend/device_failure.ts";
import { cliffNetOn } from "../../lib/cliffnet/network.ts";
import { pipe } from "../../lib/dependencies/fp.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { failure, FailureError } from "../../lib/errors.ts";
import { collectLayer, collectOutputs, sequential } from "../../lib/nn/combinators.ts";
import { conv } from "../../lib/nn/conv.ts";
import { convNormRelu } from "../../lib/nn/conv_norm.ts";
import { compose, fromFunction, inputFeatures, layer, untyped } from "../../lib/nn/layer.ts";
import { dropout } from "../../lib/nn/random.ts";
import { asFeatures, type Features } from "../../lib/tensor/features.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { causeOf, LayerError, within } from "../../lib/tensor/layer_error.ts";
import { scope } from "../../lib/tensor/scope.ts";
import { openWasm } from "../optim/support.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";

await openWasm();

const thrownBy = (run: () => unknown): unknown => {
  try {
    scope(() => {
      run();
    });
  } catch (reason) {
    return reason;
  }
  throw new Error("nothing was thrown");
};

const layerErrorOf = (run: () => unknown): LayerError => {
  const reason = thrownBy(run);
  assert(reason instanceof LayerError, String(reason));
  return reason;
};

/** A layer of one's own that adds a tensor of another width. */
const wrong = <C extends number>(channels: C) =>
  fromFunction((x: Features<C>): Features<C> => asFeatures(channels, tf.add(x, tf.zeros([1, 1, 1, channels - 1]))));

const zeros = <C extends number>(channels: C) => asFeatures(channels, tf.zeros([2, 6, 8, channels]));

Deno.test("an error in a layer has the path of its parameters, the operation, the shapes, and what was thrown", () => {
  const block = pipe(inputFeatures(4), layer("conv", conv(4, 4, 3)), layer("add", wrong(4)));
  const network = pipe(inputFeatures(4), layer("stage2", sequential([["block0", untyped(block)]])));
  const error = layerErrorOf(() => network.apply(network.init(keyOf(0)), zeros(4), "training"));
  assertEquals([error.path, error.shapes], ["stage2/block0/add", "[2, 6, 8, 4]"]);
  assertEquals(
    error.message,
    "stage2/block0/add, given [2, 6, 8, 4]: add: Operands could not be broadcast together with shapes 2,6,8,4 and 1,1,1,3.",
  );
  assert(causeOf(error) instanceof Error && !(causeOf(error) instanceof LayerError));
  assertStringIncludes(error.stack ?? "", "layer_error_test.ts:");
});

Deno.test("an operation that the message names is not named twice", () => {
  const [network, other] = [pipe(inputFeatures(3), layer("stem", conv(3, 4, 3))), conv(5, 4, 3)];
  const error = layerErrorOf(() => {
    const { params, statistics } = other.init(keyOf(0));
    network.apply({ params: { stem: params }, statistics: { stem: statistics } }, zeros(3), "training");
  });
  assert(/^stem, given \[2, 6, 8, 3\]: Error in conv2d: .*\(3\) must match .* 5\.$/.test(error.message), error.message);
});

Deno.test("an error in a backbone under the pyramid has its path from the network on", () => {
  const backbone = pipe(
    collectOutputs(convNormRelu(3, 4, 3, { stride: 4 })),
    collectLayer("level3", convNormRelu(4, 6, 3, { stride: 2 })),
    collectLayer(
      "level4",
      compose(convNormRelu(6, 8, 3, { stride: 2 }), pipe(inputFeatures(8), layer("own", wrong(8)))),
    ),
    collectLayer("level5", convNormRelu(8, 8, 3, { stride: 2 })),
  );
  const network = cliffNetOn(backbone, [4, 6, 8, 8], 4);
  const images = asFeatures(3, tf.zeros([1, 32, 32, 3]));
  const error = layerErrorOf(() => network.apply(network.init(keyOf(0)), images, "inference"));
  assertEquals([error.path, error.shapes], ["backbone/level4/own", "[1, 2, 2, 8]"]);
});

Deno.test("a random layer without a key is told with its path", () => {
  const network = pipe(inputFeatures(2), layer("head", pipe(inputFeatures(2), layer("drop", dropout(2, 0.5)))));
  const error = layerErrorOf(() => network.apply(network.init(keyOf(0)), zeros(2), "training"));
  assertEquals(error.path, "head/drop");
  assertStringIncludes(error.message, "got no key");
});

Deno.test("a failure says itself where it happened, and passes as it is", () => {
  const problem = new FailureError(failure("script", "mine.ts:3", "a fault", "none"));
  assert(thrownBy(() => within("a", null, () => within("b", null, () => thrown(problem)))) === problem);
});

const thrown = (reason: unknown): never => {
  throw reason;
};

Deno.test("what the device throws in a layer is the device's failure, which names the layer and its own cause", () => {
  const lost = new DeviceError("a lost device");
  const reason = thrownBy(() => within("backbone", zeros(1), () => within("stem", zeros(1), () => thrown(lost))));
  const problem = deviceFailure(reason, "the training");
  assertEquals([problem?.where, problem?.found], ["the training, layer backbone/stem", "a lost device"]);
  assert(problem?.cause === lost && !problem.advice?.includes("smaller batch"), problem?.advice);
  assertEquals(
    deviceFailure(thrownBy(() => within("a", null, () => thrown(new Error("no device's")))), "the training"),
    null,
  );
});

Deno.test("a smaller batch is advised where memory was wanting, and nowhere else", () => {
  const adviceOf = (reason: unknown): string => deviceFailure(reason, "a step")?.advice ?? "";
  const wanting = [
    new WebAssembly.RuntimeError("memory access out of bounds"),
    new RangeError("WebAssembly.Memory.grow(): Maximum memory size exceeded"),
    new DeviceError("no room for 17 bytes in the 4 GB of the wasm backend"),
  ];
  wanting.forEach((reason) => assertStringIncludes(adviceOf(reason), "smaller batch", String(reason)));
  const others = [new DeviceError("TensorFlow.js could not start"), new DOMException("lost", "OperationError")];
  others.forEach((reason) => assert(!adviceOf(reason).includes("smaller batch"), String(reason)));
});

Deno.test("shapes of lists and records of tensors are told, of many only the first", () => {
  const many = { a: zeros(1), b: [zeros(2), [tf.zeros([3])]], c: 5, d: null };
  assertEquals(
    layerErrorOf(() => within("x", many, () => thrown("text"))).message,
    "x, given [2, 6, 8, 1], [2, 6, 8, 2], [3]: text",
  );
  const eight = layerErrorOf(() => within("x", Array.from({ length: 8 }, () => tf.zeros([1])), () => thrown("text")));
  assertEquals(eight.message, "x, given [1], [1], [1], [1], [1], [1], and 2 more: text");
});
