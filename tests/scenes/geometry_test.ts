import { lookAt } from "../../lib/scenes/camera.ts";
import { aimThrough, castScene, noExit, roomExit } from "../../lib/scenes/cast.ts";
import type { Solid } from "../../lib/scenes/description.ts";
import { kindAt, sceneKinds } from "../../lib/scenes/kinds.ts";
import { describeScene, renderDescription, sceneKey } from "../../lib/scenes/render.ts";
import { box, cylinder, ellipsoid, placed } from "../../lib/scenes/solids.ts";
import { aimless, solidEntry, tracerOf, unitOrigins, unitRay } from "../../lib/scenes/tracer.ts";
import { cosine, sine, type Vector, yaw } from "../../lib/scenes/vector.ts";
import { assert, assertAlmostEquals } from "../std.ts";
import { grey, key, roomWith } from "./support.ts";

Deno.test("sine and cosine agree with the engine's", () => {
  for (let degrees = -720; degrees <= 720; degrees += 7.3) {
    const radians = degrees * Math.PI / 180;
    assertAlmostEquals(sine(degrees), Math.sin(radians), 1e-12);
    assertAlmostEquals(cosine(degrees), Math.cos(radians), 1e-12);
  }
});

Deno.test("a wall that the camera faces has its distance as depth everywhere", () => {
  const { depth } = renderDescription(
    { ...roomWith([]), camera: lookAt([2, 1.5, 6], [2, 1.5, 8], 60, 0) },
    { height: 30, width: 40 },
    key,
  );
  for (const metres of depth.metres) assertAlmostEquals(metres, 2, 1e-6);
});

/** A point of the room that a pixel of a camera looking straight ahead from (2, 1.5, 1) shows. */
const pointOf = (
  { depth, intrinsics }: ReturnType<typeof renderDescription>,
  at: number,
): Vector => {
  assert(intrinsics !== null);
  const z = depth.metres[at] ?? 0;
  const u = at % depth.width + 0.5;
  const v = Math.floor(at / depth.width) + 0.5;
  return [
    2 + z * (u - intrinsics.cx) / intrinsics.fx,
    1.5 - z * (v - intrinsics.cy) / intrinsics.fy,
    1 + z,
  ];
};

/** How far a point is inside (negative) or outside the solids of the next test, in parts of their size. */
const solidsOfTest: readonly (readonly [
  Solid,
  (point: Vector) => number,
])[] = [
  [
    ellipsoid(grey, [2.2, 1.4, 4], [0.5, 0.7, 0.3]),
    ([x, y, z]) =>
      ((x - 2.2) / 0.5) ** 2 + ((y - 1.4) / 0.7) ** 2 + ((z - 4) / 0.3) ** 2 -
      1,
  ],
  [
    cylinder(grey, [1.8, 0.6, 3], 0.5, 1.2, 0.4),
    ([x, y, z]) => {
      const radius = 0.5 * (1 - 0.6 * (y - 0.6) / 1.2);
      const side = Math.hypot(x - 1.8, z - 3) / radius - 1;
      return Math.max(side, 0.6 - y, y - 1.8);
    },
  ],
  ...placed([box(grey, [-0.4, 0.4], [0, 1], [-0.3, 0.3])], yaw(30), [2, 0.4, 3])
    .map((solid): readonly [Solid, (point: Vector) => number] => [
      solid,
      ([px, y, pz]) => {
        const [c, s] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
        const x = c * (px - 2) - s * (pz - 3);
        const z = s * (px - 2) + c * (pz - 3);
        return Math.max(
          Math.abs(x) - 0.4,
          Math.abs(y - 0.9) - 0.5,
          Math.abs(z) - 0.3,
        );
      },
    ]),
];

Deno.test("points put back into the room from depth and intrinsics lie on the surfaces, none lies inside", () => {
  for (const [solid, outside] of solidsOfTest) {
    const rendered = renderDescription(
      roomWith([solid]),
      { height: 48, width: 64 },
      key,
    );
    let onSolid = 0;
    for (let at = 0; at < 48 * 64; at++) {
      const point = pointOf(rendered, at);
      const [x, y, z] = point;
      const toRoom = Math.min(x, 4 - x, y, 3 - y, 8 - z);
      const toSolid = outside(point);
      if (Math.abs(toRoom) > 1e-5) {
        assertAlmostEquals(toSolid, 0, 1e-4);
        onSolid++;
      }
      // Halfway to what the pixel shows there must be nothing.
      for (const share of [0.5, 0.8, 0.95]) {
        const between: Vector = [
          2 + share * (x - 2),
          1.5 + share * (y - 1.5),
          1 + share * (z - 1),
        ];
        assert(outside(between) > 0);
      }
    }
    assert(onSolid > 50);
  }
});

Deno.test("casting into the part of the picture that a solid can touch misses nothing", () => {
  for (let index = 0; index < sceneKinds.length; index++) {
    const scene = describeScene(kindAt(5, index), sceneKey(5, index));
    const tracer = tracerOf(scene);
    const { camera, room } = scene;
    const seen = castScene(scene, tracer, 18, 24);
    const origins = unitOrigins(tracer, camera.position);
    const [aim, ray, exit] = [aimless(), unitRay(), noExit()];
    const step = 2 * camera.halfTangent / 24;
    for (let at = 0; at < 18 * 24; at++) {
      const row = Math.floor(at / 24);
      aimThrough(camera, (at % 24 - 11.5) * step, (row - 8.5) * step, aim);
      roomExit(room.size, camera.position, aim, exit);
      const nearest = scene.solids.reduce(
        (best, _, id) => Math.min(best, solidEntry(tracer, origins, id, aim, ray)),
        exit.t,
      );
      assertAlmostEquals(seen.depth[at] ?? 0, nearest, 1e-9);
    }
  }
});
