// A data set of one's own: its options, what it is told, what is refused of it, and who may have it opened.
import { type DataModule, dataModule, loadDataModule, type OwnData } from "../../lib/data/data_module.ts";
import { type PlainSample, splitBy } from "../../lib/data/split_by.ts";
import type { ModuleData } from "../../lib/data/fields.ts";
import { openData } from "../../lib/data/open_data.ts";
import { openDataset } from "../../lib/data/open_dataset.ts";
import { E, type Either } from "../../lib/dependencies/fp.ts";
import { describe, type Failure, FailureError, orThrow } from "../../lib/errors.ts";
import { decodeConfiguration } from "../../lib/experiment/configuration_file.ts";
import { assert, assertEquals, assertNotEquals, assertStringIncludes, assertThrows } from "../std.ts";
import { dataText, writeFiles } from "../modules/support.ts";
import { moduleUrl, withFolder } from "../tasks/support.ts";

const dataOf = (file: string, more: object = {}): ModuleData => {
  const { data } = orThrow(
    decodeConfiguration("test", { data: { kind: "module", file, height: 32, width: 40, ...more } }),
  );
  if (data.kind !== "module") throw new Error(`data of kind ${data.kind}`);
  return data;
};

const leftOf = <A>(result: Either<Failure, A>): Failure => {
  if (E.isRight(result)) throw new Error("no failure");
  return result.left;
};

/** Loads a module of a text, and gives it with its path. */
const loaded = async (folder: string, text: string): Promise<readonly [path: string, own: OwnData]> => {
  const name = `${crypto.randomUUID()}.ts`;
  await writeFiles(folder, { [name]: text });
  return [`${folder}/${name}`, orThrow(await loadDataModule(`${folder}/${name}`)())];
};

const head = `import { dataModule } from "${moduleUrl("lib/data/data_module.ts")}";
import { splitBy } from "${moduleUrl("lib/data/split_by.ts")}";
`;

/** A module of one sample in each split, given as an expression of the size 2×3, and of what else is said of the data set. */
const sampleText = (sample: string, more = ""): string =>
  `${head}export default dataModule({}, () => ({ name: "one", scenes: [], ${more} train: splitBy(1, () => (
${sample})), test: splitBy(1, () => (${sample})) }));
`;

const image = "{ height: 2, width: 3, pixels: new Uint8Array(18) }";
const depthOf = (metres: string): string => `{ height: 2, width: 3, metres: Float32Array.of(${metres}) }`;

Deno.test("options take their defaults, and a wrong one is told by file and field", async () => {
  await withFolder(async (folder) => {
    const [path, own] = await loaded(folder, dataText);
    const sizeWith = async (options: object) => orThrow(await own.open(dataOf(path, { options }))()).train.size;
    assertEquals([await sizeWith({}), await sizeWith({ count: 5 })], [3, 5]);
    for (const [options, field] of [[{ count: 0 }, "count"], [{ counts: 3 }, "counts"]] as const) {
      const { kind, where } = leftOf(await own.open(dataOf(path, { options }))());
      assertEquals([kind, where], ["configuration", `${path}, data.options, field ${field}`]);
    }
  });
});

Deno.test("the folder of --data reaches the module", async () => {
  await withFolder(async (folder) => {
    const [path, own] = await loaded(folder, dataText);
    const nameOf = async (folder: string) =>
      orThrow(await openDataset(dataOf(path, { folder }), undefined, own)()).name;
    assertEquals([await nameOf(""), await nameOf("/pictures")], ["walls", "walls in /pictures"]);
  });
});

Deno.test("a sample that fits nothing is a failure with its file and its name, before it is used", async () => {
  await withFolder(async (folder) => {
    const faults = [
      [`{ image: { ...${image}, pixels: new Uint8Array(17) }, depth: ${depthOf("1, 1, 1, 1, 1, 1")} }`, "17 bytes"],
      [`{ image: ${image}, depth: ${depthOf("1, 1, 1, 1, 1")} }`, "5 depths of 6 pixels"],
      [
        `{ image: ${image}, depth: { height: 3, width: 2, metres: new Float32Array(6) } }`,
        "3×2 pixels with depth of 2×3",
      ],
      [`{ image: ${image}, depth: ${depthOf("1, NaN, 1, 1, 1, 1")} }`, "a depth of NaN m"],
      [`{ image: ${image}, depth: ${depthOf("1, 1, -1, 1, 1, 1")} }`, "a depth of -1 m"],
      [`{ image: ${image}, depth: ${depthOf("1, 1, 1, 1, 1, Infinity")} }`, "a depth of Infinity m"],
      [`{ image: ${image} }`, "no depth"],
      [`{ depth: ${depthOf("1, 1, 1, 1, 1, 1")} }`, "no image"],
      ["undefined", "no image"],
      [`{ image: { ...${image}, pixels: new Float32Array(18) }, depth: ${depthOf("1, 1, 1, 1, 1, 1")} }`, "no image"],
    ] as const;
    for (const [sample, found] of faults) {
      const [path, own] = await loaded(folder, sampleText(sample));
      const { train, test } = orThrow(await own.open(dataOf(path))());
      for (const split of [train, test]) {
        const problem = leftOf(await split.read(0)());
        assertEquals([problem.kind, problem.where], ["data", `${path}, sample 0`], sample);
        assertStringIncludes(problem.found, found);
      }
    }
    const [path, own] = await loaded(folder, sampleText(`{ image: ${image}, depth: ${depthOf("0, 1, 2, 3, 4, 5")} }`));
    const { depth } = orThrow(await orThrow(await own.open(dataOf(path))()).train.read(0)());
    assertEquals([...depth.metres], [0, 1, 2, 3, 4, 5]);
  });
});

Deno.test("what a module throws is told with its line, whichever of its functions throws", async () => {
  await withFolder(async (folder) => {
    const opens = ['throw new Error("no data");', 'await null; throw new Error("no data");'];
    for (const what of opens) {
      const [path, own] = await loaded(folder, `${head}export default dataModule({}, async () => {\n${what}\n});\n`);
      const { kind, where, found } = leftOf(await own.open(dataOf(path))());
      assertEquals([kind, where, found], ["script", `${path}:4`, "no data"]);
    }
    for (const sample of ['(() => { throw new Error("no data"); })()', 'Promise.reject(new Error("no data"))']) {
      const [path, own] = await loaded(folder, sampleText(sample));
      const { kind, where, found } = leftOf(await orThrow(await own.open(dataOf(path))()).test.read(0)());
      assertEquals([kind, where, found], ["script", `${path}:4`, "no data"]);
    }
    const entries = `${head}const entry = () => { throw new Error("no names"); };
export default dataModule({}, () => ({ name: "", scenes: [], train: splitBy(1, () => ({}), entry), test: splitBy(0, () => ({})) }));
`;
    const [path, own] = await loaded(folder, entries);
    const { train } = orThrow(await own.open(dataOf(path))());
    const thrown = assertThrows(() => train.entry(0));
    assert(thrown instanceof FailureError);
    for (const problem of [thrown.failure, leftOf(await train.read(0)())]) {
      assertEquals([problem.kind, problem.where, problem.found], ["script", `${path}:3`, "no names"]);
    }
  });
});

Deno.test("a module that gives no data set is told so", async () => {
  await withFolder(async (folder) => {
    for (
      const given of ["{}", "undefined", "null", "{ train: splitBy(1, () => 1), test: [] }", "{ train: { size: -1 } }"]
    ) {
      const [path, own] = await loaded(folder, `${head}export default dataModule({}, () => (${given}));\n`);
      const { kind, where, found } = leftOf(await own.open(dataOf(path))());
      assertEquals([kind, where], ["script", path], given);
      assertStringIncludes(found, "without name, scenes, train or test");
    }
  });
});

Deno.test("another default export is told by what it is", async () => {
  await withFolder(async (folder) => {
    const made = `import { networkModule } from "${moduleUrl("lib/experiment/network_module.ts")}";\n`;
    const others = [
      ["export const data = 1;", "no default export"],
      ["export default () => {};", "a default export of type function"],
      [`${made}export default networkModule({}, () => ({}));`, "made by networkModule"],
    ] as const;
    for (const [at, [text, says]] of others.entries()) {
      await writeFiles(folder, { [`${at}.ts`]: text });
      const { kind, where, found, expected } = leftOf(await loadDataModule(`${folder}/${at}.ts`)());
      assertEquals([kind, where], ["script", `${folder}/${at}.ts`]);
      assertStringIncludes(found, says);
      assertStringIncludes(expected, "dataModule");
    }
    assertEquals(leftOf(await loadDataModule(`${folder}/none.ts`)()).kind, "missing");
  });
});

Deno.test("depth is bounded, samples are cropped and resized as those of files are", async () => {
  await withFolder(async (folder) => {
    const [path, own] = await loaded(folder, dataText);
    const open = async (more: object) => orThrow(await openData(dataOf(path, more), { workers: 0, own })());
    const { original, resized } = await open({ minDepth: 1.5, maxDepth: 3 });
    const [whole, small] = [orThrow(await original.train.read(0)()), orThrow(await resized.train.read(0)())];
    assertEquals(original.range, { near: 1.5, far: 3 });
    // The metres of a column are 1 + column / 16: measured from column 8 to column 32 of 44, but for 50 pixels of two rows.
    const kept = 36 * 25 - 25 - Math.max(0, 50 - 44 - 8);
    assertEquals(whole.depth.metres.filter((metres) => metres > 0).length, kept);
    assert(whole.depth.metres.every((metres) => metres === 0 || metres >= 1.5 && metres <= 3));
    assertEquals([small.depth.height, small.depth.width, small.image.height, small.image.width], [32, 40, 32, 40]);

    // A crop of the input's size leaves the samples' own pixels: from row 2 and column 2 on.
    const { resized: cropped } = await open({ crop: [32, 40] });
    const { depth } = orThrow(await cropped.train.read(0)());
    const columns = Array.from({ length: 40 }, (_, column) => 1 + (column + 2) / 16);
    assertEquals([...depth.metres.slice(40 * 31)], columns);
    const nothing = dataOf(path, { minDepth: 3, maxDepth: 2 });
    assertEquals(leftOf(await openData(nothing, { workers: 0, own })()).where, path);
  });
});

Deno.test("workers load the module themselves, and give the samples that this thread gives", async () => {
  await withFolder(async (folder) => {
    const [path, own] = await loaded(folder, dataText);
    const data = dataOf(path, { options: { count: 4 }, maxDepth: 3, crop: [32, 40] });
    const here = orThrow(await openData(data, { workers: 0, own })());
    const there = orThrow(await openData(data, { workers: 2, own })());
    try {
      for (const size of ["original", "resized"] as const) {
        for (const index of [0, 1, 3]) {
          assertEquals(
            orThrow(await there[size].train.read(index)()),
            orThrow(await here[size].train.read(index)()),
          );
        }
      }
    } finally {
      there.close();
    }
  });
});

Deno.test("what a module throws in a worker is the failure that it is here", async () => {
  await withFolder(async (folder) => {
    const [path, own] = await loaded(folder, sampleText('Promise.reject(new Error("no data"))'));
    const data = dataOf(path);
    const there = orThrow(await openData(data, { workers: 1, own })());
    try {
      const { kind, where, found } = leftOf(await there.original.train.read(0)());
      assertEquals([kind, where, found], ["script", `${path}:4`, "no data"]);
    } finally {
      there.close();
    }
  });
});

Deno.test("data that nobody has named are refused, and their module does not run", async () => {
  await withFolder(async (folder) => {
    const marker = `${folder}/ran`;
    await writeFiles(folder, { "walls.ts": `Deno.writeTextFileSync(${JSON.stringify(marker)}, "");\n${dataText}` });
    const path = `${folder}/walls.ts`;
    const isMarked = () => [...Deno.readDirSync(folder)].some(({ name }) => name === "ran");
    for (const workers of [0, 1]) {
      const problem = leftOf(await openData(dataOf(path), { workers })());
      assertEquals([problem.kind, problem.where], ["usage", "--dataset"]);
      for (const part of [path, "no code is run", "--dataset FILE.ts"]) assertStringIncludes(describe(problem), part);
    }
    const unnamed = leftOf(await openData(dataOf(""), { workers: 0 })());
    assertEquals([unnamed.kind, unnamed.where], ["usage", "data.file"]);
    assertEquals(isMarked(), false);
    // That the marker tells of a run:
    orThrow(await loadDataModule(path)());
    assertEquals(isMarked(), true);
  });
});

const none = (): PlainSample => ({
  image: { height: 0, width: 0, pixels: new Uint8Array(0) },
  depth: { height: 0, width: 0, metres: new Float32Array(0) },
});

Deno.test("a data module made in a script is typed by its options", () => {
  const made: DataModule = dataModule(
    { size: { type: "integer", least: 0, most: 9, default: 2, description: "Samples." } },
    ({ size }) => ({ name: "made", scenes: [], train: splitBy(size, none), test: splitBy(0, none) }),
  );
  assertEquals(made.module, "data");
  assert(E.isRight(made.make("here", {})) && E.isLeft(made.make("here", { size: 10 })));
  assertNotEquals(made.make("here", {}), made.make("here", { size: 10 }));
});
