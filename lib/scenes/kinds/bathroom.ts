import { foldIn, type Key } from "../../tensor/key.ts";
import { between, chance, type Interior, range, type Solid } from "../description.ts";
import { floorThing } from "../furniture/clutter.ts";
import { lightsOf } from "../furniture/electronics.ts";
import { door, radiator, windowFitting } from "../furniture/openings.ts";
import { stool } from "../furniture/seating.ts";
import { cupboard } from "../furniture/storage.ts";
import { ceilingPanel, wallMirror } from "../furniture/wall_things.ts";
import {
  anyColour,
  ceramicOf,
  fabricOf,
  floorTilesOf,
  metalOf,
  patterned,
  plain,
  roomOf,
  wallOf,
  wallTilesOf,
  woodOf,
} from "../materials.ts";
import { against, box, cylinder, ellipsoid, moved, oval } from "../solids.ts";
import type { Vector } from "../vector.ts";

/** Tiles, a bath tub, a toilet, a basin under a mirror. */
export const bathroom = (key: Key): Interior => {
  const size: Vector = [
    between(key, "width", 2.3, 3),
    between(key, "height", 2.35, 2.7),
    between(key, "length", 3, 3.9),
  ];
  const [width, height, length] = size;
  const wall = wallTilesOf(key);
  const high = chance(key, "half tiled", 0.4) ? between(key, "tiled", 1.2, 1.6) : 0;
  const skin = 0.012;
  const mat = patterned(
    key,
    "rug",
    anyColour(key, [0.1, 0.8], [0.2, 0.8]),
    anyColour(foldIn(key, "m"), [0, 0.5], [0.3, 0.9]),
    0.12,
  );
  const tub = foldIn(key, "tub");
  const cistern = length - between(key, "toilet", 1.35, 1.5);
  const solids = [
    ...against(size, "north", Math.min(0.85, width / 2), bathTub(tub), skin),
    ...against(size, "east", cistern, toilet(key), skin),
    ...against(size, "east", cistern + 0.4, paperRoll(key), skin, 0.75),
    ...against(size, "east", cistern - 0.95, basin(foldIn(key, "basin")), skin),
    ...against(size, "west", length * 0.45, towelRail(key), skin, 1.25),
    ...(chance(key, "window", 0.6) ? against(size, "north", width * 0.7, windowFitting(key, 0.3, 0.6), skin, 1.5) : []),
    ...(chance(key, "radiator", 0.5) ? against(size, "west", length * 0.25, radiator(key, 0.3), skin) : []),
    ...against(size, "south", width * 0.4, door(key)),
    ...moved([box(mat, [-0.4, 0.4], [0, 0.015], [-0.25, 0.25])], [width * 0.4, 0, length - 1.2]),
    ...(chance(key, "stool", 0.35) ? moved(stool(key), [width * 0.75, 0, length - 0.95]) : []),
    ...moved(floorThing(foldIn(key, "bin")), [0.3, 0, length - 1.1]),
    ...moved(ceilingPanel(key, 0.2, 0.2), [width / 2, height, length * 0.5]),
    ...(high === 0 ? [] : [
      box(wall, [0, width], [0, high], [length - skin, length]),
      box(wall, [0, skin], [0, high], [0, length]),
      box(wall, [width - skin, width], [0, high], [0, length]),
    ]),
  ];
  return {
    room: roomOf(key, size, floorTilesOf(key), high === 0 ? wall : wallOf(key)),
    solids,
    lights: lightsOf(key, size, [width / 2, height - 0.12, length * between(key, "lit", 0.3, 0.6)], [0.25, 0, 0.25]),
    views: [
      { from: [[0.55, 1.3, 0.1], [width * 0.6, 1.8, 0.8]], target: [width * 0.6, 0.65, length - 0.8] },
      { from: [[0.5, 1.3, 0.2], [width * 0.4, 1.9, 0.9]], target: [width - 0.5, 0.6, length - 1.3] },
      { from: [[0.6, 1, 0.1], [width * 0.5, 1.4, 0.6]], target: [width * 0.6, 0.7, length - 0.8] },
    ],
  };
};

// Back at z = 0, foot at y = 0, middle at x = 0.

/** A toilet with cistern, seat and raised lid. */
const toilet = (key: Key): readonly Solid[] => {
  const glaze = ceramicOf(key);
  const seat = chance(key, "wood", 0.3) ? woodOf(key) : glaze;
  const inside = plain(key, [0.3, 0.33, 0.35], 0.4);
  return [
    box(glaze, [-0.2, 0.2], [0.4, 0.78], [0.01, 0.2]),
    box(glaze, [-0.215, 0.215], [0.78, 0.82], [0, 0.215]),
    box(metalOf(key), [-0.03, 0.03], [0.82, 0.835], [0.08, 0.13]),
    oval(glaze, [0, 0.19, 0.42], [0.12, 0.19, 0.2], 1.35),
    box(glaze, [-0.13, 0.13], [0, 0.38], [0.05, 0.35]),
    oval(seat, [0, 0.4, 0.45], [0.2, 0.025, 0.26]),
    oval(inside, [0, 0.421, 0.47], [0.12, 0.008, 0.17]),
    ...(chance(key, "lid", 0.7)
      ? [box(seat, [-0.17, 0.17], [0.42, 0.77], [0.2, 0.225])]
      : [oval(seat, [0, 0.435, 0.45], [0.19, 0.012, 0.25])]),
  ];
};

/** A wash basin on a pedestal or a cupboard, with tap, mirror and perhaps a shelf above. */
export const basin = (key: Key): readonly Solid[] => {
  const glaze = ceramicOf(key);
  const metal = metalOf(foldIn(key, "tap"));
  const round = chance(key, "pedestal", 0.5);
  const foot = round
    ? [cylinder(glaze, [0, 0, 0.2], 0.13, 0.72, 0.7)]
    : cupboard(foldIn(key, "below"), 0.38, [0.1, 0.74], 0.44, 2, true);
  const hollow = plain(key, [0.42, 0.44, 0.46], 0.4);
  return [
    ...foot,
    round ? oval(glaze, [0, 0.79, 0.25], [0.24, 0.07, 0.19], 1.3) : box(glaze, [-0.4, 0.4], [0.74, 0.86], [0, 0.48]),
    oval(hollow, [0, 0.862, 0.27], [0.23, 0.006, 0.15]),
    cylinder(metal, [0, 0.86, 0.07], 0.02, 0.15),
    box(metal, [-0.016, 0.016], [0.98, 1.005], [0.06, 0.2]),
    ...moved(wallMirror(between(key, "half", 0.26, 0.42), between(key, "tall", 0.3, 0.42), key), [0, 1.55, 0]),
    cylinder(plain(key, anyColour(key, [0.2, 0.8], [0.3, 0.8])), [0.17, 0.862, 0.07], 0.03, 0.1),
  ];
};

/** A bath tub along x, 1.6 m by 0.75 m, with a tap and perhaps a curtain on a rod. */
const bathTub = (key: Key): readonly Solid[] => {
  const glaze = ceramicOf(key);
  const metal = metalOf(key);
  const apron = chance(key, "apron", 0.4) ? woodOf(foldIn(key, "apron")) : glaze;
  const cloth = fabricOf(foldIn(key, "curtain"));
  return [
    box(glaze, [-0.8, 0.8], [0, 0.2], [0, 0.74]),
    box(glaze, [-0.8, 0.8], [0.2, 0.56], [0, 0.09]),
    box(glaze, [-0.8, 0.8], [0.2, 0.56], [0.65, 0.74]),
    box(glaze, [-0.8, -0.68], [0.2, 0.56], [0.09, 0.65]),
    box(glaze, [0.68, 0.8], [0.2, 0.56], [0.09, 0.65]),
    box(apron, [-0.8, 0.8], [0, 0.5], [0.74, 0.755]),
    box(metal, [-0.7, -0.64], [0.72, 0.78], [0, 0.14]),
    cylinder(metal, [-0.67, 0.6, 0.13], 0.015, 0.14),
    cylinder(metal, [-0.67, 0.8, 0.04], 0.01, 1.1),
    cylinder(metal, [-0.67, 1.85, 0.12], 0.08, 0.05, 0.4),
    ...(chance(key, "shower curtain", 0.55)
      ? [
        box(metal, [-0.8, 0.8], [2, 2.02], [0.7, 0.72]),
        ...range(5).map((at) => cylinder(cloth, [-0.72 + at * 0.1, 0.25, 0.71 + (at % 2) * 0.03], 0.06, 1.75)),
      ]
      : []),
  ];
};

/** A rail with a hanging towel; its middle at the origin. */
const towelRail = (key: Key): readonly Solid[] => {
  const metal = metalOf(key);
  const towel = fabricOf(foldIn(key, "towel"));
  return [
    box(metal, [-0.3, 0.3], [-0.01, 0.01], [0.05, 0.07]),
    box(metal, [-0.3, -0.28], [-0.015, 0.015], [0, 0.06]),
    box(metal, [0.28, 0.3], [-0.015, 0.015], [0, 0.06]),
    box(towel, [-0.2, 0.2], [-0.55, 0.02], [0.035, 0.085]),
  ];
};

/** A roll of paper on the wall; its middle at the origin. */
const paperRoll = (key: Key): readonly Solid[] => [
  box(metalOf(key), [-0.08, 0.08], [0.05, 0.06], [0, 0.1]),
  ellipsoid(plain(key, [0.85, 0.85, 0.83]), [0, 0, 0.06], [0.07, 0.055, 0.055]),
];
