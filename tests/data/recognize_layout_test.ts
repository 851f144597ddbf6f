import fc from "fast-check";
import { textLines } from "../../lib/data/folders.ts";
import { dataLayouts, type Layout } from "../../lib/data/layouts.ts";
import { listLayoutOf, recognize, recognizeLayout } from "../../lib/data/recognize_layout.ts";
import { describe, orThrow } from "../../lib/errors.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { testOriginal, type Tree, withTree } from "./layout_support.ts";

const sunFrame = (folder: string): Tree => ({
  [`${folder}/image/0.jpg`]: "",
  [`${folder}/depth/0.png`]: "",
  [`${folder}/intrinsics.txt`]: "1 0 1\n0 1 1\n0 0 1\n",
});

const bts = "/a/rgb.jpg /a/depth.png 518.8579\n/a/rgb1.jpg None 518.8579\n";
const denseDepth = "data/nyu2_train/a_out/1.jpg,data/nyu2_train/a_out/1.png\n";
const csv = "scene,image,depth,split\nkitchen,a.jpg,a.png,train\n";
const tum: Tree = { "rgb.txt": "# color images\n1.5 rgb/a.png\n", "depth.txt": "1.5 depth/a.png\n" };

/** A tree of each layout, and the path in it that is given. */
const examples: readonly (readonly [Layout, Tree, string?])[] = [
  ["nyu-labelled", { "nyu_depth_v2_labeled.mat": "MATLAB 7.3", "splits.mat": "MATLAB 5.0" }],
  ["nyu-labelled", { "mine.mat": "MATLAB 7.3" }, "mine.mat"],
  ["bts", {
    "nyudepthv2_train_files_with_gt.txt": bts,
    "nyudepthv2_test_files_with_gt.txt": bts,
    "README.txt": "hello",
  }],
  ["bts", { "list.lst": bts, "b.csv": csv }, "list.lst"],
  ["densedepth", { "nyu2_train.csv": denseDepth, "nyu2_test.csv": denseDepth, "data/nyu2_train/a_out/1.jpg": "" }],
  ["densedepth", { "data/nyu2_train.csv": denseDepth }],
  ["densedepth", { "pairs.csv": denseDepth }, "pairs.csv"],
  ["tum", { ...tum, "groundtruth.txt": "# ground truth\n1.5 1 2 3 4 5 6 7\n", "accelerometer.txt": "1.5 1 2 3\n" }],
  ["tum", Object.fromEntries(Object.entries(tum).map(([name, text]) => [`rgbd_dataset_freiburg1_xyz/${name}`, text]))],
  ["sunrgbd", sunFrame("frame"), "frame"],
  ["sunrgbd", { ...sunFrame("xtion/sun3ddata/b/b/0001"), "kv1/empty/a.txt": "" }],
  ["cityscapes", { "leftImg8bit/train/a/b.png": "", "disparity/train/a/b.png": "", "camera/train/a/b.json": "{}" }],
  ["cityscapes", { "leftImg8bit_trainvaltest/leftImg8bit/a": "", "disparity_trainvaltest/disparity/a": "" }],
  ["csv", { "rooms.csv": csv, "kitchen/0.jpg": "" }],
  ["csv", { "rooms.csv": `\ufeff"image","depth","split"\r\na,b,train\r\n` }, "rooms.csv"],
  ["shards", { "train-000000.tar": "", "train-000001.tar": "", "test-000000.tar": "" }],
  ["shards", { "train-000000.tar": "" }, "train-000000.tar"],
];

Deno.test("every layout is recognised from its folder or its list", async () => {
  for (const [layout, tree, path = ""] of examples) {
    await withTree(tree, async (folder) => {
      const given = path === "" ? folder : `${folder}/${path}`;
      const found = await recognizeLayout(given)();
      assertEquals(found._tag === "Right" ? found.right : describe(found.left), layout, Object.keys(tree).join());
    });
  }
});

Deno.test("the lists that told the layout come with it", async () => {
  await withTree({ "test.txt": bts, "train.txt": bts, "notes.txt": "none" }, async (folder) => {
    assertEquals(orThrow(await recognize(folder)()), {
      layout: "bts",
      files: [`${folder}/test.txt`, `${folder}/train.txt`],
    });
    const list = `${folder}/train.txt`;
    assertEquals(orThrow(await recognize(list)()), { layout: "bts", files: [list] });
  });
});

Deno.test("a URL can only be one of shards", async () => {
  assertEquals(orThrow(await recognizeLayout("http://127.0.0.1/train-000000.tar")()), "shards");
});

Deno.test("what is not recognised is told with everything that was looked for", async () => {
  await withTree({ "a.txt": "hello", "b.csv": "x,y\n1,2\n", "c/d/e.png": "", "empty.txt": "" }, async (folder) => {
    // A table that could be meant as a list is where to look, and its heading is what was found.
    const table = `${folder}/b.csv`;
    const given = [[folder, table], [table, table], [`${folder}/a.txt`], [`${folder}/empty.txt`]] as const;
    for (const [path, where = path] of given) {
      const found = await recognize(path)();
      assert(found._tag === "Left" && found.left.kind === "data" && found.left.where === where);
      if (where === table) assertStringIncludes(found.left.found, '"x,y"');
      for (const { name, signs } of dataLayouts) {
        assertStringIncludes(describe(found.left), `${name}: ${signs.text}`);
      }
    }
  });
});

Deno.test("two layouts in one folder are told, and not guessed", async () => {
  await withTree({ "rooms.csv": csv, "train-000000.tar": "" }, async (folder) => {
    const found = await recognize(folder)();
    assert(found._tag === "Left" && found.left.kind === "data");
    for (const part of ["signs of shards and csv", "Name the layout"]) assertStringIncludes(describe(found.left), part);
  });
});

Deno.test("a path to nothing is named", async () => {
  await withTree({}, async (folder) => {
    const found = await recognize(`${folder}/none`)();
    assert(found._tag === "Left" && found.left.kind === "missing" && found.left.where === `${folder}/none`);
  });
});

Deno.test("a folder of very many files is recognised by the few that tell", async () => {
  const many = Object.fromEntries(Array.from({ length: 3000 }, (_, at) => [`${at}/a.txt`, "none"]));
  await withTree({ ...many, "rooms.csv": csv }, async (folder) => {
    assertEquals(orThrow(await recognizeLayout(folder)()), "csv");
  });
});

Deno.test("a list longer than what is looked at is told by its whole lines", async () => {
  const long = Array.from({ length: 3000 }, (_, at) => `/a/rgb_${at}.jpg /a/depth_${at}.png 518.8579\n`).join("");
  await withTree({ "list.txt": long }, async (folder) => {
    assertEquals(orThrow(await recognizeLayout(`${folder}/list.txt`)()), "bts");
  });
});

Deno.test("any text is a list or none, and any bytes are a file without a layout", async () => {
  fc.assert(fc.property(fc.string(), (text) => {
    assert([null, "csv", "densedepth", "bts"].includes(listLayoutOf(textLines(text))));
  }));
  await withTree({}, async (folder) => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        await Deno.writeFile(`${folder}/list`, bytes);
        const found = await recognizeLayout(`${folder}/list`)();
        assert(found._tag === "Right" || found.left.kind === "data");
      }),
      { numRuns: 50 },
    );
  });
});

const originals: readonly (readonly [string, Layout])[] = [
  ["bts-nyu", "bts"],
  ["densedepth-nyu", "densedepth"],
  ["tum-freiburg1", "tum"],
  ["sunrgbd", "sunrgbd"],
  ["nyu-labeled", "nyu-labelled"],
  ["../rooms", "csv"],
];

for (const [name, layout] of originals) {
  testOriginal(name, `${name} is recognised`, async (folder) => {
    assertEquals(orThrow(await recognizeLayout(folder)()), layout);
  });
}
