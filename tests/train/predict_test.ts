import { DeviceError } from "../../lib/backend/device_failure.ts";
import { resizeImage } from "../../lib/data/resize.ts";
import { E } from "../../lib/dependencies/fp.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { orThrow } from "../../lib/errors.ts";
import type { RgbImage } from "../../lib/formats/raster.ts";
import { fromFunction } from "../../lib/nn/layer.ts";
import { asFeatures, type DepthMaps, type Images } from "../../lib/tensor/features.ts";
import { predictor } from "../../lib/train/depth_network.ts";
import { assertClose, noise } from "../backend/support.ts";
import { type Maps, resizeTo } from "../nn/reference.ts";
import { disposeVariables, noiseMaps, outputOf, tensorOf, variablesOf } from "../nn/support.ts";
import { assert, assertEquals, assertRejects } from "../std.ts";
import { onBackend } from "../support.ts";
import { tinyNetwork } from "./support.ts";

const nothing = { params: {}, statistics: {} };

/** Ten times red minus green: depth that can be negative and beyond all ranges. */
const redMinusGreen = fromFunction((images: Images): DepthMaps => {
  const [red, green] = tf.split(images, 3, 3);
  assert(red !== undefined && green !== undefined);
  return asFeatures(1, tf.mul(tf.sub(red, green), 10));
});

const imageOf = (height: number, width: number, seed = 1): RgbImage => ({
  height,
  width,
  pixels: Uint8Array.from(noise(height * width * 3, seed), (value) => Math.round(127.5 * (value + 1))),
});

const expectedOf = ({ pixels }: RgbImage): number[] =>
  Array.from({ length: pixels.length / 3 }, (_, at) => ((pixels[3 * at] ?? NaN) - (pixels[3 * at + 1] ?? NaN)) / 25.5);

onBackend("a picture of the network's size gives the network's own depth, not clipped", async () => {
  const image = imageOf(5, 7);
  const depth = orThrow(await predictor(redMinusGreen, nothing, 5, 7)(image)());
  assertEquals([depth.height, depth.width], [5, 7]);
  assertClose(depth.metres, expectedOf(image), 1e-6);
  assert(depth.metres.some((metres) => metres < -3) && depth.metres.some((metres) => metres > 3));
});

onBackend(
  "the network sees the picture at its own size, and its depth is resized bilinearly to the picture's",
  async () => {
    for (const [height, width] of [[7, 5], [3, 9], [2, 2]] as const) {
      const image = imageOf(height, width);
      const depth = orThrow(await predictor(redMinusGreen, nothing, 3, 4)(image)());
      const small: Maps = { shape: [1, 3, 4, 1], values: expectedOf(resizeImage(3, 4)(image)) };
      assertEquals([depth.height, depth.width], [height, width]);
      assertClose(depth.metres, resizeTo(small, [height, width]).values, 1e-5);
    }
  },
);

onBackend("prediction uses the tracked statistics and leaves the variables alone", async () => {
  const network = tinyNetwork();
  const variables = variablesOf(network);
  const image = imageOf(4, 6);
  const maps: Maps = { shape: noiseMaps([1, 4, 6, 3], 1).shape, values: [...image.pixels].map((value) => value / 255) };
  const expected = await outputOf(network, variables, () => tensorOf(3, maps), "inference");
  const predict = predictor(network, variables, 4, 6);
  assertClose(orThrow(await predict(image)()).metres, expected.values, 1e-5);
  assertClose(orThrow(await predict(image)()).metres, expected.values, 1e-5);
  disposeVariables(variables);
});

/** A network that throws after it has computed something. */
const throwing = (error: Error) =>
  fromFunction((images: Images): DepthMaps => {
    tf.add(images, 1);
    throw error;
  });

onBackend("a device that throws is a failure of the device, with nothing left on it", async () => {
  const network = throwing(new DeviceError("no room for 9 bytes"));
  const result = await predictor(network, nothing, 3, 4)(imageOf(3, 4))();
  assert(E.isLeft(result));
  assertEquals([result.left.kind, result.left.found], ["device", "no room for 9 bytes"]);
});

onBackend("a bug in a network is thrown on as it is, with nothing left on the device", async () => {
  const bug = new Error("a bug");
  const predict = predictor(throwing(bug), nothing, 3, 4);
  assert(await assertRejects(() => predict(imageOf(3, 4))()) === bug);
});

onBackend(
  "a depth that is not finite is refused by the name of what predicted it, with nothing left on the device",
  async () => {
    for (const strange of [NaN, Infinity, -Infinity]) {
      const network = fromFunction((images: Images): DepthMaps => {
        const [red] = tf.split(images, 3, 3);
        assert(red !== undefined);
        return asFeatures(1, tf.where(tf.greater(red, 0.9), tf.fill(red.shape, strange), red));
      });
      const dark: RgbImage = { height: 3, width: 4, pixels: new Uint8Array(36) };
      const predict = predictor(network, nothing, 3, 4, "net.safetensors");
      assertEquals(orThrow(await predict(dark)()).metres, new Float32Array(12));
      const result = await predict({ ...dark, pixels: dark.pixels.map((_, at) => at === 30 ? 255 : 0) })();
      assert(E.isLeft(result));
      assertEquals([result.left.kind, result.left.where], ["numeric", "net.safetensors"]);
    }
  },
);
