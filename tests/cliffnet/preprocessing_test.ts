import { preprocess, type Preprocessing } from "../../lib/cliffnet/network.ts";
import { assertClose, noise } from "../backend/support.ts";
import { assertEquals } from "../std.ts";
import { featuresOf, onBackend, valuesOf } from "../support.ts";

/** Two pixels in each of two pictures, 0…1, all values different. */
const pictures = noise(12, 1).map((value) => (value + 1) / 2);
const nothing = { params: {}, statistics: {} };

const prepared = async (kind: Preprocessing): Promise<Float32Array> =>
  await valuesOf(() => preprocess(kind).apply(nothing, featuresOf([2, 1, 2, 3], pictures), "inference")[0]);

onBackend("the paper's preprocessing gives blue, green, red in 0…255 minus the mean of Caffe's pictures", async () => {
  const expected = [0, 1, 2, 3].flatMap((pixel) => {
    const [red = NaN, green = NaN, blue = NaN] = pictures.slice(pixel * 3, pixel * 3 + 3);
    return [255 * blue - 102.9801, 255 * green - 115.9465, 255 * red - 122.7717];
  });
  assertClose(await prepared("bgr-caffe"), expected, 1e-6);
});

onBackend("torchvision's gives red, green, blue minus ImageNet's mean in units of its deviation", async () => {
  const expected = [0, 1, 2, 3].flatMap((pixel) => {
    const [red = NaN, green = NaN, blue = NaN] = pictures.slice(pixel * 3, pixel * 3 + 3);
    return [(red - 0.485) / 0.229, (green - 0.456) / 0.224, (blue - 0.406) / 0.225];
  });
  assertClose(await prepared("rgb-imagenet"), expected, 1e-6);
});

onBackend("the unit variant leaves red, green, blue in 0…1, and the centred one spreads them over −1…1", async () => {
  assertClose(await prepared("rgb-unit"), [...pictures], 1e-7);
  const expected = Array.from(pictures, (level) => level - (1 - level));
  assertClose(await prepared("rgb-centred"), expected, 1e-6);
});

onBackend("preprocessing learns and tracks nothing", () => {
  for (const kind of ["bgr-caffe", "rgb-imagenet", "rgb-unit", "rgb-centred"] as const) {
    assertEquals(preprocess(kind).init([0, 1]), nothing);
  }
});
