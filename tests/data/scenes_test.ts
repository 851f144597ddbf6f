import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "../../tasks/std.ts";
import { lookAt } from "../../lib/data/scenes/camera.ts";
import { aimThrough, castScene, noExit, roomExit } from "../../lib/data/scenes/cast.ts";
import type { Material, SceneDescription, Solid } from "../../lib/data/scenes/description.ts";
import { aimless, solidEntry, unitOrigins, unitRay } from "../../lib/data/scenes/entry.ts";
import { kindAt, sceneKinds } from "../../lib/data/scenes/kinds.ts";
import { inShadow, lightBufferOf, shadowCorners } from "../../lib/data/scenes/light_buffer.ts";
import { plain } from "../../lib/data/scenes/materials.ts";
import { renderDescription, renderScene, sceneKey } from "../../lib/data/scenes/render.ts";
import { describeScene } from "../../lib/data/scenes/scene.ts";
import { box, cylinder, ellipsoid, placed } from "../../lib/data/scenes/solids.ts";
import { tracerOf } from "../../lib/data/scenes/tracer.ts";
import { cosine, sine } from "../../lib/data/scenes/trigonometry.ts";
import type { Vector } from "../../lib/data/scenes/vector.ts";
import { yaw } from "../../lib/data/scenes/vector.ts";
import { cameraFor } from "../../lib/data/scenes/view.ts";
import { keyOf } from "../../lib/tensor/key.ts";

const key = keyOf(7);
const grey: Material = plain(key, [0.5, 0.5, 0.5]);

/** An empty grey room of 4 × 3 × 8 m, the camera at (2, 1.5, 1) looking ahead, 60° wide. */
const roomWith = (solids: readonly Solid[]): SceneDescription => ({
  room: {
    size: [4, 3, 8],
    floor: grey,
    ceiling: grey,
    walls: [grey, grey, grey, grey],
  },
  solids,
  lights: [{
    centre: [2, 2.8, 3],
    spread: [0.2, 0, 0.2],
    colour: [1, 1, 1],
    shadows: true,
  }],
  ambient: [0.3, 0.3, 0.3],
  exposure: 0.5,
  camera: lookAt([2, 1.5, 1], [2, 1.5, 8], 60, 0),
});

/** FNV-1a, 32 bit, of bytes. */
const checksum = (bytes: Uint8Array): string => {
  let hash = 0x811C9DC5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16);
};

const depthBytes = (metres: Float32Array): Uint8Array =>
  new Uint8Array(metres.buffer, metres.byteOffset, metres.byteLength);

const small = { seed: 3, height: 24, width: 32 };

Deno.test("equal seed and index give equal bytes, others do not", () => {
  const first = renderScene(small, 5);
  const again = renderScene(small, 5);
  assertEquals(again, first);
  assertNotEquals(renderScene(small, 6).image.pixels, first.image.pixels);
  const other = renderScene({ ...small, seed: 4 }, 5);
  assertNotEquals(other.depth.metres, first.depth.metres);
});

Deno.test("scenes are the same on every platform", () => {
  const found = [0, 1, 2, 123456].map((index) => {
    const options = { seed: 1, height: 48, width: 64 };
    const { name, image, depth } = renderScene(options, index);
    return `${name} ${checksum(image.pixels)} ${checksum(depthBytes(depth.metres))}`;
  });
  assertEquals(found, []);
});

Deno.test("sine and cosine agree with the engine's", () => {
  for (let degrees = -720; degrees <= 720; degrees += 7.3) {
    const radians = degrees * Math.PI / 180;
    assertAlmostEquals(sine(degrees), Math.sin(radians), 1e-12);
    assertAlmostEquals(cosine(degrees), Math.cos(radians), 1e-12);
  }
});

Deno.test("every run of as many indices as kinds holds each kind once, and the sample says so", () => {
  for (let block = 0; block < 20; block++) {
    const kinds = sceneKinds.map((_, at) => kindAt(3, block * sceneKinds.length + at));
    assertEquals([...kinds].sort(), [...sceneKinds].sort());
  }
  const { name, scene } = renderScene(small, 12);
  assertEquals(scene, kindAt(3, 12));
  assertEquals(name, `${scene}-000012`);
});

Deno.test("depth lies within 0.5 and 10 m for every kind and shape of picture", () => {
  const shapes = [[24, 32], [32, 24], [9, 60], [1, 1]] as const;
  for (let index = 0; index < 400; index++) {
    const [height, width] = shapes[index % 4] ?? [1, 1];
    const { depth } = renderScene({ seed: 11, height, width }, index);
    assertEquals(depth.metres.length, height * width);
    for (const metres of depth.metres) assert(metres >= 0.5 && metres <= 10);
  }
});

Deno.test("a solid in every place for the camera is taken away rather than shown too near", () => {
  const { room, lights } = roomWith([]);
  const solids = [box(grey, [0.01, 3.99], [0.5, 2.5], [0.01, 7.99])];
  const views = [{
    from: [[1, 1, 1], [3, 2, 2]],
    target: [2, 1, 7],
  }] as const;
  const [camera, kept] = cameraFor(key, { room, solids, lights, views });
  assertEquals(kept, []);
  const scene = { ...roomWith(kept), camera };
  const { depth } = castScene(scene, tracerOf(scene), 20, 20);
  for (const metres of depth) assert(metres >= 0.5);
});

Deno.test("depth does not depend on the resolution", () => {
  for (let index = 0; index < 20; index++) {
    const coarse = renderScene(small, index).depth.metres;
    const fine = renderScene({ seed: 3, height: 72, width: 96 }, index).depth;
    for (let at = 0; at < coarse.length; at++) {
      const row = Math.floor(at / 32) * 3 + 1;
      const column = at % 32 * 3 + 1;
      const metres = fine.metres[row * 96 + column] ?? 0;
      assertAlmostEquals(coarse[at] ?? 0, metres, 1e-5);
    }
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

Deno.test("the light buffer finds the same shadows as asking every solid", () => {
  let shadows = 0;
  for (let index = 0; index < sceneKinds.length; index++) {
    const scene = describeScene(kindAt(6, index), sceneKey(6, index));
    const tracer = tracerOf(scene);
    const light = scene.lights[0]?.centre ?? [1, 1, 1];
    const corners = shadowCorners(scene.solids);
    const buffer = lightBufferOf(tracer, corners, light);
    const origins = unitOrigins(tracer, light);
    const ray = unitRay();
    for (let at = 0; at < 500; at++) {
      const point = {
        x: scene.room.size[0] * ((at * 0.618) % 1),
        y: scene.room.size[1] * ((at * 0.414) % 1),
        z: scene.room.size[2] * ((at * 0.732) % 1),
      };
      const aim = {
        x: point.x - light[0],
        y: point.y - light[1],
        z: point.z - light[2],
      };
      const dark = scene.solids.some((solid, id) =>
        solid.material.glow === 0 &&
        solidEntry(tracer, origins, id, aim, ray) < 0.9999
      );
      assertEquals(inShadow(tracer, buffer, -1, point), dark);
      shadows += dark ? 1 : 0;
    }
  }
  assert(shadows > 100);
});

Deno.test("a solid under a lamp darkens the floor behind it", () => {
  const table = box(grey, [1.5, 2.5], [0.7, 0.75], [3.5, 4.5]);
  const scene = roomWith([table]);
  const lit = { ...scene, lights: [{ ...scene.lights[0], shadows: false }] };
  const render = (one: SceneDescription): Uint8Array =>
    renderDescription(one, { height: 48, width: 64 }, key).image.pixels;
  const light = scene.lights[0];
  assert(light !== undefined);
  const withShadows = render({ ...scene, exposure: 0.5 });
  const without = render({
    ...lit,
    lights: [{ ...light, shadows: false }],
  });
  // Row 40, in the middle, shows the floor under and before the table.
  const darker = withShadows.filter((value, at) => value < (without[at] ?? 0))
    .length;
  assert(darker > 30);
});

/** The share of the variance of depth that the best quadratic function of red, green and blue explains. */
const explainedByColour = (count: number): number => {
  const size = 10;
  const moments = Array.from(
    { length: size },
    () => new Float64Array(size + 1),
  );
  let [total, sum, squares] = [0, 0, 0];
  for (let index = 0; index < count; index++) {
    const { image, depth } = renderScene(
      { seed: 21, height: 24, width: 32 },
      index,
    );
    depth.metres.forEach((metres, at) => {
      const [r = 0, g = 0, b = 0] = image.pixels.subarray(3 * at, 3 * at + 3)
        .values().map((value) => value / 255);
      const row = [1, r, g, b, r * r, g * g, b * b, r * g, r * b, g * b];
      for (let i = 0; i < size; i++) {
        const into = moments[i] ?? new Float64Array();
        for (let j = 0; j < size; j++) {
          into[j] = (into[j] ?? 0) + (row[i] ?? 0) * (row[j] ?? 0);
        }
        into[size] = (into[size] ?? 0) + (row[i] ?? 0) * metres;
      }
      total++;
      sum += metres;
      squares += metres * metres;
    });
  }
  const right = moments.map((row) => row[size] ?? 0);
  const solution = solve(moments);
  const explained = solution.reduce(
    (so, value, at) => so + value * (right[at] ?? 0),
    0,
  );
  const mean = sum * sum / total;
  return (explained - mean) / (squares - mean);
};

/** Gauss and Jordan on rows that end with the right-hand side. */
const solve = (system: readonly Float64Array[]): readonly number[] => {
  const rows = system.map((row) => row.slice());
  rows.forEach((row, at) => {
    const pivot = row[at] ?? 1;
    row.forEach((value, column) => row[column] = value / pivot);
    rows.forEach((other, index) => {
      if (index === at) return;
      const factor = other[at] ?? 0;
      other.forEach((value, column) => other[column] = value - factor * (row[column] ?? 0));
    });
  });
  return rows.map((row) => row[row.length - 1] ?? 0);
};

Deno.test("colour does not give depth away", () => {
  const share = explainedByColour(300);
  console.log(share);
  assert(share > 0 && share < 0.15);
});

Deno.test("noise leaves out no pixel, stays near the truth and is off unless asked for", () => {
  const options = { seed: 2, height: 48, width: 64 };
  const exact = renderScene(options, 4);
  assertEquals(renderScene({ ...options, noise: false }, 4), exact);
  const noisy = renderScene({ ...options, noise: true }, 4);
  assertNotEquals(noisy.image.pixels, exact.image.pixels);
  let moved = 0;
  noisy.depth.metres.forEach((metres, at) => {
    const truth = exact.depth.metres[at] ?? 0;
    const sigma = 0.0012 + 0.0019 * (truth - 0.4) ** 2;
    const step = 0.00285 * truth ** 2;
    assert(metres >= 0.5 && metres <= 10);
    assert(Math.abs(metres - truth) < 4 * sigma + step);
    moved += metres === truth ? 0 : 1;
  });
  assert(moved > 48 * 64 * 0.9);
});

Deno.test("holes are exactly 0, only there with the option, and leave the rest and the picture alone", () => {
  const options = { seed: 2, height: 48, width: 64 };
  for (let index = 0; index < 20; index++) {
    const exact = renderScene(options, index);
    assert(exact.depth.metres.every((metres) => metres > 0));
    const holed = renderScene({ ...options, holes: true }, index);
    assertEquals(holed.image, exact.image);
    const missing = holed.depth.metres.filter((metres, at) => {
      assert(metres === 0 || metres === exact.depth.metres[at]);
      return metres === 0;
    }).length;
    const share = missing / holed.depth.metres.length;
    assert(share > 0.005 && share < 0.5);
  }
});

Deno.test("a near solid throws the projector's shadow to its left, as wide as the difference of disparities", () => {
  const near = box(grey, [1.8, 2.2], [1, 2], [2, 2.4]);
  const rendered = renderDescription(
    roomWith([near]),
    { height: 120, width: 160, holes: true },
    key,
  );
  const { metres } = rendered.depth;
  const focal = rendered.intrinsics?.fx ?? 0;
  const expected = focal * 0.075 * (1 / 1 - 1 / 7);
  const row = 60;
  const left = Array.from({ length: 160 }, (_, u) => metres[row * 160 + u] ?? 0)
    .findIndex((z) => Math.abs(z - 1) < 1e-6);
  let band = 0;
  while (metres[row * 160 + left - 1 - band] === 0) band++;
  assertAlmostEquals(band, expected, 1.5);
});
