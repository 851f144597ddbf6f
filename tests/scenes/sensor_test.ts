import { renderDescription, renderScene } from "../../lib/scenes/render.ts";
import { box } from "../../lib/scenes/solids.ts";
import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "../std.ts";
import { grey, key, roomWith } from "./support.ts";

Deno.test("noise leaves out no pixel, stays near the truth and is off unless asked for", () => {
  const options = { seed: 2, height: 48, width: 64 };
  const exact = renderScene(options, 4);
  assertEquals(renderScene({ ...options, noise: false }, 4), exact);
  const noisy = renderScene({ ...options, noise: true }, 4);
  assertNotEquals(noisy.image.pixels, exact.image.pixels);
  let moved = 0;
  noisy.depth.metres.forEach((metres, at) => {
    const truth = exact.depth.metres[at] ?? 0;
    const sigma = 0.0012 + 0.0019 * (truth - 0.4) ** 2;
    const step = 0.00285 * truth ** 2;
    assert(metres >= 0.5 && metres <= 10);
    assert(Math.abs(metres - truth) < 4 * sigma + step);
    moved += metres === truth ? 0 : 1;
  });
  assert(moved > 48 * 64 * 0.9);
});

Deno.test("holes are exactly 0, only there with the option, and leave the rest and the picture alone", () => {
  const options = { seed: 2, height: 48, width: 64 };
  for (let index = 0; index < 20; index++) {
    const exact = renderScene(options, index);
    assert(exact.depth.metres.every((metres) => metres > 0));
    const holed = renderScene({ ...options, holes: true }, index);
    assertEquals(holed.image, exact.image);
    const missing = holed.depth.metres.filter((metres, at) => {
      assert(metres === 0 || metres === exact.depth.metres[at]);
      return metres === 0;
    }).length;
    const share = missing / holed.depth.metres.length;
    assert(share > 0.005 && share < 0.5);
  }
});

Deno.test("a near solid throws the projector's shadow to its left, as wide as the difference of disparities", () => {
  const near = box(grey, [1.8, 2.2], [1, 2], [2, 2.4]);
  const rendered = renderDescription(
    roomWith([near]),
    { height: 120, width: 160, holes: true },
    key,
  );
  const { metres } = rendered.depth;
  const focal = rendered.intrinsics?.fx ?? 0;
  const expected = focal * 0.075 * (1 / 1 - 1 / 7);
  const row = 60;
  const left = Array.from({ length: 160 }, (_, u) => metres[row * 160 + u] ?? 0)
    .findIndex((z) => Math.abs(z - 1) < 1e-6);
  let band = 0;
  while (metres[row * 160 + left - 1 - band] === 0) band++;
  assertAlmostEquals(band, expected, 1.5);
});
