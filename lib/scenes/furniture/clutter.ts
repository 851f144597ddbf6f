import { foldIn, type Key } from "../../tensor/key.ts";
import { between, chance, drawInteger, pick, range, type Solid } from "../description.ts";
import { anyColour, ceramicOf, fabricOf, fromHue, metalOf, patterned, plain } from "../materials.ts";
import { box, cylinder, ellipsoid, type Interval, moved, placed, turned } from "../solids.ts";
import { composeRotations, pitch, yaw } from "../vector.ts";

// Small things, standing at the origin.

const vivid = (key: Key): Solid["material"] => plain(key, anyColour(key, [0.2, 0.9], [0.1, 0.85]), 0.3);

const cup = (key: Key): readonly Solid[] => {
  const glaze = vivid(key);
  return [
    cylinder(glaze, [0, 0, 0], 0.035, 0.1, 1.15),
    box(glaze, [0.035, 0.065], [0.03, 0.07], [-0.006, 0.006]),
  ];
};

const bottle = (key: Key): readonly Solid[] => {
  const glass = vivid(key);
  return [
    cylinder(glass, [0, 0, 0], 0.04, 0.17),
    cylinder(glass, [0, 0.17, 0], 0.04, 0.05, 0.4),
    cylinder(glass, [0, 0.22, 0], 0.016, 0.06),
  ];
};

const bowl = (key: Key): readonly Solid[] => [
  cylinder(ceramicOf(key), [0, 0, 0], 0.06, 0.07, 2),
  ...range(drawInteger(key, "fruit", 2, 5)).map((at) => {
    const own = foldIn(key, at);
    const x = between(own, "x", -0.06, 0.06), z = between(own, "z", -0.06, 0.06);
    const peel = plain(own, anyColour(own, [0.7, 0.95], [0.4, 0.8]), 0.3);
    return ellipsoid(peel, [x, 0.09, z], [0.04, 0.04, 0.04]);
  }),
];

const bookPile = (key: Key): readonly Solid[] =>
  range(drawInteger(key, "count", 2, 4)).flatMap((at) => {
    const own = foldIn(key, at);
    const cover = vivid(own);
    const x = between(own, "x", 0.08, 0.11), z = between(own, "z", 0.11, 0.14);
    return placed(
      [box(cover, [-x, x], [0, 0.03], [-z, z])],
      yaw(between(own, "turn", -20, 20)),
      [0, at * 0.031, 0],
    );
  });

const vase = (key: Key): readonly Solid[] => {
  const glaze = vivid(key);
  const flower = plain(foldIn(key, "flower"), anyColour(foldIn(key, "petal"), [0.4, 0.9], [0.5, 0.9]));
  return [
    ellipsoid(glaze, [0, 0.09, 0], [0.065, 0.09, 0.065]),
    cylinder(glaze, [0, 0.15, 0], 0.025, 0.07, 1.6),
    ...range(drawInteger(key, "flowers", 0, 4)).map((at) => {
      const own = foldIn(key, at);
      return ellipsoid(flower, [
        between(own, "x", -0.09, 0.09),
        between(own, "y", 0.28, 0.4),
        between(own, "z", -0.09, 0.09),
      ], [0.045, 0.04, 0.045]);
    }),
  ];
};

const carton = (key: Key): readonly Solid[] => {
  const x = between(key, "x", 0.05, 0.09), z = between(key, "z", 0.04, 0.08);
  return [box(vivid(key), [-x, x], [0, between(key, "y", 0.07, 0.22)], [-z, z])];
};

/** A cup, bottle, bowl of fruit, pile of books, vase, carton or plant, at most 0.4 m high. */
export const smallThing = (key: Key): readonly Solid[] =>
  pick(key, "thing", cup, bottle, bowl, bookPile, vase, carton, pottedPlant)(foldIn(key, "own"));

/** Up to `most` small things apart from each other on a surface at height y. */
export const strewn = (
  key: Key,
  x: Interval,
  y: number,
  z: Interval,
  most: number,
): readonly Solid[] => {
  const count = drawInteger(key, "count", Math.ceil(most / 2), most);
  const step = (x[1] - x[0]) / count;
  return range(count).flatMap((at) => {
    const own = foldIn(key, at);
    return moved(smallThing(own), [
      x[0] + (at + between(own, "x", 0.3, 0.7)) * step,
      y,
      between(own, "z", ...z),
    ]);
  });
};

/** A cardboard box, ball, basket or bag on the floor, up to 0.5 m wide. */
export const floorThing = (key: Key): readonly Solid[] => {
  const size = between(key, "size", 0.14, 0.24);
  const card = patterned(key, "plain", [0.45, 0.3, 0.16], [0.3, 0.2, 0.1]);
  const turn = yaw(between(key, "turn", 0, 90));
  const kind = pick(key, "kind", "carton", "carton", "ball", "basket", "bag");
  if (kind === "ball") {
    const skin = patterned(key, "checker", anyColour(key, [0.3, 0.9], [0.3, 0.9]), [0.8, 0.8, 0.8], 0.12);
    return [ellipsoid(skin, [0, size * 0.6, 0], [size * 0.6, size * 0.6, size * 0.6])];
  }
  if (kind === "basket") {
    const bin = chance(key, "metal", 0.5) ? metalOf(key) : vivid(key);
    return [cylinder(bin, [0, 0, 0], size * 0.6, size * 1.6, 1.25)];
  }
  if (kind === "bag") {
    return placed([ellipsoid(fabricOf(key), [0, size, 0], [size * 0.8, size, size * 0.5])], turn, [0, 0, 0]);
  }
  const lid = between(key, "lid", 0.2, 0.36);
  return placed(
    [
      box(card, [-size, size], [0, lid], [-size * 0.8, size * 0.8]),
      box(plain(key, [0.6, 0.5, 0.35]), [-0.03, 0.03], [0, lid + 0.002], [-size * 0.8 - 0.002, size * 0.8 + 0.002]),
    ],
    turn,
    [0, 0, 0],
  );
};

const green = (key: Key): Solid["material"] => {
  const leaf = fromHue(between(key, "hue", 0.22, 0.38), 0.7, between(key, "value", 0.2, 0.5));
  return patterned(key, "leaves", leaf, [leaf[0] * 1.5, leaf[1] * 1.5, leaf[2] * 1.5]);
};

/** Long leaves that fan out from `height`. */
const fan = (key: Key, height: number, length: number): readonly Solid[] => {
  const leaf = green(key);
  const count = drawInteger(key, "leaves", 9, 13);
  return range(count).flatMap((at) => {
    const own = foldIn(key, at);
    const tilt = between(own, "tilt", 15, 75);
    const long = length * between(own, "long", 0.7, 1.1);
    const blade = ellipsoid(leaf, [0, long / 2, 0], [0.06, long / 2, 0.012]);
    return placed([blade], composeRotations(yaw(360 * at / count), pitch(tilt)), [0, height, 0]);
  });
};

/** A round bush of overlapping balls. */
const bush = (key: Key, height: number, size: number): readonly Solid[] => {
  const leaf = green(key);
  return range(6).map((at) => {
    const own = foldIn(key, at);
    const radius = size * between(own, "radius", 0.5, 0.75);
    return ellipsoid(leaf, [
      between(own, "x", -0.5, 0.5) * size,
      height + size * between(own, "y", 0.3, 1.3),
      between(own, "z", -0.5, 0.5) * size,
    ], [radius, radius, radius]);
  });
};

/** A plant in a pot on the floor, 0.9 to 1.5 m high. */
export const plant = (key: Key): readonly Solid[] => {
  const pot = plain(key, anyColour(key, [0, 0.7], [0.15, 0.8]), 0.2);
  const tall = between(key, "tall", 0.26, 0.4);
  const soil = plain(key, [0.05, 0.03, 0.02]);
  const stem = between(key, "stem", 0, 0.45);
  const trunk = plain(key, [0.15, 0.09, 0.05]);
  return [
    cylinder(pot, [0, 0, 0], 0.13, tall, 1.35),
    cylinder(soil, [0, tall, 0], 0.155, 0.004),
    cylinder(trunk, [0, tall, 0], 0.02, stem + 0.1),
    ...(chance(key, "fan", 0.6) ? fan(key, tall + stem, 0.6) : bush(key, tall + stem, 0.26)),
  ];
};

/** A small plant for a table or sill, about 0.3 m high. */
const pottedPlant = (key: Key): readonly Solid[] => [
  cylinder(plain(key, anyColour(key, [0, 0.7], [0.2, 0.8]), 0.2), [0, 0, 0], 0.055, 0.11, 1.3),
  ...turned(bush(key, 0.1, 0.1), yaw(0)),
];
