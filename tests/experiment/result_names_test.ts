import fc from "fast-check";
import { plannedImages, resultNames, sampleResultNames } from "../../lib/experiment/result_names.ts";
import { depthFormats } from "../../lib/pictures/depth_formats.ts";
import { assert, assertEquals, basename } from "../std.ts";

const suffixes = depthFormats.map(({ suffix }) => suffix);

const namesOf = (...images: readonly string[]): readonly string[] => resultNames(images, suffixes);

Deno.test("a result is called as its image, and images of one name are numbered", () => {
  assertEquals(namesOf("a/x.jpg", "b/y.png", "z"), ["x", "y", "z"]);
  assertEquals(namesOf("a/x.jpg", "b/x.png", "c\\x.jpeg"), ["x", "x-2", "x-3"]);
});

Deno.test("a number that another image is called by is passed over", () => {
  assertEquals(namesOf("a/x.jpg", "b/x.jpg", "b/x-2.jpg"), ["x", "x-3", "x-2"]);
  assertEquals(namesOf("a-2.jpg", "a.jpg", "a.png"), ["a-2", "a", "a-3"]);
  assertEquals(namesOf("a.jpg", "a-2.jpg", "a-2.png", "a.png"), ["a", "a-2", "a-2-2", "a-3"]);
});

Deno.test("names that only some file systems tell apart are told apart by a number", () => {
  assertEquals(namesOf("a/Photo.jpg", "b/photo.jpg"), ["Photo", "photo-2"]);
  assertEquals(namesOf("a/caf\u00e9.jpg", "b/cafe\u0301.jpg"), ["caf\u00e9", "cafe\u0301-2"]);
  assertEquals(namesOf("STRASSE.jpg", "stra\u00dfe.jpg", "a\u200db.jpg", "ab.png"), [
    "STRASSE",
    "stra\u00dfe-2",
    "a\u200db",
    "ab-2",
  ]);
});

/** Names that are likely to meet: in cases, forms of letters, numbers and the ends of results. */
const imagesOf = (...letters: readonly string[]): fc.Arbitrary<readonly string[]> => {
  const part = fc.constantFrom("a", "A", "-2", "-3", "-", "2", "_depth", "_DEPTH16", ".", ...letters);
  const name = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(""));
  const image = fc.tuple(fc.constantFrom("", "p/", "q/"), name, fc.constantFrom(".jpg", ".png", ".JPG"));
  return fc.array(image.map((parts) => parts.join("")), { maxLength: 12 });
};

// It takes for equal what a file system may; but for some of them, "\u00df" is "ss" as well.
const collator = new Intl.Collator("en", { sensitivity: "accent" });

const meetings = (paths: readonly string[]): readonly string[] =>
  paths.filter((path, at) => paths.slice(0, at).some((other) => collator.compare(path, other) === 0));

Deno.test("no two files of results have one name, in any case or form of letters, whatever the formats", () => {
  const anySuffixes = fc.uniqueArray(fc.constantFrom("", "-2", "_depth.png", "2_depth.png", "_depth16.png", ".npy"), {
    minLength: 1,
  });
  fc.assert(fc.property(imagesOf("e\u0301", "\u00e9", "\u00df", "ss"), anySuffixes, (paths, ends) => {
    const names = resultNames(paths, ends);
    assertEquals(names.length, paths.length);
    assertEquals(meetings(names.flatMap((name) => ends.map((end) => name + end))), []);
  }));
});

Deno.test("an image whose name no other has is called by it, and the first of each name is, too", () => {
  const stemOf = (path: string): string => basename(path).replace(/\.[^.]*$/, "");
  fc.assert(fc.property(imagesOf("e\u0301", "\u00e9"), (paths) => {
    const names = resultNames(paths, suffixes);
    const stems = paths.map(stemOf);
    stems.forEach((stem, at) => {
      const first = stems.findIndex((other) => collator.compare(stem, other) === 0);
      assert(first === at ? names[at] === stem : names[at]?.startsWith(`${stem}-`), `${stem} ${names[at]}`);
    });
  }));
});

Deno.test("each image has a file of each format in the folder, and one of a format that was named twice", () => {
  const [color, , npy] = depthFormats;
  assert(color !== undefined && npy !== undefined);
  const planned = plannedImages(["a/x.jpg", "b/x.jpg"], "out", [npy, color, npy]);
  assertEquals(planned.map(({ image, results }) => [image, ...results.map(({ path }) => path)]), [
    ["a/x.jpg", "out/x_depth.npy", "out/x_depth.png"],
    ["b/x.jpg", "out/x-2_depth.npy", "out/x-2_depth.png"],
  ]);
});

Deno.test("a hundred thousand images of one name are named in a second or so", () => {
  const started = performance.now();
  const names = namesOf(...Array.from({ length: 100_000 }, (_, at) => `${at}/x.jpg`));
  assertEquals(names.at(-1), "x-100000");
  assert(performance.now() - started < 5000);
});

Deno.test("results of samples keep the folders of their names, and none leads out of the folder of results", () => {
  const named = (...names: readonly string[]) => sampleResultNames(names, suffixes);
  assertEquals(named("a/x.png", "b/x.jpg", "b\\x.png", "A/X.png"), ["a/x", "b/x", "b/x-2", "A/X-2"]);
  assertEquals(named("../x.png", "/x", "C:\\x.png", "./a/../x", ""), ["x", "x-2", "C_/x", "a/x", "sample"]);
  assertEquals(named("hall 1.5", "a?b\n.png", "nul .../y"), ["hall 1.5", "a_b_", "nul/y"]);
  const part = fc.constantFrom("..", ".", "", "a", "A", "b.png", "a-2", "C:", " ", "é", "e\u0301");
  const name = fc.array(part, { maxLength: 4 }).map((parts) => parts.join("/"));
  fc.assert(fc.property(fc.array(name, { maxLength: 12 }), (names) => {
    const found = sampleResultNames(names, suffixes);
    const files = found.flatMap((each) => suffixes.map((suffix) => `${each}${suffix}`.normalize("NFD").toLowerCase()));
    assertEquals(new Set(files).size, files.length);
    for (const each of found) {
      assert(each.split("/").every((folder) => !["", ".", ".."].includes(folder)) && !each.startsWith("/"), each);
    }
  }));
});
