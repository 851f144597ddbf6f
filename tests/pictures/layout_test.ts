import fc from "fast-check";
import type { RgbImage } from "../../lib/formats/raster.ts";
import type { Rgb } from "../../lib/pictures/colormap.ts";
import { filled, frame, hstack, pad, padTo, scaleNearest, vstack } from "../../lib/pictures/layout.ts";
import { assertEquals } from "../std.ts";
import { assertRefused, at, count, picture } from "./support.ts";

const back: Rgb = [9, 8, 7];

const transpose = (image: RgbImage): RgbImage => {
  const pixels = new Uint8Array(image.pixels.length);
  for (let row = 0; row < image.height; row++) {
    for (let column = 0; column < image.width; column++) {
      pixels.set(at(image, row, column), (column * image.height + row) * 3);
    }
  }
  return { height: image.width, width: image.height, pixels };
};

for (const [name, stack] of [["hstack", hstack], ["vstack", vstack]] as const) {
  Deno.test(`${name} is associative`, () => {
    fc.assert(fc.property(picture, picture, picture, (a, b, c) => {
      const flat = stack([a, b, c], back);
      assertEquals(stack([stack([a, b], back), c], back), flat);
      assertEquals(stack([a, stack([b, c], back)], back), flat);
    }));
  });

  Deno.test(`${name} of nothing is its neutral element`, () => {
    const nothing = stack([], back);
    assertEquals([nothing.height, nothing.width], [0, 0]);
    fc.assert(fc.property(picture, (a) => {
      assertEquals(stack([nothing, a], back), a);
      assertEquals(stack([a, nothing], back), a);
    }));
  });
}

Deno.test("hstack adds widths, takes the largest height and fills below with the background", () => {
  const red: Rgb = [255, 0, 0];
  const blue: Rgb = [0, 0, 255];
  const row = hstack([filled(1, 2, red), filled(3, 1, blue)], back);
  assertEquals([row.height, row.width], [3, 3]);
  assertEquals([at(row, 0, 0), at(row, 0, 1), at(row, 0, 2)], [red, red, blue]);
  assertEquals([at(row, 2, 0), at(row, 2, 1), at(row, 2, 2)], [
    back,
    back,
    blue,
  ]);
});

Deno.test("vstack is hstack of the transposed pictures, transposed", () => {
  fc.assert(fc.property(fc.array(picture, { maxLength: 4 }), (images) => {
    assertEquals(
      vstack(images, back),
      transpose(hstack(images.map(transpose), back)),
    );
  }));
});

Deno.test("pad puts the picture between its margins and the background around it", () => {
  fc.assert(fc.property(
    picture,
    fc.record({
      top: fc.nat(3),
      right: fc.nat(3),
      bottom: fc.nat(3),
      left: fc.nat(3),
    }),
    (image, margins) => {
      const padded = pad(image, margins, back);
      assertEquals(padded.height, margins.top + image.height + margins.bottom);
      assertEquals(padded.width, margins.left + image.width + margins.right);
      for (let row = 0; row < padded.height; row++) {
        for (let column = 0; column < padded.width; column++) {
          const y = row - margins.top;
          const x = column - margins.left;
          const inside = y >= 0 && y < image.height && x >= 0 &&
            x < image.width;
          assertEquals(
            at(padded, row, column),
            inside ? at(image, y, x) : back,
          );
        }
      }
    },
  ));
});

Deno.test("a frame has the area of a border", () => {
  const framed = frame(filled(3, 5, [1, 2, 3]), 2, back);
  assertEquals([framed.height, framed.width], [7, 9]);
  assertEquals(count(framed, back), 7 * 9 - 3 * 5);
});

Deno.test("padTo never makes a picture smaller", () => {
  fc.assert(fc.property(picture, fc.nat(6), fc.nat(6), (image, h, w) => {
    const padded = padTo(image, h, w, back);
    assertEquals([padded.height, padded.width], [
      Math.max(h, image.height),
      Math.max(w, image.width),
    ]);
  }));
});

Deno.test("enlargement repeats each pixel in both directions", () => {
  fc.assert(fc.property(picture, fc.integer({ min: 1, max: 4 }), (image, k) => {
    const large = scaleNearest(image, k);
    assertEquals([large.height, large.width], [
      image.height * k,
      image.width * k,
    ]);
    for (let row = 0; row < large.height; row++) {
      for (let column = 0; column < large.width; column++) {
        assertEquals(
          at(large, row, column),
          at(image, Math.floor(row / k), Math.floor(column / k)),
        );
      }
    }
  }));
});

Deno.test("enlargements multiply, and by 1 nothing changes", () => {
  fc.assert(fc.property(picture, (image) => {
    assertEquals(scaleNearest(image, 1), image);
    assertEquals(scaleNearest(scaleNearest(image, 2), 3), scaleNearest(image, 6));
  }));
});

Deno.test("a factor that is not a whole number from 1 is refused", () => {
  for (const factor of [0, -1, 1.5, NaN, Infinity]) {
    assertRefused(() => scaleNearest(filled(1, 1, back), factor), "factor of enlargement");
  }
});

Deno.test("the operations leave the pictures they are given as they were", () => {
  fc.assert(fc.property(picture, picture, (a, b) => {
    const before = [a.pixels.slice(), b.pixels.slice()];
    hstack([a, b], back);
    vstack([a, b], back);
    frame(a, 1, back);
    scaleNearest(b, 2);
    assertEquals([a.pixels, b.pixels], before);
  }));
});
