import fc from "fast-check";
import { resizeDepth, resizeImage, resizeSample } from "../../lib/data/resize.ts";
import type { DepthImage, RgbImage } from "../../lib/formats/raster.ts";
import { assert, assertEquals } from "../std.ts";
import { sampleOf } from "./support.ts";

const side = fc.integer({ min: 1, max: 9 });

const imageOf = (height: number, width: number, level: (row: number, column: number, channel: number) => number) => {
  const pixels = Uint8Array.from({ length: height * width * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3);
    return level(Math.floor(pixel / width), pixel % width, at % 3);
  });
  return { height, width, pixels };
};

const images: fc.Arbitrary<RgbImage> = fc.tuple(side, side).chain(([height, width]) =>
  fc.uint8Array({ minLength: height * width * 3, maxLength: height * width * 3 })
    .map((pixels) => ({ height, width, pixels }))
);

const levelAt = ({ width, pixels }: RgbImage, row: number, column: number, channel: number): number =>
  pixels[(row * width + column) * 3 + channel] ?? NaN;

/** Compares every level with a reference in double precision, to the rounding of a level. */
const assertLevels = (found: RgbImage, expected: (row: number, column: number, channel: number) => number): void => {
  assertEquals(found.pixels.length, found.height * found.width * 3);
  found.pixels.forEach((level, at) => {
    const pixel = Math.floor(at / 3);
    const [row, column] = [Math.floor(pixel / found.width), pixel % found.width];
    const wanted = expected(row, column, at % 3);
    assert(Math.abs(level - wanted) <= 0.501, `row ${row}, column ${column}: found ${level}, expected ${wanted}`);
  });
};

Deno.test("a picture at its own size is itself", () => {
  fc.assert(fc.property(images, (image) => assertEquals(resizeImage(image.height, image.width)(image), image)));
});

Deno.test("a picture of one colour stays of that colour at every size", () => {
  fc.assert(fc.property(side, side, side, side, fc.nat({ max: 255 }), (height, width, newHeight, newWidth, level) => {
    const found = resizeImage(newHeight, newWidth)(imageOf(height, width, (_, __, channel) => (level + channel) % 256));
    assertEquals(found, imageOf(newHeight, newWidth, (_, __, channel) => (level + channel) % 256));
  }));
});

/** Bilinear interpolation at half-pixel centres, the edges repeated. */
const bilinear = (image: RgbImage, height: number, width: number) => (row: number, column: number, channel: number) => {
  const [y, x] = [(row + 0.5) * image.height / height - 0.5, (column + 0.5) * image.width / width - 0.5];
  const at = (r: number, c: number): number =>
    levelAt(
      image,
      Math.min(Math.max(r, 0), image.height - 1),
      Math.min(Math.max(c, 0), image.width - 1),
      channel,
    );
  const [top, left] = [Math.floor(y), Math.floor(x)];
  const [down, right] = [y - top, x - left];
  const upper = (1 - right) * at(top, left) + right * at(top, left + 1);
  const lower = (1 - right) * at(top + 1, left) + right * at(top + 1, left + 1);
  return (1 - down) * upper + down * lower;
};

Deno.test("a picture that grows is interpolated bilinearly at half-pixel centres", () => {
  fc.assert(fc.property(images, side, side, (image, more, wider) => {
    const [height, width] = [image.height + more, image.width + wider];
    assertLevels(resizeImage(height, width)(image), bilinear(image, height, width));
  }));
});

/** The mean of input pixels under a triangle as wide as two output pixels, each axis by itself. */
const antialiased =
  (image: RgbImage, height: number, width: number) => (row: number, column: number, channel: number) => {
    const weights = (from: number, to: number, index: number): readonly number[] => {
      const scale = Math.max(from / to, 1);
      return Array.from({ length: from }, (_, at) => {
        const distance = Math.abs((at + 0.5) - (index + 0.5) * from / to) / scale;
        return distance < 1 ? 1 - distance : 0;
      });
    };
    const [down, across] = [weights(image.height, height, row), weights(image.width, width, column)];
    const both = down.flatMap((w, r) => across.map((v, c) => [w * v, levelAt(image, r, c, channel)] as const));
    const total = both.reduce((sum, [weight]) => sum + weight, 0);
    return both.reduce((sum, [weight, level]) => sum + weight * level, 0) / total;
  };

/** One row or column resized by the plain formula, its sums kept in some precision after each weight. */
const plainLine = (levels: readonly number[], to: number, kept: (sum: number) => number): readonly number[] =>
  Array.from({ length: to }, (_, index) => {
    const [ratio, scale] = [levels.length / to, Math.max(levels.length / to, 1)];
    const raw = levels.map((_, at) => Math.max(1 - Math.abs(at + 0.5 - (index + 0.5) * ratio) / scale, 0));
    const total = raw.reduce((sum, weight) => sum + weight, 0);
    return levels.reduce((sum, level, at) => kept(sum + (raw[at] ?? NaN) / total * level), 0);
  });

Deno.test("resizing gives the very levels of the plain formula: rows in double precision, then columns in single", () => {
  fc.assert(fc.property(images, side, side, (image, height, width) => {
    if (height === image.height && width === image.width) return;
    const channels = [0, 1, 2].map((channel) => {
      const rows = Array.from({ length: image.height }, (_, row) => {
        const levels = Array.from({ length: image.width }, (_, column) => levelAt(image, row, column, channel));
        return plainLine(levels, width, (sum) => sum).map(Math.fround);
      });
      const columns = Array.from(
        { length: width },
        (_, column) => plainLine(rows.map((row) => row[column] ?? NaN), height, Math.fround),
      );
      return (row: number, column: number) => Math.round(columns[column]?.[row] ?? NaN);
    });
    const expected = imageOf(height, width, (row, column, channel) => channels[channel]?.(row, column) ?? NaN);
    assertEquals(resizeImage(height, width)(image), expected);
  }));
});

const share = fc.double({ min: 0.2, max: 1, noNaN: true });

Deno.test("a picture that shrinks is averaged under a triangle of two output pixels", () => {
  fc.assert(fc.property(images, share, share, (image, h, w) => {
    const [height, width] = [Math.ceil(image.height * h), Math.ceil(image.width * w)];
    assertLevels(resizeImage(height, width)(image), antialiased(image, height, width));
  }));
});

Deno.test("shrinking by a whole factor keeps the mean of a picture on a plain ground", () => {
  const content = fc.array(fc.nat({ max: 255 }), { minLength: 64, maxLength: 64 });
  fc.assert(fc.property(fc.constantFrom(2, 3, 4), content, fc.nat({ max: 255 }), (factor, levels, ground) => {
    const [margin, size] = [2 * factor, 8 * factor];
    const inside = (at: number) => at >= margin && at < size - margin;
    const image = imageOf(
      size,
      size,
      (row, column) => inside(row) && inside(column) ? levels[(row * 5 + column) % 64] ?? 0 : ground,
    );
    const meanOf = ({ pixels }: RgbImage) => pixels.reduce((sum, level) => sum + level, 0) / pixels.length;
    assert(Math.abs(meanOf(resizeImage(8, 8)(image)) - meanOf(image)) < 0.51);
  }));
});

Deno.test("a single bright pixel is never lost when a picture shrinks", () => {
  for (let column = 0; column < 12; column++) {
    const small = resizeImage(1, 3)(imageOf(1, 12, (_, at) => at === column ? 240 : 0));
    assert(small.pixels.some((level) => level > 0), `column ${column}`);
  }
});

const depthMaps: fc.Arbitrary<DepthImage> = fc.tuple(side, side).chain(([height, width]) =>
  fc.array(fc.constantFrom(0, 0.5, 1, 2.25, 7, 9.5), { minLength: height * width, maxLength: height * width })
    .map((metres) => ({ height, width, metres: Float32Array.from(metres) }))
);

Deno.test("a depth map at any size holds only depths that were measured, and holes", () => {
  fc.assert(fc.property(depthMaps, side, side, (depth, height, width) => {
    const found = resizeDepth(height, width)(depth);
    assertEquals([found.height, found.width, found.metres.length], [height, width, height * width]);
    found.metres.forEach((metres) => assert(depth.metres.includes(metres), `${metres} m was never measured`));
  }));
});

Deno.test("each pixel of a resized depth map is the one in whose area its centre lies", () => {
  fc.assert(fc.property(depthMaps, side, side, (depth, height, width) => {
    resizeDepth(height, width)(depth).metres.forEach((metres, at) => {
      const [row, column] = [Math.floor(at / width), at % width];
      const own = (index: number, to: number, from: number) =>
        Array.from({ length: from }, (_, k) => k).find((k) => (index + 0.5) / to < (k + 1) / from) ?? from - 1;
      const source = own(row, height, depth.height) * depth.width + own(column, width, depth.width);
      // A centre on the line between two pixels may go to either.
      const onLine = (index: number, to: number, from: number) => Number.isInteger((2 * index + 1) * from / (2 * to));
      if (onLine(row, height, depth.height) || onLine(column, width, depth.width)) return;
      assertEquals(metres, depth.metres[source]);
    });
  }));
});

Deno.test("holes stay holes: every pixel of an enlarged map is the pixel that it came from", () => {
  const depth = { height: 2, width: 2, metres: Float32Array.of(0, 1, 2, 0) };
  assertEquals([...resizeDepth(4, 6)(depth).metres], [
    0,
    0,
    0,
    1,
    1,
    1,
    0,
    0,
    0,
    1,
    1,
    1,
    2,
    2,
    2,
    0,
    0,
    0,
    2,
    2,
    2,
    0,
    0,
    0,
  ]);
  assertEquals(resizeDepth(2, 2)(depth), depth);
  const holes = { height: 3, width: 5, metres: new Float32Array(15) };
  assertEquals(new Set(resizeDepth(7, 2)(holes).metres), new Set([0]));
});

Deno.test("a depth map that shrinks by an odd factor keeps the middle of each block", () => {
  const depth = { height: 6, width: 9, metres: Float32Array.from({ length: 54 }, (_, at) => at) };
  assertEquals([...resizeDepth(2, 3)(depth).metres], [10, 13, 16, 37, 40, 43]);
});

Deno.test("a resized sample has its camera at the new size: the corners are seen in the same directions", () => {
  fc.assert(fc.property(side, side, side, side, (height, width, newHeight, newWidth) => {
    const sample = sampleOf(height, width, (row) => row, (_, column) => column);
    const resized = resizeSample(newHeight, newWidth)(sample);
    assertEquals(resized.image, resizeImage(newHeight, newWidth)(sample.image));
    assertEquals(resized.depth, resizeDepth(newHeight, newWidth)(sample.depth));
    assertEquals([resized.name, resized.scene], [sample.name, sample.scene]);
    const edges = ({ image, intrinsics }: typeof sample): readonly number[] => {
      const { fx, fy, cx, cy } = intrinsics ?? { fx: NaN, fy: NaN, cx: NaN, cy: NaN };
      return [-cx / fx, (image.width - cx) / fx, -cy / fy, (image.height - cy) / fy];
    };
    edges(resized).forEach((edge, at) => assert(Math.abs(edge - (edges(sample)[at] ?? NaN)) < 1e-12));
    assertEquals(resizeSample(newHeight, newWidth)({ ...sample, intrinsics: null }).intrinsics, null);
  }));
});
