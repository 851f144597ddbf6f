import { readBytes, readText } from "../../lib/formats/files.ts";
import { decodeImage } from "../../lib/formats/image.ts";
import { decodeGrey16 } from "../../lib/formats/png.ts";
import { assert, assertAlmostEquals, assertEquals, fromFileUrl } from "../std.ts";
import { rightOf } from "./support.ts";

const rooms = new URL("../../../shared/real/rooms/", import.meta.url);

const isThere = (): boolean => {
  try {
    return Deno.statSync(rooms).isDirectory;
  } catch {
    return false;
  }
};

const missing = !isThere();
if (missing) console.log("The recorded rooms are not here; the tests that read them are skipped.");

const pathOf = (name: string): string => fromFileUrl(new URL(name, rooms));

for (const scene of ["classroom", "kitchen", "office", "desk"]) {
  Deno.test({
    name: `the first frame of ${scene} has depth within its recorded range, at the picture's size`,
    ignore: missing,
    fn: async () => {
      const table = rightOf(await readText(pathOf("rooms.csv"))());
      const row = table.split("\n").find((line) => line.includes(`,${scene},`)) ?? "";
      const [image = "", depth = "", , , , valid, least, most] = row.split(",");
      const picture = rightOf(await decodeImage(image, rightOf(await readBytes(pathOf(image))()))());
      const map = rightOf(decodeGrey16(depth, rightOf(await readBytes(pathOf(depth))())));
      assertEquals([map.height, map.width, map.bitDepth], [picture.height, picture.width, 16]);
      assertEquals(picture.pixels.length, picture.height * picture.width * 3);
      assert(new Set(picture.pixels).size > 50, "a picture of few levels");
      const metres = [...map.values].filter((value) => value > 0).map((value) => value / 1000);
      assertAlmostEquals(metres.length / map.values.length, Number(valid), 0.001);
      assertAlmostEquals(metres.reduce((a, b) => Math.min(a, b)), Number(least), 0.001);
      assertAlmostEquals(metres.reduce((a, b) => Math.max(a, b)), Number(most), 0.001);
    },
  });
}
