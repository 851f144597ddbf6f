import { describe, FailureError } from "../../lib/errors.ts";
import { readBytes, readText, readToEnd } from "../../lib/formats/files.ts";
import { readSafetensorsHeader } from "../../lib/formats/safetensors_header.ts";
import { bytesText, type FileUse, sizeLimits } from "../../lib/formats/size_limits.ts";
import { parseConfiguration, readFields } from "../../lib/experiment/configuration_file.ts";
import { decodeAbout } from "../../lib/data/shards/shard_sample.ts";
import { parseList } from "../../lib/data/csv.ts";
import { linearDepth, readPair } from "../../lib/data/pair.ts";
import { assert, assertEquals, assertStringIncludes, join } from "../std.ts";
import { leftOf, rightOf } from "./support.ts";

/** A file of so many bytes, all holes, so that it takes no disk; it is removed afterwards. */
const withHoles = async (size: number, use: (path: string) => Promise<void>): Promise<void> => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "zeros.png");
    await Deno.writeFile(path, new Uint8Array());
    await Deno.truncate(path, size);
    await use(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
};

/** How many milliseconds something takes. */
const timeOf = async (run: () => unknown): Promise<number> => {
  const start = performance.now();
  await run();
  return performance.now() - start;
};

for (const use of ["file", "picture", "list", "record", "settings"] as const satisfies readonly FileUse[]) {
  Deno.test(`what is read as a ${use} is refused by its size before it is read, with what to do`, () =>
    withHoles(sizeLimits[use].most + 1, async (path) => {
      const time = await timeOf(async () => {
        const problem = leftOf(await readBytes(path, use)());
        assertEquals([problem.kind, problem.where, problem.advice], ["file", path, sizeLimits[use].advice]);
        assertEquals(problem.found, `${sizeLimits[use].most + 1} bytes`);
        assertStringIncludes(problem.expected, `at most ${sizeLimits[use].most} bytes`);
      });
      assert(time < 2000, `${time} ms`);
    }));
}

Deno.test("6 GB of zeros are refused as a picture, as a list and as a configuration without being read", () =>
  withHoles(6e9, async (path) => {
    const time = await timeOf(async () => {
      const files = { image: path, depth: path };
      assertEquals(leftOf(await readPair(files, linearDepth(1000))()).found, "6.0 GB");
      assertEquals(leftOf(await readText(path)()).found, "6.0 GB");
      assertEquals(leftOf(await readFields(path)()).found, "6.0 GB");
    });
    assert(time < 2000, `${time} ms`);
  }));

Deno.test("a file of just the limit is read", () =>
  withHoles(sizeLimits.settings.most, async (path) => {
    assertEquals(rightOf(await readBytes(path, "settings")()).length, sizeLimits.settings.most);
  }));

/** A file that gives so many bytes, a few at a time: their numbers. */
const giving = (total: number) => {
  let given = 0;
  return {
    read: (into: Uint8Array): Promise<number | null> => {
      const count = Math.min(into.length, total - given, 1000);
      for (let at = 0; at < count; at++) into[at] = given++;
      return Promise.resolve(count === 0 ? null : count);
    },
  };
};

Deno.test("a file that grows or shrinks while it is read, or does not tell its size, is read to its end", async () => {
  const limit = { ...sizeLimits.settings, most: 10_000 };
  for (const total of [0, 1, 999, 1000, 4321, 10_000]) {
    for (const told of [0, 500, total, 10_000]) {
      const bytes = await readToEnd("f", giving(total), told, limit);
      assertEquals(bytes, Uint8Array.from({ length: total }, (_, at) => at));
    }
  }
});

Deno.test("a file that grows beyond the limit while it is read, or without end, is refused", async () => {
  const limit = { ...sizeLimits.settings, most: 10_000 };
  for (const [total, told] of [[10_001, 10_000], [10_001, 0], [Infinity, 0], [Infinity, 9999]] as const) {
    const problem = await readToEnd("f", giving(total), told, limit).catch((reason) => reason);
    assert(problem instanceof FailureError);
    assertStringIncludes(problem.message, "bytes, expected a configuration or a module of at most 10000 bytes");
  }
});

Deno.test("a heading of 200,000 columns and a list of 100,000 lines take seconds at most", async () => {
  const columns = Array.from({ length: 200_000 }, (_, index) => `column ${index}`).join(",");
  const lines = Array.from({ length: 100_000 }, (_, index) => `scene/${index}.jpg,scene/${index}.png,train`);
  const time = await timeOf(() => {
    assert(describe(leftOf(parseList("wide.csv", columns))).length <= 500);
    const list = ["image,depth,split", ...lines].join("\n");
    assertEquals(rightOf(parseList("long.csv", list)).length, 100_000);
  });
  // The pairwise comparison of headings took 33 s.
  assert(time < 25_000, `${time} ms`);
});

Deno.test("a header of safetensors nested 8 million deep is refused at once", async () => {
  const depth = 8_000_000;
  const header = new TextEncoder().encode(`{"a":${"[".repeat(depth)}1${"]".repeat(depth)}}`);
  const time = await timeOf(() => {
    const problem = leftOf(readSafetensorsHeader("m.safetensors", header, header.length + 8));
    assertStringIncludes(problem.found, "in each other");
  });
  assert(time < 1000, `${time} ms`);
});

Deno.test("a configuration and the JSON of a sample that are nested deep are refused in words", () => {
  const depth = 1_000_000;
  for (const [left, right] of [["[", "]"], ['{"a":', "}"]] as const) {
    const text = `${left.repeat(depth)}1${right.repeat(depth)}`;
    assertStringIncludes(leftOf(parseConfiguration("c.json", text, [])).found, "too deep in each other");
    assertStringIncludes(leftOf(decodeAbout("a", "a", new TextEncoder().encode(text))).found, "in each other");
  }
});

Deno.test("numbers of bytes are said in the unit that people use", () => {
  assertEquals([0, 999, 1000, 2.5e6, 6e9].map(bytesText), ["0 bytes", "999 bytes", "1.0 kB", "2.5 MB", "6.0 GB"]);
});
