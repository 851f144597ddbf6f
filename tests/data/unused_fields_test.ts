// A field that a layout does not use is refused when it is set, in every layout, and never at its default.
import { layoutFields, type LayoutOptions } from "../../lib/data/layout.ts";
import { checkedFields } from "../../lib/data/layout_options.ts";
import { dataLayouts, type Layout } from "../../lib/data/layouts.ts";
import { type FilesOptions, openFiles } from "../../lib/data/open_dataset.ts";
import { describe, orThrow } from "../../lib/errors.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { usualFiles } from "./files_support.ts";
import { grey16, picture, sampleAt, type Tree, withTree } from "./layout_support.ts";

const defaults: LayoutOptions = usualFiles;

/** Another value than the default of each field. */
const set = Object.entries(layoutFields).map(([name, field]): readonly [string, string | number] => {
  if (field.type === "text") return [name, "."];
  if (field.type === "choice") return [name, field.of.find((choice) => choice !== field.default) ?? ""];
  return [name, field.type === "integer" ? field.default + 1 : field.default / 2 + 0.25];
});

Deno.test("every layout takes what it uses, refuses the rest by name, and takes every default", async () => {
  for (const layout of dataLayouts) {
    orThrow(await checkedFields(layout, defaults, "/tmp")());
    for (const [field, value] of set) {
      const uses: readonly string[] = layout.uses;
      const checked = await checkedFields(layout, { ...defaults, [field]: value }, "/tmp")();
      assertEquals(checked._tag, uses.includes(field) ? "Right" : "Left", `${layout.name} ${field}`);
      if (checked._tag === "Right") continue;
      const { kind, where } = checked.left;
      assertEquals([kind, where], ["configuration", `field data.${field}`]);
      const said = describe(checked.left);
      assert(said.length <= 500, said);
      for (const { name, uses: used } of dataLayouts) {
        const users: readonly string[] = used;
        if (users.includes(field)) assertStringIncludes(said, name);
      }
      assertStringIncludes(said, `the layout ${layout.name}`);
    }
  }
});

/** A tree of some layouts that use no depth scale. */
const trees: readonly (readonly [Layout, Tree])[] = [
  ["densedepth", { "nyu2_train.csv": "a.png,d.png\n" }],
  ["cityscapes", { "leftImg8bit/train/a/b.png": "", "disparity/train/a/b.png": "", "camera/train/a/b.json": "{}" }],
  ["sunrgbd", { "image/a.png": picture, "depth/d.png": picture, "intrinsics.txt": "1 0 1 0 1 1 0 0 1" }],
  ["shards", { "train-000000.tar": "" }],
];

Deno.test("a field is refused whether the layout was named or recognised, before anything is read", async () => {
  for (const [layout, tree] of trees) {
    await withTree(tree, async (folder) => {
      for (const named of ["auto", layout] as const) {
        const options: FilesOptions = { ...defaults, folder, layout: named, depthScale: 1000 };
        const opened = await openFiles(options)();
        assert(opened._tag === "Left" && opened.left.where === "field data.depthScale", layout);
        assertStringIncludes(describe(opened.left), folder);
      }
    });
  }
});

Deno.test("sequences of TUM are read by their scale, 5000 unless another one is set", async () => {
  const tree = { "rgb.txt": "1 a.png\n2 a.png\n", "depth.txt": "1 d.png\n2 d.png\n", "a.png": picture };
  await withTree({ ...tree, "d.png": grey16(0, 500, 1000, 2000, 5000, 10000) }, async (folder) => {
    const metres = async (depthScale: number): Promise<readonly number[]> => {
      const dataset = orThrow(await openFiles({ ...defaults, folder, layout: "auto", depthScale })());
      return [...(await sampleAt(dataset, "train", 0)).depth.metres];
    };
    assertEquals(await metres(0), [0, 0.1, 0.2, 0.4, 1, 2].map(Math.fround));
    assertEquals(await metres(1000), [0, 0.5, 1, 2, 5, 10]);
  });
});
