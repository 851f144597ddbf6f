import { fold, type Key } from "../../../tensor/key.ts";
import type { Solid } from "../description.ts";
import { between, chance, range } from "../draws.ts";
import { anyColour, metalOf, plain, woodOf } from "../materials.ts";
import { box, cylinder } from "../solids.ts";
import type { Vector } from "../vector.ts";

/** The measures of a flight of stairs. */
export interface Flight {
  /** How many steps. */
  readonly count: number;
  /** The height of a step, metres. */
  readonly rise: number;
  /** The depth of a step, metres. */
  readonly run: number;
  /** Half the width of the stairs, metres. */
  readonly half: number;
}

/** The angle of rise over run, by its sine and cosine, as a pitch of a beam that lies along z. */
const slopeOf = ({ rise, run }: Flight): Vector => {
  const length = Math.sqrt(rise * rise + run * run);
  return [0, rise / length, run / length];
};

/** A beam from the first to the last step, `above` m over their edges, at x. */
const beam = (
  material: Solid["material"],
  flight: Flight,
  x: number,
  above: number,
  thick: number,
): Solid => {
  const [, s, c] = slopeOf(flight);
  const { count, rise, run } = flight;
  const long = count * Math.sqrt(rise * rise + run * run) / 2;
  return {
    shape: "box",
    centre: [x, count * rise / 2 + rise / 2 + above, count * run / 2],
    half: [thick, thick, long],
    rotation: [[1, 0, 0], [0, c, -s], [0, s, c]],
    taper: 1,
    material,
  };
};

/** Posts and a rail along one side of a flight. */
export const banister = (
  key: Key,
  flight: Flight,
  x: number,
): readonly Solid[] => {
  const { count, rise, run } = flight;
  const rail = woodOf(fold(key, "rail"));
  const post = chance(key, "metal", 0.5) ? metalOf(key) : woodOf(key);
  const newel = (z: number, y: number): readonly Solid[] => [
    box(rail, [x - 0.05, x + 0.05], [y, y + 1.1], [z - 0.05, z + 0.05]),
    box(rail, [x - 0.065, x + 0.065], [y + 1.1, y + 1.14], [z - 0.065, z + 0.065]),
  ];
  return [
    beam(rail, flight, x, 0.88, 0.032),
    ...range(count).map((at) => cylinder(post, [x, (at + 1) * rise, (at + 0.5) * run], 0.016, 0.88)),
    ...newel(-0.02, 0),
    ...newel(count * run - 0.05, count * rise),
  ];
};

/** Closed or open stairs that climb along z from the origin; the foot at y = 0. */
export const stairs = (key: Key, flight: Flight): readonly Solid[] => {
  const { count, rise, run, half } = flight;
  const tread = woodOf(key);
  const riser = chance(key, "same", 0.4) ? tread : plain(key, anyColour(key, [0, 0.3], [0.2, 0.85]));
  const open = chance(key, "open", 0.3);
  const lip = 0.03;
  return [
    ...range(count).flatMap((at) => {
      const y = (at + 1) * rise;
      const z = at * run;
      return [
        box(tread, [-half, half], [y - 0.04, y], [z - lip, z + run]),
        ...(open ? [] : [box(riser, [-half + 0.01, half - 0.01], [0, y - 0.04], [z, z + run])]),
      ];
    }),
    ...(open ? [-half + 0.05, half - 0.05].map((x) => beam(tread, flight, x, -0.25, 0.05)) : []),
    ...(chance(key, "runner", 0.4) && !open ? runner(key, flight) : []),
  ];
};

/** A strip of carpet over the middle of the steps. */
const runner = (key: Key, { count, rise, run, half }: Flight): readonly Solid[] => {
  const cloth = plain(fold(key, "runner"), anyColour(fold(key, "runner"), [0.4, 0.9], [0.15, 0.6]));
  return range(count).map((at) =>
    box(cloth, [-half * 0.6, half * 0.6], [at * rise, (at + 1) * rise + 0.008], [
      at * run - 0.036,
      (at + 1) * run,
    ])
  );
};

/** How much stairs rise and run for a storey. */
export const flightOf = (key: Key, count: number, half: number): Flight => ({
  count,
  rise: between(key, "rise", 0.165, 0.18),
  run: between(key, "run", 0.25, 0.29),
  half,
});
