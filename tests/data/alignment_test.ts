/** Image, depth and intrinsics stay one: a pattern that tells where each pixel was survives any chain of transforms. */
import fc from "fast-check";
import type { Sample } from "../../lib/data/dataset.ts";
import { assert, assertEquals } from "../std.ts";
import {
  type Draw,
  draws,
  patterns,
  type Point,
  positionOfColour,
  positionOfNumber,
  slope,
  type Step,
  stepOf,
} from "./coordinate_pattern.ts";

interface Link {
  readonly before: Sample;
  readonly step: Step;
}

interface Chain {
  readonly links: readonly Link[];
  readonly after: Sample;
}

const chainOf = (first: Sample, drawn: readonly Draw[]): Chain =>
  drawn.reduce<Chain>(({ links, after: before }, draw) => {
    const step = stepOf(draw, before);
    return { links: [...links, { before, step }], after: step.apply(before) };
  }, { links: [], after: first });

interface Trace {
  readonly from: Point;
  readonly clean: boolean;
  /** How far from there, in pixels there, levels are taken that make the level of the position. */
  readonly reach: number;
}

/** Where a position comes from, and whether no edge took part in the level that it has. */
const traced = (links: readonly Link[], position: Point): Trace =>
  links.reduceRight<Trace>(
    ({ from, clean, reach }, { before: { image }, step }) => {
      const at = step.source(from);
      const wider = reach * step.pixel + step.reach * Math.SQRT2;
      const inside = at[0] >= wider && at[1] >= wider && at[0] <= image.width - wider && at[1] <= image.height - wider;
      return { from: at, clean: clean && inside, reach: wider };
    },
    { from: position, clean: true, reach: 0 },
  );

/** The centre of each pixel with its index. */
const centres = ({ image: { height, width } }: Sample): readonly Point[] =>
  Array.from({ length: height * width }, (_, at) => [at % width + 0.5, Math.floor(at / width) + 0.5]);

/** How large the pixels that each resampling takes are in pixels of the pattern; what only moves pixels is left out. */
const pixelSizes = (links: readonly Link[]): readonly number[] =>
  links.flatMap(({ step }, index) =>
    step.reach === 0 ? [] : [links.slice(0, index).reduce((size, { step: { pixel } }) => size * pixel, 1)]
  );

const chains = fc.tuple(patterns, fc.array(draws, { maxLength: 4 })).map(([first, drawn]) => ({
  first,
  ...chainOf(first, drawn),
}));
const namesOf = (links: readonly Link[]): string => links.map(({ step }) => step.name).join(", ");
const distance = ([x, y]: Point, [u, v]: Point): number => Math.hypot(x - u, y - v);

Deno.test("image: after any chain, each pixel has the colour of the position that the chain's geometry says", () => {
  let [checked, all] = [0, 0];
  fc.assert(fc.property(chains, ({ links, after }) => {
    // Each resampling rounds levels; and a triangle of no whole width, sampled at pixels, is off by up to 0.09 of them.
    const errors = pixelSizes(links).map((size) => 0.5 / slope + 0.09 * size);
    const tolerance = Math.SQRT2 * errors.reduce((sum, error) => sum + error, 0) + 1e-9;
    centres(after).forEach((centre, at) => {
      const { from, clean } = traced(links, centre);
      all++;
      if (!clean) return;
      checked++;
      const off = distance(positionOfColour(after, at), from);
      assert(off <= tolerance, `${namesOf(links)}: pixel ${centre} is ${off} pixels off`);
    });
  }));
  assert(checked > all / 4, `only ${checked} of ${all} pixels could be checked`);
});

Deno.test("depth: after any chain, each measurement is the one nearest to the position that the image shows", () => {
  let checked = 0;
  fc.assert(fc.property(chains, ({ first, links, after }) => {
    const scale = links.reduce((product, { step }) => product * step.scale, 1);
    const tolerance = Math.SQRT2 * pixelSizes(links).reduce((sum, size) => sum + size / 2, 0) + 1e-6;
    centres(after).forEach((centre, at) => {
      const metres = after.depth.metres[at] ?? NaN;
      if (metres === 0) return;
      checked++;
      const number = Math.round(metres * scale);
      assert(Math.abs(metres * scale / number - 1) < 1e-6, `${namesOf(links)}: ${metres} m are no pixel's depth`);
      const off = distance(positionOfNumber(number, first.image.width), traced(links, centre).from);
      assert(
        off <= tolerance,
        `${namesOf(links)}: depth of pixel ${centre} is ${off} pixels off, ${tolerance} allowed`,
      );
    });
  }));
  assert(checked > 10_000, `only ${checked} pixels with depth`);
});

Deno.test("intrinsics: after any chain, the ray of each pixel is the ray of where it comes from, moved alike", () => {
  const rayOf = ({ intrinsics }: Sample, [x, y]: Point): Point | null =>
    intrinsics && [(x - intrinsics.cx) / intrinsics.fx, (y - intrinsics.cy) / intrinsics.fy];
  let checked = 0;
  fc.assert(fc.property(chains, ({ first, links, after }) => {
    assertEquals(first.intrinsics === null, after.intrinsics === null);
    centres(after).forEach((centre) => {
      const [before, found] = [rayOf(first, traced(links, centre).from), rayOf(after, centre)];
      if (before === null || found === null) return;
      checked++;
      const expected = links.reduce((direction, { step }) => step.ray(direction), before);
      assert(distance(found, expected) < 1e-9, `${namesOf(links)}: ray ${found} instead of ${expected}`);
    });
  }));
  assert(checked > 10_000, `only ${checked} rays`);
});

Deno.test("a chain makes no depth up: each step's depths are depths before it, divided by its scale, or holes", () => {
  fc.assert(fc.property(chains, ({ links, after }) => {
    links.forEach(({ before, step }, index) => {
      const next = links[index + 1]?.before ?? after;
      const known = new Set(before.depth.metres.map((metres) => metres / step.scale));
      next.depth.metres.forEach((metres) => assert(metres === 0 || known.has(metres), `${step.name}: ${metres} m`));
    });
  }));
});

Deno.test("a chain loses no measurement: a map without holes has them only where an edge was passed", () => {
  fc.assert(fc.property(chains, ({ first, links, after }) => {
    if (first.depth.metres.includes(0)) return;
    centres(after).forEach((centre, at) => {
      const missing = after.depth.metres[at] === 0;
      assert(!missing || !traced(links, centre).clean, `${namesOf(links)}: no depth at ${centre}`);
    });
  }));
});

Deno.test("a chain keeps image and depth of one size, and what is known of the sample", () => {
  fc.assert(fc.property(chains, ({ first, after }) => {
    assertEquals([after.depth.height, after.depth.width], [after.image.height, after.image.width]);
    assertEquals(after.image.pixels.length, after.image.height * after.image.width * 3);
    assertEquals(after.depth.metres.length, after.image.height * after.image.width);
    assertEquals([after.name, after.scene], [first.name, first.scene]);
  }));
});
