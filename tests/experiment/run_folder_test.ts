import { E, TE } from "../../lib/dependencies/fp.ts";
import { describe, type Failure, orThrow } from "../../lib/errors.ts";
import { holderOf, lockFolder } from "../../lib/experiment/folder_lock.ts";
import { checkFolder, describeKept, type FolderOptions, inRunFolder } from "../../lib/experiment/run_folder.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { moduleUrl, namesIn, withFolder } from "../tasks/support.ts";

const usual: FolderOptions = { fresh: false, inputs: [] };
const fresh: FolderOptions = { fresh: true, inputs: [] };

const put = async (folder: string, files: Readonly<Record<string, string>>): Promise<void> => {
  await Deno.mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(`${folder}/${name}`, text);
};

/** Why a folder is not given, in words. */
const refusal = async (out: string, options: FolderOptions = usual): Promise<string> => {
  const before = namesIn(out);
  const result = await checkFolder(out, options)();
  assert(E.isLeft(result), "the folder was given");
  assertEquals(result.left.kind, "file");
  assertEquals(namesIn(out), before);
  return describe(result.left);
};

/** Takes a folder, writes one file, and gives what was told. */
const writeInto = async (out: string, options: FolderOptions): Promise<readonly string[]> => {
  const said: string[] = [];
  const use = (): TaskEither => TE.fromTask(() => Deno.writeTextFile(`${out}/log.jsonl`, "new\n"));
  orThrow(await inRunFolder(out, options, (line) => said.push(line), use)());
  return said;
};
type TaskEither = TE.TaskEither<Failure, void>;

Deno.test("each file that a training leaves keeps another one from its folder, and a log without a step does not", async () => {
  await withFolder(async (folder) => {
    const names = ["checkpoint.safetensors", "unfinished.safetensors", "heg-scene.safetensors", "log.jsonl"];
    for (const name of names) {
      await put(`${folder}/${name}-run`, { "config.json": "{}", [name]: "x" });
      const said = await refusal(`${folder}/${name}-run`);
      for (const part of ["the beginning of a training of 20", `(${name})`, "--fresh", "--out"]) {
        assertStringIncludes(said, part);
      }
    }
    await put(`${folder}/finished`, { "metrics.json": "{}", "log.jsonl": "x" });
    assertStringIncludes(await refusal(`${folder}/finished`), "a finished training of 20");
    await put(`${folder}/failed`, { "config.json": "{}", "log.jsonl": "" });
    orThrow(await checkFolder(`${folder}/failed`, usual)());
  });
});

Deno.test("a folder that is missing, or holds what is no training's, is taken and its files stay", async () => {
  await withFolder(async (folder) => {
    assertEquals(await writeInto(`${folder}/a/b`, usual), []);
    assertEquals(namesIn(`${folder}/a/b`), ["log.jsonl"]);
    await put(`${folder}/notes`, { "notes.txt": "mine", "list.csv": "" });
    await writeInto(`${folder}/notes`, fresh);
    assertEquals(namesIn(`${folder}/notes`), ["list.csv", "log.jsonl", "notes.txt"]);
    assertEquals(namesIn(folder), ["a", "notes"]);
  });
});

Deno.test("a training is moved aside whole, to the first free number, and nothing of it is lost", async () => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await put(out, { "log.jsonl": "first\n", "notes.txt": "mine" });
    await put(`${folder}/run.1`, {});
    const [said = "", ...more] = await writeInto(out, fresh);
    assertEquals(more, []);
    assert(/\/run: the beginning of a training of .* was moved to .*\/run\.2$/.test(said), said);
    assertEquals([namesIn(out), namesIn(`${folder}/run.2`)], [["log.jsonl"], ["log.jsonl", "notes.txt"]]);
    assertEquals(await Deno.readTextFile(`${folder}/run.2/log.jsonl`), "first\n");
    await writeInto(`${out}/`, fresh);
    assertEquals(namesIn(folder), ["run", "run.1", "run.2", "run.3"]);
  });
});

Deno.test("a link to a folder stays, and what it leads to is moved", async () => {
  await withFolder(async (folder) => {
    await put(`${folder}/disk/real`, { "log.jsonl": "first\n" });
    await Deno.symlink(`${folder}/disk/real`, `${folder}/run`);
    await writeInto(`${folder}/run`, fresh);
    assertEquals(await Deno.readTextFile(`${folder}/disk/real/log.jsonl`), "new\n");
    assertEquals(await Deno.readTextFile(`${folder}/disk/real.1/log.jsonl`), "first\n");
  });
});

Deno.test("a folder is not moved away with what the new training reads, or from under the program", async () => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    await put(out, { "checkpoint.safetensors": "x" });
    const inputs = [["backbone.weights", `${out}/checkpoint.safetensors`]] as const;
    const said = await refusal(out, { fresh: true, inputs });
    for (const part of ["backbone.weights", `${out}/checkpoint.safetensors`, "--out"]) assertStringIncludes(said, part);
    orThrow(await checkFolder(out, { fresh: true, inputs: [["lossFile", `${out}2/loss.ts`]] })());
    await put(`${folder}/new`, {});
    orThrow(await checkFolder(`${folder}/new`, { fresh: true, inputs: [["lossFile", `${folder}/new/loss.ts`]] })());
  });
});

Deno.test("what runs in a folder is said with its process and its time, and not even --fresh moves it", async () => {
  await withFolder(async (folder) => {
    await put(folder, { "log.jsonl": "x" });
    const lock = orThrow(await lockFolder(folder, "a training")());
    for (const options of [usual, fresh]) {
      const said = await refusal(folder, options);
      for (const part of ["a training that is still running", `process ${Deno.pid}, since 20`, "Wait"]) {
        assertStringIncludes(said, part);
      }
    }
    await lock.release(folder);
    assertEquals(namesIn(folder), ["log.jsonl"]);
    assertStringIncludes(await refusal(folder), "the beginning of a training");
  });
});

Deno.test("a lock ends with its process, even if that is killed", async () => {
  await withFolder(async (folder) => {
    const source = `import { lockFolder } from "${moduleUrl("lib/experiment/folder_lock.ts")}";
      await lockFolder(${JSON.stringify(folder)}, "a training")();
      console.log("locked");
      await new Promise((resolve) => setTimeout(resolve, 60_000));`;
    await Deno.writeTextFile(`${folder}/holder.ts`, source);
    const args = ["run", "--no-check", "--quiet", "--allow-read", "--allow-write", `${folder}/holder.ts`];
    const child = new Deno.Command("deno", { args, stdout: "piped" }).spawn();
    const reader = child.stdout.getReader();
    await reader.read();
    const holder = orThrow(await holderOf(folder)());
    assertEquals([holder?.what, holder?.pid], ["a training", child.pid]);
    child.kill("SIGKILL");
    await child.status;
    await reader.cancel();
    assertEquals(orThrow(await holderOf(folder)()), null);
    await writeInto(folder, usual);
  });
});

Deno.test("of many that want a folder at once one has it, and the others are refused", async () => {
  await withFolder(async (folder) => {
    const out = `${folder}/run`;
    let inside = 0;
    const use = (): TaskEither => async () => {
      inside += 1;
      await Deno.writeTextFile(`${out}/log.jsonl`, "x");
      await new Promise((resolve) => setTimeout(resolve, 30));
      return E.right(undefined);
    };
    const results = await Promise.all(Array.from({ length: 8 }, () => inRunFolder(out, usual, () => {}, use)()));
    assertEquals([results.filter(E.isRight).length, inside], [1, 1]);
    assertEquals(namesIn(out), ["log.jsonl"]);
  });
});

Deno.test("what is kept of a stopped training is named", async () => {
  await withFolder(async (folder) => {
    assertStringIncludes(orThrow(await describeKept(folder)()), "Nothing of a training");
    await put(folder, { "log.jsonl": "x", "heg-scene.safetensors": "x", "config.json": "{}" });
    assertStringIncludes(orThrow(await describeKept(folder)()), "heg-scene.safetensors, log.jsonl");
  });
});
