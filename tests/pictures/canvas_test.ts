import type { Rgb } from "../../lib/pictures/colormap.ts";
import { filled, resizeNearest, withPictures, withRectangles } from "../../lib/pictures/layout.ts";
import { assertEquals } from "../std.ts";
import { assertRefused, at, count } from "./support.ts";

const [white, red, blue]: readonly [Rgb, Rgb, Rgb] = [[255, 255, 255], [255, 0, 0], [0, 0, 255]];
const sheet = filled(4, 6, white);

Deno.test("rectangles are drawn in their order, cut at the picture's sides, on a copy", () => {
  const drawn = withRectangles(sheet, [
    { top: 1, left: 1, height: 2, width: 3, colour: red },
    { top: 2, left: 3, height: 9, width: 9, colour: blue },
    { top: -3, left: -3, height: 4, width: 4, colour: blue },
    { top: 9, left: 0, height: 2, width: 2, colour: red },
    { top: 0, left: 4, height: 0, width: 2, colour: red },
  ]);
  assertEquals([count(drawn, red), count(drawn, blue)], [5, 6 + 1]);
  assertEquals([at(drawn, 2, 3), at(drawn, 1, 3), at(drawn, 0, 0), at(drawn, 0, 1)], [blue, red, blue, white]);
  assertEquals(count(sheet, white), 24);
});

Deno.test("pictures are laid on a picture at their places and cut at its sides", () => {
  const piece = withRectangles(filled(2, 2, red), [{ top: 1, left: 1, height: 1, width: 1, colour: blue }]);
  const drawn = withPictures(sheet, [-1, 1, 3].map((left) => ({ top: left, left: left * 2 - 1, image: piece })));
  assertEquals([count(drawn, red), count(drawn, blue)], [3 + 1, 1]);
  assertEquals([at(drawn, 1, 1), at(drawn, 2, 2), at(drawn, 3, 5)], [red, blue, red]);
  assertEquals(count(withPictures(sheet, [{ top: 0, left: 6, image: piece }]), white), 24);
});

Deno.test("a picture at another size shows each pixel as a block, whatever the ratio", () => {
  const small = withRectangles(filled(1, 2, red), [{ top: 0, left: 1, height: 1, width: 1, colour: blue }]);
  const large = resizeNearest(small, 3, 7);
  assertEquals([large.height, large.width, count(large, red), count(large, blue)], [3, 7, 3 * 3, 3 * 4]);
  for (let row = 0; row < 3; row++) assertEquals([at(large, row, 2), at(large, row, 3)], [red, blue]);
  assertEquals(resizeNearest(large, 1, 2).pixels, small.pixels);
  assertRefused(() => resizeNearest(small, 0, 3), "1x2 to 0x3");
  assertRefused(() => resizeNearest(filled(0, 2, red), 3, 3), "0x2");
});
