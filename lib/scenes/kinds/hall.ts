import { foldIn, type Key } from "../../tensor/key.ts";
import { between, chance, drawInteger, type Interior, type Material, pick, range, type Solid } from "../description.ts";
import { plant, strewn } from "../furniture/clutter.ts";
import { lightsOf, monitor, pendant } from "../furniture/electronics.ts";
import { door, windowFitting } from "../furniture/openings.ts";
import { bench } from "../furniture/seating.ts";
import { picture } from "../furniture/wall_things.ts";
import { anyColour, floorTilesOf, patterned, plain, roomOf, wallOf, woodOf } from "../materials.ts";
import { against, box, cylinder, moved, placed } from "../solids.ts";
import { type Vector, yaw } from "../vector.ts";

const stoneOf = (key: Key): Material =>
  patterned(
    key,
    "marble",
    anyColour(key, [0, 0.25], [0.2, 0.85]),
    anyColour(foldIn(key, "vein"), [0, 0.2], [0.2, 0.7]),
    1,
    0.3,
  );

const column = (material: Material, height: number, radius: number): readonly Solid[] => [
  box(material, [-radius * 1.5, radius * 1.5], [0, 0.18], [-radius * 1.5, radius * 1.5]),
  cylinder(material, [0, 0.18, 0], radius * 1.25, 0.12, 0.85),
  cylinder(material, [0, 0.3, 0], radius, height - 0.6, 0.85),
  cylinder(material, [0, height - 0.3, 0], radius * 0.85, 0.12, 1.5),
  box(material, [-radius * 1.5, radius * 1.5], [height - 0.18, height - 0.001], [-radius * 1.5, radius * 1.5]),
];

const reception = (key: Key): readonly Solid[] => {
  const wood = woodOf(key);
  const top = stoneOf(key);
  return [
    box(wood, [-1.2, 1.2], [0, 1.02], [0.35, 0.65]),
    box(top, [-1.28, 1.28], [1.02, 1.07], [0.25, 0.72]),
    box(wood, [-1.2, -0.95], [0, 1.02], [-0.4, 0.35]),
    box(wood, [0.95, 1.2], [0, 1.02], [-0.4, 0.35]),
    ...placed(monitor(key), yaw(180), [0.45, 1.07, 0.45]),
    ...strewn(key, [-1, 0.1], 1.07, [0.4, 0.6], 3),
  ];
};

/** A wide, high entrance with columns, a reception desk or benches, a great door. */
export const hall = (key: Key): Interior => {
  const size: Vector = [
    between(key, "width", 5.2, 6.2),
    between(key, "height", 3.2, 3.7),
    between(key, "length", 5.8, 6.6),
  ];
  const [width, height, length] = size;
  const stone = stoneOf(foldIn(key, "column"));
  const radius = between(key, "radius", 0.14, 0.2);
  const pairs = drawInteger(key, "pairs", 2, 3);
  const trim = plain(key, anyColour(key, [0, 0.5], [0.1, 0.8]));
  const ends = [width * 0.24, width * 0.76];
  const leaf = door(foldIn(key, "leaf"));
  const middle = pick(
    key,
    "middle",
    against(size, "north", width / 2, reception(key), 0.8),
    against(size, "north", width / 2, [
      ...moved(leaf, [-0.5, 0, 0]),
      ...moved(leaf, [0.5, 0, 0]),
      ...moved(windowFitting(foldIn(key, "over"), 0.9, 0.5), [0, 2.3, 0]),
    ]),
  );
  const solids = [
    ...middle,
    ...range(pairs).flatMap((at) =>
      ends.flatMap((x) => moved(column(stone, height, radius), [x, 0, 1.9 + at * (length - 2.6) / pairs]))
    ),
    ...[0.3, 0.55, 0.8].flatMap((at, one): readonly Solid[] => [
      ...against(size, "west", length * at, windowFitting(foldIn(key, "tall"), 0.4, 1.9), 0, 0.8),
      ...(chance(foldIn(key, "east"), one, 0.6)
        ? against(size, "east", length * at, picture(foldIn(foldIn(key, "p"), one)), 0, 1.7)
        : against(size, "east", length * at, door(foldIn(key, "side")))),
    ]),
    ...against(size, "east", length * 0.45, bench(foldIn(key, "bench"), 0.7), 0.08),
    ...against(size, "west", length * 0.68, bench(foldIn(key, "bench"), 0.7), 0.08),
    ...ends.flatMap((x, at) => moved(plant(foldIn(key, at)), [x + (at - 0.5) * 1.6, 0, length - 0.4])),
    box(trim, [0, width], [height - 0.14, height - 0.001], [length - 0.08, length]),
    box(trim, [0, 0.08], [height - 0.14, height - 0.001], [0, length]),
    box(trim, [width - 0.08, width], [height - 0.14, height - 0.001], [0, length]),
    ...[0.35, 0.7].flatMap((at) => moved(pendant(key, 0.7), [width / 2, height, length * at])),
  ];
  return {
    room: roomOf(key, size, floorTilesOf(key), wallOf(key)),
    solids,
    lights: lightsOf(key, size, [
      width * between(key, "lit", 0.3, 0.7),
      height - 0.3,
      length * between(key, "far", 0.3, 0.7),
    ], [0.4, 0, 0.4]),
    views: [
      { from: [[width * 0.35, 1.3, 0.1], [width * 0.65, 1.8, 0.9]], target: [width / 2, 1.3, length - 0.6] },
      { from: [[width * 0.4, 2, 0.1], [width * 0.6, 2.6, 0.8]], target: [width / 2, 0.9, length - 1] },
      { from: [[width * 0.33, 1.2, 0.2], [width * 0.45, 1.7, 1]], target: [width * 0.75, 1.2, length - 0.8] },
    ],
  };
};
