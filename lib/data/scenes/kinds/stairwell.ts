import { fold, type Key } from "../../../tensor/key.ts";
import type { Interior } from "../description.ts";
import { between, chance, integer, pick } from "../draws.ts";
import { floorThing } from "../furniture/clutter.ts";
import { lightsOf } from "../furniture/lamps.ts";
import { door, windowOf } from "../furniture/openings.ts";
import { plant } from "../furniture/plants.ts";
import { banister, flightOf, stairs } from "../furniture/steps.ts";
import { picture } from "../furniture/wall_things.ts";
import { carpetOf, floorTilesOf, planksOf, roomOf, wallOf } from "../materials.ts";
import { box, moved } from "../solids.ts";
import type { Vector } from "../vector.ts";
import { against } from "../walls.ts";

/** A flight of stairs with banisters that climbs along the left wall to a landing. */
export const stairwell = (key: Key): Interior => {
  const half = between(key, "half", 0.48, 0.65);
  const flight = flightOf(key, integer(key, "count", 8, 12), half);
  const climb = flight.count * flight.rise;
  const start = between(key, "start", 2, 2.5);
  const size: Vector = [
    2 * half + between(key, "beside", 0.9, 2),
    climb + between(key, "above", 2.2, 2.4),
    start + flight.count * flight.run + between(key, "landing", 1, 1.3),
  ];
  const [width, height, length] = size;
  const end = start + flight.count * flight.run;
  const floor = pick(key, "floor", floorTilesOf, planksOf, carpetOf)(key);
  const rail = fold(key, "banister");
  const across = chance(key, "landing", 0.5) ? width : 2 * half;
  const solids = [
    ...moved(stairs(key, flight), [half, 0, start]),
    ...moved(banister(rail, flight, half - 0.06), [half, 0, start]),
    ...(chance(key, "both", 0.3) ? moved(banister(rail, flight, 0.08 - half), [half, 0, start]) : []),
    box(floor, [0, across], [climb - 0.2, climb], [end - 0.001, length]),
    ...against(size, "north", half, door(fold(key, "up")), 0, climb),
    ...(chance(key, "under", 0.5) ? against(size, "north", width - 0.55, door(fold(key, "down"))) : []),
    ...against(size, "west", start + 0.9, picture(fold(key, "a")), 0, 2.1),
    ...against(size, "west", start + 2.1, picture(fold(key, "b")), 0, 2.9),
    ...against(size, "east", length * 0.6, windowOf(key, 0.45, 1.1), 0, 1.3),
    ...moved(plant(key), [width - 0.35, 0, length * between(key, "plant", 0.45, 0.75)]),
    ...moved(floorThing(fold(key, "thing")), [width - 0.3, 0, start + 0.3]),
  ];
  return {
    room: roomOf(key, size, floor, wallOf(key)),
    solids,
    lights: lightsOf(key, size, [width * 0.6, height - 0.2, length * between(key, "lit", 0.25, 0.6)], [0.3, 0, 0.3]),
    views: [
      {
        from: [[width * 0.4, 1.2, 0.1], [width - 0.6, 1.7, 0.6]],
        target: [half, climb * 0.6, start + flight.count * flight.run * 0.6],
      },
      { from: [[width * 0.5, 1, 0.1], [width - 0.55, 1.5, 0.5]], target: [half, climb * 0.5, end] },
      { from: [[width * 0.35, 1.6, 0.1], [width - 0.6, 2.2, 0.5]], target: [half + 0.2, climb * 0.45, end] },
    ],
  };
};
