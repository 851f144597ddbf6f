import type { Material, SceneDescription, Solid } from "./description.ts";
import { extentOf } from "./solids.ts";
import { dot, scale, type Vector } from "./vector.ts";

/** The solids as flat arrays, for speed. Surface `count + face` is a face of the room: floor, ceiling, then the walls. */
export interface Tracer {
  /** How many solids. */
  readonly count: number;
  /** 0 box, 1 cylinder, 2 ellipsoid. */
  readonly shapes: Uint8Array;
  /** Count × 3. */
  readonly centres: Float64Array;
  /** Count × 3 × 3, row-major: takes metres around the centre to the unit shape. */
  readonly matrices: Float64Array;
  /** As {@link Solid.taper}. */
  readonly tapers: Float64Array;
  /** Half the size along each solid's own axes, count × 3, metres. */
  readonly halves: Float64Array;
  /** Of the ball around each solid, metres. */
  readonly radii: Float64Array;
  /** Of the solids, then of the six faces of the room. */
  readonly materials: readonly Material[];
  /** Width, height and length of the room, metres. */
  readonly roomSize: Vector;
}

const shapeCodes = { box: 0, cylinder: 1, ellipsoid: 2 } as const;

const matrixOf = ({ rotation, half }: Solid): readonly number[] => [
  ...scale(rotation[0], 1 / half[0]),
  ...scale(rotation[1], 1 / half[1]),
  ...scale(rotation[2], 1 / half[2]),
];

/** The flat arrays of a description. */
export const tracerOf = ({ room, solids }: SceneDescription): Tracer => ({
  count: solids.length,
  shapes: Uint8Array.from(solids, (one) => shapeCodes[one.shape]),
  centres: Float64Array.from(solids.flatMap((one) => one.centre)),
  matrices: Float64Array.from(solids.flatMap(matrixOf)),
  tapers: Float64Array.from(solids, (one) => one.taper),
  halves: Float64Array.from(solids.flatMap((one) => one.half)),
  radii: Float64Array.from(solids, (one) => {
    const extent = extentOf(one);
    return Math.sqrt(dot(extent, extent));
  }),
  materials: [
    ...solids.map((one) => one.material),
    room.floor,
    room.ceiling,
    ...room.walls,
  ],
  roomSize: room.size,
});

/**
 * What a surface looks like, a solid's or the room's.
 *
 * @throws RangeError if there is no such surface.
 */
export const materialOf = ({ materials }: Tracer, surface: number): Material => {
  const material = materials[surface];
  if (material === undefined) throw new RangeError(`surface ${surface} of a scene with ${materials.length} surfaces`);
  return material;
};
