import { assert, assertEquals, fromFileUrl } from "../std.ts";
import { moduleUrl, tinier, withFolder, writeConfiguration } from "./support.ts";

/** Runs a line of Deno's own shell, in which TASK stands for a task of this project. */
const shell = async (folder: string, line: string) => {
  const project = fromFileUrl(moduleUrl(""));
  const run = (task: string) =>
    `deno run --no-prompt --quiet --no-check --config ${project}deno.json --allow-read --allow-write ${project}tasks/${task}.ts`;
  const tasks = { line: line.replace(/^TASK (\w+)/, (_, task) => run(task)) };
  await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify({ tasks }));
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: ["task", "--quiet", "--config", `${folder}/deno.json`, "line"],
    env: { NO_COLOR: "1", DENO_WEBGPU_BACKEND: "none" },
  }).output();
  const [out = "", err = ""] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out, err };
};

const scenes = { ...tinier, data: { ...tinier.data, train: 30, test: 30 } };

Deno.test("a task whose output nobody reads on ends without a word", async () => {
  await withFolder(async (folder) => {
    const config = await writeConfiguration(folder, scenes);
    const { out, err } = await shell(folder, `TASK inspect --config ${config} --workers 0 | head -n 1`);
    assertEquals([out.split("\n").length, err], [2, ""]);
  });
});

Deno.test("output that has no room left is said, and is no bug", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  await withFolder(async (folder) => {
    const config = await writeConfiguration(folder, scenes);
    for (const flags of ["--help", `--config ${config} --workers 0`]) {
      const { code, err } = await shell(folder, `TASK inspect ${flags} > /dev/full`);
      assertEquals(code, 1);
      assert(/^error: standard output: found no space left [^\n]*\n$/.test(err), err);
    }
    const packed = await shell(folder, `TASK pack --config ${config} --out ${folder}/shards --workers 0 > /dev/full`);
    assert(packed.err.startsWith("error: standard output: found no space left"), packed.err);
    assertEquals([...Deno.readDirSync(`${folder}/shards`)], [], "no half file");
  });
});
