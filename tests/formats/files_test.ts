import { readBytes, readText, writeBytes, writeText } from "../../lib/formats/files.ts";
import { assert, assertEquals, assertStringIncludes, join } from "../std.ts";
import { leftOf, rightOf } from "./support.ts";

const inFolder = async (run: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
};

const namesIn = (folder: string): readonly string[] => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

/** Some bytes, then what a full disk answers. */
const fullDisk = function* (): Generator<Uint8Array> {
  yield new Uint8Array(100_000);
  throw Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" });
};

Deno.test("what is written is read again, and missing folders are made", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a", "b", "file.bin");
    rightOf(await writeBytes(path, Uint8Array.of(1, 2, 3))());
    assertEquals(rightOf(await readBytes(path)()), Uint8Array.of(1, 2, 3));
    assertEquals(namesIn(join(folder, "a", "b")), ["file.bin"]);
  }));

Deno.test("chunks are written in order and replace what was there", () =>
  inFolder(async (folder) => {
    const path = join(folder, "file.bin");
    rightOf(await writeText(path, "much longer than what follows")());
    rightOf(await writeBytes(path, [Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3)])());
    assertEquals(rightOf(await readBytes(path)()), Uint8Array.of(1, 2, 3));
    assertEquals(namesIn(folder), ["file.bin"]);
  }));

Deno.test("text in UTF-8 is read without its byte order mark, and other bytes are refused", () =>
  inFolder(async (folder) => {
    const path = join(folder, "note.txt");
    rightOf(await writeText(path, "\ufeffTiefe ≥ 0 m")());
    assertEquals(rightOf(await readText(path)()), "Tiefe ≥ 0 m");
    rightOf(await writeBytes(path, Uint8Array.of(0x66, 0xff))());
    assertStringIncludes(leftOf(await readText(path)()).found, "UTF-8");
  }));

Deno.test("a write that fails half-way leaves the old file and nothing else", () =>
  inFolder(async (folder) => {
    const path = join(folder, "file.bin");
    rightOf(await writeText(path, "old")());
    const problem = leftOf(await writeBytes(path, fullDisk())());
    assertEquals([problem.kind, problem.where], ["file", path]);
    assertStringIncludes(problem.found, "no space");
    assertEquals(rightOf(await readText(path)()), "old");
    assertEquals(namesIn(folder), ["file.bin"]);
  }));

Deno.test("a write that fails half-way leaves no new file", () =>
  inFolder(async (folder) => {
    leftOf(await writeBytes(join(folder, "new.bin"), fullDisk())());
    assertEquals(namesIn(folder), []);
  }));

Deno.test("a path below a file, and a folder, are refused for reading and writing", () =>
  inFolder(async (folder) => {
    const path = join(folder, "file.txt");
    rightOf(await writeText(path, "x")());
    const below = join(path, "below.txt");
    const [read, written] = [leftOf(await readBytes(below)()), leftOf(await writeText(below, "y")())];
    assertStringIncludes(read.found, "needs a folder");
    assertStringIncludes(written.found, "needs a folder");
    // Nothing can lie below a file, so there is nothing to read; a place to write to is not missing.
    assertEquals([read.kind, written.kind], ["missing", "file"]);
    assertEquals(leftOf(await readBytes(folder)()).found, "a folder");
    assertEquals(leftOf(await writeText(folder, "y")()).found, "a folder");
    assertEquals(namesIn(folder), ["file.txt"]);
  }));

Deno.test("a missing file is named with advice", () =>
  inFolder(async (folder) => {
    const path = join(folder, "none");
    const problem = leftOf(await readBytes(path)());
    assertEquals([problem.kind, problem.where, problem.found], ["missing", path, "no such file"]);
    assertStringIncludes(problem.advice ?? "", "Check the path");
  }));

Deno.test("a failure has what the system threw as its cause", () =>
  inFolder(async (folder) => {
    const { cause } = leftOf(await readBytes(join(folder, "none"))());
    assert(cause instanceof Deno.errors.NotFound, String(cause));
    rightOf(await writeBytes(join(folder, "note.txt"), Uint8Array.of(0xff))());
    const undecoded = leftOf(await readText(join(folder, "note.txt"))());
    assert(undecoded.cause instanceof TypeError, String(undecoded.cause));
  }));

Deno.test("a name that is too long is refused and leaves nothing", () =>
  inFolder(async (folder) => {
    assertStringIncludes(leftOf(await writeText(join(folder, "x".repeat(300)), "y")()).found, "too long");
    assertEquals(namesIn(folder), []);
  }));

Deno.test({
  name: "an endless device is not read",
  ignore: Deno.build.os !== "linux",
  fn: async () => assertStringIncludes(leftOf(await readBytes("/dev/zero")()).found, "device"),
});

Deno.test("a link stays a link, and the file it leads to is replaced", () =>
  inFolder(async (folder) => {
    const [path, link] = [join(folder, "file.txt"), join(folder, "link.txt")];
    rightOf(await writeText(path, "old")());
    Deno.symlinkSync("file.txt", link);
    rightOf(await writeText(link, "new")());
    assertEquals(rightOf(await readText(path)()), "new");
    assertEquals(Deno.lstatSync(link).isSymlink, true);
    assertEquals(namesIn(folder), ["file.txt", "link.txt"]);
  }));

Deno.test({
  name: "a permission that Deno withholds is named with the flag that grants it",
  permissions: { read: true, write: false },
  fn: async () => {
    const problem = leftOf(await writeText("never-written.txt", "x")());
    assertStringIncludes(problem.found, "permission of Deno");
    assertStringIncludes(problem.advice ?? "", "--allow-write");
  },
});
