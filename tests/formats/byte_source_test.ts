import fc from "fast-check";
import { type ByteSource, openSource, sourceOfBytes } from "../../lib/formats/byte_source.ts";
import { writeBytes } from "../../lib/formats/files.ts";
import { assert, assertEquals, assertStringIncludes, join } from "../std.ts";
import { leftOf, rightOf } from "./support.ts";

const content = Uint8Array.from({ length: 100 }, (_, index) => index);

const withFile = async (run: (path: string, folder: string) => Promise<void>): Promise<void> => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "file.bin");
    rightOf(await writeBytes(path, content)());
    await run(path, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
};

const place = fc.oneof(fc.integer({ min: -3, max: 110 }), fc.constantFrom(0.5, NaN, Infinity, 2 ** 53 - 1, 2 ** 60));

/** Any range is either read as `slice` would, or lies beyond the end and is refused. */
const assertReadsAsSlice = (source: ByteSource): Promise<void> =>
  fc.assert(fc.asyncProperty(place, place, async (offset, length) => {
    const read = await source.read(offset, length)();
    const inside = Number.isInteger(offset) && Number.isInteger(length) && offset >= 0 && length >= 0;
    if (inside && offset + length <= 100) assertEquals(rightOf(read), content.slice(offset, offset + length));
    else assertEquals([leftOf(read).kind, leftOf(read).where], ["format", source.name]);
  }));

Deno.test("every range of bytes in memory is read, and none beyond them", async () => {
  const source = sourceOfBytes("memory", content);
  assertEquals([source.name, source.size], ["memory", 100]);
  await assertReadsAsSlice(source);
});

Deno.test("every range of a file is read, and none beyond it", () =>
  withFile(async (path) => {
    const source = rightOf(await openSource(path)());
    assertEquals([source.name, source.size], [path, 100]);
    await assertReadsAsSlice(source);
  }));

Deno.test("what is read from memory shares it", async () => {
  const memory = content.subarray(10);
  const read = rightOf(await sourceOfBytes("memory", memory).read(3, 4)());
  assertEquals(read, Uint8Array.of(13, 14, 15, 16));
  assert(read.buffer === memory.buffer);
});

Deno.test("reading beyond the end says how large the file is and should be", async () => {
  const problem = leftOf(await sourceOfBytes("a.pt", content).read(90, 20)());
  assertEquals([problem.where, problem.found, problem.expected], ["a.pt", "a file of 100 bytes", "at least 110"]);
  assertStringIncludes(problem.advice ?? "", "truncated");
});

Deno.test("a large file is read whole and in parts", () =>
  withFile(async (path) => {
    const large = Uint8Array.from({ length: 3_000_001 }, (_, index) => index * 31 % 251);
    rightOf(await writeBytes(path, large)());
    const source = rightOf(await openSource(path)());
    assertEquals(rightOf(await source.read(0, large.length)()), large);
    assertEquals(rightOf(await source.read(2_999_990, 11)()), large.slice(-11));
  }));

/** What is done to a file after it was opened. */
const changes: Readonly<Record<string, (path: string, folder: string) => Promise<void>>> = {
  "replaced by another one": async (path, folder) => {
    const [other, { mtime }] = [join(folder, "other.bin"), await Deno.stat(path)];
    await Deno.writeFile(other, content);
    await Deno.utime(other, mtime ?? 0, mtime ?? 0);
    await Deno.rename(other, path);
  },
  "written again": async (path) => {
    await Deno.writeFile(path, content.toReversed());
    await Deno.utime(path, 1, 1);
  },
  "cut off": (path) => Deno.truncate(path, 50),
  "lengthened": (path) => Deno.writeFile(path, Uint8Array.of(1), { append: true }),
};

for (const [what, change] of Object.entries(changes)) {
  Deno.test(`a file that was ${what} after it was opened is refused`, () =>
    withFile(async (path, folder) => {
      const source = rightOf(await openSource(path)());
      rightOf(await source.read(0, 10)());
      await change(path, folder);
      const problem = leftOf(await source.read(0, 10)());
      assertEquals([problem.kind, problem.where], ["file", path]);
      assertStringIncludes(problem.found, "changed");
    }));
}

Deno.test("a file that was removed after it was opened is refused", () =>
  withFile(async (path) => {
    const source = rightOf(await openSource(path)());
    await Deno.remove(path);
    const problem = leftOf(await source.read(0, 10)());
    assertEquals([problem.kind, problem.where, problem.found], ["missing", path, "no such file"]);
  }));

Deno.test("a source holds no file open, and does nothing before it is run", () =>
  withFile(async (path) => {
    const [open, source] = [openSource(path), rightOf(await openSource(path)())];
    const read = source.read(0, 10);
    assertEquals(rightOf(await read()), rightOf(await read()));
    await Deno.remove(path);
    assertEquals([leftOf(await open()).kind, leftOf(await read()).kind], ["missing", "missing"]);
  }));

Deno.test("a folder and a missing file cannot be opened", () =>
  withFile(async (path, folder) => {
    const problem = leftOf(await openSource(folder)());
    assertEquals([problem.kind, problem.where, problem.found], ["file", folder, "a folder"]);
    const missing = leftOf(await openSource(join(folder, "none"))());
    assertEquals([missing.kind, missing.found], ["missing", "no such file"]);
    assertStringIncludes(leftOf(await openSource(join(path, "below"))()).found, "needs a folder");
  }));

Deno.test({
  name: "a device cannot be opened",
  ignore: Deno.build.os === "windows",
  fn: async () => assertStringIncludes(leftOf(await openSource("/dev/zero")()).found, "device"),
});
