import { type Appendable, appendWhole, removeAbandoned, writeBytes } from "../../lib/formats/files.ts";
import { orThrow } from "../../lib/errors.ts";
import { assertEquals, assertThrows } from "../std.ts";
import { namesIn, withFolder } from "../tasks/support.ts";

/** A file on a disk that has room for so many bytes, and takes at most three at once. */
const onFullDisk = (room: number) => {
  const bytes: number[] = [];
  const file: Appendable = {
    writeSync: (given) => {
      const taken = given.subarray(0, Math.min(3, room - bytes.length));
      if (taken.length === 0) throw new Error("No space left on device");
      bytes.push(...taken);
      return taken.length;
    },
    statSync: () => ({ ...Deno.statSync("."), size: bytes.length }),
    truncateSync: (length = 0) => void bytes.splice(length),
  };
  return { file, text: () => new TextDecoder().decode(Uint8Array.from(bytes)) };
};

Deno.test("whatever room a disk has, what is appended to a file is there whole or not at all", () => {
  const lines = ["first\n", "2\n", "the third line\n"];
  for (let room = 0; room <= lines.join("").length; room++) {
    const { file, text } = onFullDisk(room);
    const fitting = lines.filter((_, at) => lines.slice(0, at + 1).join("").length <= room);
    for (const line of fitting) appendWhole(file, new TextEncoder().encode(line));
    const [next] = lines.slice(fitting.length);
    if (next !== undefined) assertThrows(() => appendWhole(file, new TextEncoder().encode(next)));
    assertEquals(text(), fitting.join(""), `room for ${room}`);
  }
});

const partName = (): string => `.${crypto.randomUUID()}.part`;

/** A file as one that was written some time ago. */
const putOld = async (path: string, seconds: number): Promise<void> => {
  await Deno.writeTextFile(path, "half");
  const time = new Date(Date.now() - 1000 * seconds);
  await Deno.utime(path, time, time);
};

Deno.test("temporary files of dead processes are removed; what others write, young ones and foreign ones stay", async () => {
  await withFolder(async (folder) => {
    const [dead, young, held] = [partName(), partName(), partName()];
    const foreign = ["film.part", ".film.part", `${crypto.randomUUID()}.part`, ".0123.part"];
    for (const name of [dead, held, ...foreign]) await putOld(`${folder}/${name}`, 60);
    await putOld(`${folder}/${young}`, 1);
    using file = await Deno.open(`${folder}/${held}`, { write: true });
    await file.lock(true);
    orThrow(await removeAbandoned(folder)());
    assertEquals(namesIn(folder), [young, held, ...foreign].sort());
    orThrow(await removeAbandoned(`${folder}/missing`)());
  });
});

Deno.test("a file that is being written is locked, so that nobody takes it for a dead one", async () => {
  await withFolder(async (folder) => {
    const found: boolean[] = [];
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(3);
      for (const name of namesIn(folder).filter((each) => each.endsWith(".part"))) {
        const old = new Date(Date.now() - 60_000);
        await Deno.utime(`${folder}/${name}`, old, old);
        orThrow(await removeAbandoned(folder)());
        found.push(namesIn(folder).includes(name));
      }
      yield new Uint8Array(2);
    }
    orThrow(await writeBytes(`${folder}/whole`, chunks())());
    assertEquals([found, namesIn(folder), Deno.statSync(`${folder}/whole`).size], [[true], ["whole"], 5]);
  });
});
