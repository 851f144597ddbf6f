import { cameraFor } from "../../lib/scenes/camera.ts";
import { castScene } from "../../lib/scenes/cast.ts";
import { kindAt, sceneKinds } from "../../lib/scenes/kinds.ts";
import { renderScene } from "../../lib/scenes/render.ts";
import { box } from "../../lib/scenes/solids.ts";
import { materialOf, tracerOf } from "../../lib/scenes/tracer.ts";
import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertThrows } from "../std.ts";
import { grey, key, roomWith } from "./support.ts";

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
  assertEquals(found, [
    "kitchen-000000 9e33aa26 54402a99",
    "library-000001 9d528bf3 eab2e0f4",
    "bathroom-000002 72221301 47173397",
    "living_room-123456 32607d88 22a2108b",
  ]);
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

Deno.test("an index that no scene has is refused, not drawn as another scene", () => {
  for (const index of [-1, -10, 0.5, NaN]) {
    for (const run of [() => kindAt(3, index), () => renderScene(small, index)]) {
      assertEquals(
        String(assertThrows(run)),
        `RangeError: built-in scene ${index}: its index is not a whole number from 0`,
      );
    }
  }
});

Deno.test("a surface that a scene does not have is refused, not left as it was", () => {
  const tracer = tracerOf(roomWith([box(grey, [1, 2], [0, 1], [3, 4])]));
  assertEquals(materialOf(tracer, 0), grey);
  const error = assertThrows(() => materialOf(tracer, 7));
  assertEquals(String(error), "RangeError: surface 7 of a scene with 7 surfaces");
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
