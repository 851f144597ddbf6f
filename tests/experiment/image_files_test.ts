import { E } from "../../lib/dependencies/fp.ts";
import { orThrow } from "../../lib/errors.ts";
import { describeLeftOut, imageFiles } from "../../lib/experiment/image_files.ts";
import { assert, assertEquals, assertStringIncludes, basename } from "../std.ts";
import { pngOf, withFolder } from "../tasks/support.ts";
import { ownPng, writeImages } from "./prediction_support.ts";

/** What is found of some paths: names of pictures, and names of what is left out with its kind. */
const found = async (...paths: readonly string[]): Promise<readonly [readonly string[], readonly string[]]> => {
  const { images, leftOut } = orThrow(await imageFiles(paths)());
  return [images.map((path) => basename(path)), leftOut.map(({ path, kind }) => `${basename(path)}: ${kind}`)];
};

Deno.test("a folder stands for its pictures, sorted; what else is in it is left out by kind", async () => {
  await withFolder(async (folder) => {
    writeImages(folder, "b.PNG", "a.jpeg", "c.jpg");
    for (const name of ["._a.jpg", ".hidden.png", "d.heic", "e.HEIC", "h.gif", "notes.txt", "none"]) {
      await Deno.writeTextFile(`${folder}/${name}`, "x");
    }
    await Deno.mkdir(`${folder}/x.png`);
    assertEquals(await found(folder), [
      ["a.jpeg", "b.PNG", "c.jpg"],
      [
        "._a.jpg: hidden files",
        ".hidden.png: hidden files",
        "d.heic: HEIC pictures",
        "e.HEIC: HEIC pictures",
        "h.gif: GIF pictures",
        "none: other files",
        "notes.txt: other files",
        "x.png: folders",
      ],
    ]);
  });
});

Deno.test("links count as what they lead to; what leads nowhere is a picture that cannot be read later", async () => {
  await withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/pictures`);
    await Deno.mkdir(`${folder}/elsewhere`);
    writeImages(`${folder}/elsewhere`, "photo.png");
    await Deno.symlink("../elsewhere/photo.png", `${folder}/pictures/linked.png`);
    await Deno.symlink("nowhere", `${folder}/pictures/broken.png`);
    await Deno.symlink("circle.png", `${folder}/pictures/circle.png`);
    await Deno.symlink("../elsewhere", `${folder}/pictures/folder.png`);
    const images = ["broken.png", "circle.png", "linked.png"];
    assertEquals(await found(`${folder}/pictures`), [images, ["folder.png: folders"]]);
    assertEquals(await found(`${folder}/pictures/broken.png`), [["broken.png"], []]);
    assertEquals(await found(`${folder}/pictures/folder.png`), [["photo.png"], []]);
  });
});

Deno.test("what predict wrote is no picture, whatever it is called now", async () => {
  await withFolder(async (folder) => {
    writeImages(folder, "a.png");
    for (const name of ["a_depth16.png", "renamed.jpg"]) await Deno.writeFile(`${folder}/${name}`, ownPng());
    const kind = "depth maps that predict wrote";
    assertEquals(await found(folder), [["a.png"], [`a_depth16.png: ${kind}`, `renamed.jpg: ${kind}`]]);
    assertEquals(await found(`${folder}/renamed.jpg`, `${folder}/a.png`), [["a.png"], [`renamed.jpg: ${kind}`]]);
    const alone = await imageFiles([`${folder}/renamed.jpg`])();
    assert(E.isLeft(alone));
    assertEquals(alone.left.kind, "usage");
    for (const part of ["no image", kind, "renamed.jpg"]) assertStringIncludes(alone.left.found, part);
  });
});

Deno.test("a file that is named is a picture whatever it is called, and a picture that is named twice is one", async () => {
  await withFolder(async (folder) => {
    writeImages(folder, "photo", ".hidden.png", "a.png");
    assertEquals(await found(`${folder}/photo`, `${folder}/.hidden.png`), [["photo", ".hidden.png"], []]);
    const twice = [`${folder}/a.png`, folder, `${folder}/./a.png`, `${folder}//`];
    assertEquals((await found(...twice))[0], ["a.png"]);
  });
});

Deno.test("a path that is not there is an error, and so is nothing at all", async () => {
  await withFolder(async (folder) => {
    const [image = ""] = writeImages(folder, "a.png");
    const missing = await imageFiles([image, `${folder}/typo.png`])();
    assert(E.isLeft(missing));
    assertEquals([missing.left.kind, missing.left.where], ["missing", `${folder}/typo.png`]);
    for (const none of [await imageFiles([])(), await imageFiles([`${folder}/none`])()]) assert(E.isLeft(none));
  });
});

Deno.test("a thousand files in a folder are looked at without a thousand of them open", async () => {
  await withFolder(async (folder) => {
    const picture = pngOf(2, 2);
    const names = Array.from({ length: 1000 }, (_, at) => `${String(at).padStart(4, "0")}.png`);
    await Promise.all(names.map((name) => Deno.writeFile(`${folder}/${name}`, picture)));
    assertEquals((await found(folder))[0], names);
  });
});

Deno.test("what is left out is told by kind, with a number and the first names", () => {
  assertEquals(describeLeftOut([]), null);
  const leftOut = ["a/1.heic", "b/2.heic", "3.heic", "4.heic"].map((path) => ({ path, kind: "HEIC pictures" }));
  assertEquals(
    describeLeftOut([...leftOut, { path: "x/.y", kind: "hidden files" }]),
    "left out: HEIC pictures: 4 (1.heic, 2.heic, 3.heic, …); hidden files: 1 (.y)",
  );
});
