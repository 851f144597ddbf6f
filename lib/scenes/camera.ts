import { foldIn, type Key } from "../tensor/key.ts";
import { between, type Camera, type Interior, pick, type Solid, type View } from "./description.ts";
import { extentOf } from "./solids.ts";
import { addVectors, cosine, dot, normalise, scaleVector, sine, subtractVectors, type Vector } from "./vector.ts";

/** A pinhole camera in pixels of its picture; pixel (column u, row v) has its centre at (u + 0.5, v + 0.5).
 * @category Scenes */
export interface PinholeIntrinsics {
  /** Focal length along a row. */
  readonly fx: number;
  /** Focal length along a column. */
  readonly fy: number;
  /** Where the optical axis meets the picture: pixels from its left edge. */
  readonly cx: number;
  /** Where the optical axis meets the picture: pixels from its upper edge. */
  readonly cy: number;
}

/**
 * A camera that looks from a position at a target (not straight up or down).
 *
 * @param fieldOfView degrees along the longer side of the picture
 * @param roll degrees by which the camera is tilted to the right
 */
export const lookAt = (
  position: Vector,
  target: Vector,
  fieldOfView: number,
  roll: number,
): Camera => {
  const forward = normalise(subtractVectors(target, position));
  const level = normalise([forward[2], 0, -forward[0]]);
  const below: Vector = [
    forward[2] * level[1] - forward[1] * level[2],
    forward[0] * level[2] - forward[2] * level[0],
    forward[1] * level[0] - forward[0] * level[1],
  ];
  const [c, s] = [cosine(roll), sine(roll)];
  return {
    position,
    right: addVectors(scaleVector(level, c), scaleVector(below, s)),
    down: addVectors(scaleVector(below, c), scaleVector(level, -s)),
    forward,
    halfTangent: sine(fieldOfView / 2) / cosine(fieldOfView / 2),
  };
};

/** The intrinsics of a camera for a picture of a size: square pixels, the optical axis through the middle. */
export const intrinsicsOf = (
  camera: Camera,
  height: number,
  width: number,
): PinholeIntrinsics => {
  const focal = Math.max(height, width) / (2 * camera.halfTangent);
  return { fx: focal, fy: focal, cx: width / 2, cy: height / 2 };
};

/** Nothing that a camera shows is nearer than this, metres along the optical axis. */
const nearestDepth = 0.5;

const attempts = 48;

/** A ball that holds all that the camera could see nearer than {@link nearestDepth}: square pyramid and all. */
const nearBall = (
  camera: Camera,
): readonly [centre: Vector, radius: number] => {
  const slant = 1 + 2 * camera.halfTangent * camera.halfTangent;
  const radius = nearestDepth * slant / 2;
  return [addVectors(camera.position, scaleVector(camera.forward, radius)), radius];
};

/** Distance from a point to a solid's box. */
const distanceTo = (
  solid: Solid,
  point: Vector,
): number => {
  const half = extentOf(solid);
  const { centre, rotation } = solid;
  const from = subtractVectors(point, centre);
  const beyond = (axis: 0 | 1 | 2): number => Math.max(Math.abs(dot(from, rotation[axis])) - half[axis], 0);
  const outside: Vector = [beyond(0), beyond(1), beyond(2)];
  return Math.sqrt(dot(outside, outside));
};

const touches = (solid: Solid, camera: Camera): boolean => {
  const [centre, radius] = nearBall(camera);
  return distanceTo(solid, centre) <= radius;
};

const inRoom = (size: Vector, camera: Camera): boolean => {
  const [centre, radius] = nearBall(camera);
  return ([0, 1, 2] as const).every((axis) => centre[axis] > radius && centre[axis] < size[axis] - radius);
};

/** Whether something comes within a hand's breadth of the line of sight in its first 60 %. */
const blocked = (
  solids: readonly Solid[],
  position: Vector,
  target: Vector,
): boolean =>
  [0.2, 0.3, 0.4, 0.5, 0.6].some((share) => {
    const point = addVectors(position, scaleVector(subtractVectors(target, position), share));
    return solids.some((solid) => distanceTo(solid, point) < 0.1);
  });

const tried = (key: Key, { from: [low, high], target }: View): Camera => {
  const position: Vector = [
    between(key, "x", low[0], high[0]),
    between(key, "y", low[1], high[1]),
    between(key, "z", low[2], high[2]),
  ];
  const aim: Vector = [
    target[0] + between(key, "aim x", -0.4, 0.4),
    target[1] + between(key, "aim y", -0.3, 0.3),
    target[2] + between(key, "aim z", -0.4, 0.4),
  ];
  return lookAt(
    position,
    aim,
    between(key, "field of view", 52, 70),
    between(key, "roll", -3, 3),
  );
};

/** Pulls a camera's near ball inside the room. */
const pulledIn = (size: Vector, camera: Camera): Camera => {
  const [centre, radius] = nearBall(camera);
  const inside = (axis: 0 | 1 | 2): number => {
    const margin = radius + 1e-3;
    return Math.min(Math.max(centre[axis], margin), size[axis] - margin);
  };
  const shift = subtractVectors([inside(0), inside(1), inside(2)], centre);
  return { ...camera, position: addVectors(camera.position, shift) };
};

/**
 * A camera for an interior and the solids that stay: one of the views, drawn until nothing is nearer than
 * {@link nearestDepth} and the target is in sight. Should that fail, the solids that are too near are taken away, so the
 * promise holds for every picture of any shape. The room must be over 1 m wide, long and high.
 */
export const cameraFor = (
  key: Key,
  { room, solids, views }: Interior,
): readonly [Camera, readonly Solid[]] => {
  const view = pick(key, "view", ...views);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const camera = tried(foldIn(key, attempt), view);
    const clear = inRoom(room.size, camera) &&
      !solids.some((solid) => touches(solid, camera)) &&
      !blocked(solids, camera.position, view.target);
    if (clear) return [camera, solids];
  }
  const camera = pulledIn(room.size, tried(key, view));
  return [camera, solids.filter((solid) => !touches(solid, camera))];
};
