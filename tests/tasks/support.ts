/** Runs the tasks as a user does: a process of its own, whose output is no terminal. */
import { encodeRgbPng } from "../../lib/formats/png.ts";
import { assert, assertEquals, fromFileUrl } from "../std.ts";

/** What a task wrote, and the status with which it ended. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const root = new URL("../../", import.meta.url);

/** The URL of a module of this repository, for modules that a test writes elsewhere. */
export const moduleUrl = (path: string): string => new URL(path, root).href;

/** Runs a task with its usual permissions, or others. It never sees a WebGPU adapter. */
export const runTask = async (
  task: string,
  args: readonly string[],
  permissions: readonly string[] = ["--allow-read", "--allow-write"],
): Promise<Outcome> => {
  const command = new Deno.Command("deno", {
    args: ["run", "--no-prompt", "--quiet", ...permissions, `tasks/${task}.ts`, ...args],
    cwd: fromFileUrl(root),
    // No backend of this name exists, so that no adapter is found on any machine.
    env: { DENO_WEBGPU_BACKEND: "none", NO_COLOR: "1" },
  });
  const { code, stdout, stderr } = await command.output();
  const [out = "", err = ""] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  const controls = ["\x1b", "\r"].filter((control) => (out + err).includes(control));
  assertEquals(controls, [], "plain lines are wanted where no terminal is");
  return { code, out, err };
};

/** Runs a task that must do its work without a word on stderr; gives what it printed. */
export const succeeding = async (task: string, ...args: readonly string[]): Promise<string> => {
  const { code, out, err } = await runTask(task, args);
  assertEquals([code, err], [0, ""]);
  return out;
};

/** One line for people on stderr, and perhaps details on indented lines, and no stack trace; gives all of it. */
export const problemOf = ({ err }: Outcome): string => {
  const [first = "", ...details] = err.split("\n").filter((line) => line !== "");
  assertEquals(details.filter((line) => !/^ {2}[^ ]/.test(line)), [], err);
  assert(/^error: .*[^.?][.?]$/.test(first), err);
  assert(!err.includes("    at ") && !err.includes("a bug in this program"), err);
  return [first, ...details].join("\n");
};

/** Runs a task that must fail with this status; gives what it says of it. */
export const failing = async (code: 1 | 2, task: string, ...args: readonly string[]): Promise<string> => {
  const outcome = await runTask(task, args);
  const problem = problemOf(outcome);
  assertEquals(outcome.code, code, problem);
  return problem;
};

/** Runs `use` with an empty folder, which is removed afterwards. */
export const withFolder = async (use: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
};

/** The smallest configuration that goes through all parts of training. */
export const tiny = {
  data: { kind: "scenes", height: 32, width: 40, train: 6, test: 2 },
  backbone: { layers: 18, width: 4, strideOn: "3x3" },
  network: { features: 4 },
  generators: {
    scene: { widths: [4, 6], steps: 2, batch: 2 },
    reconstruction: { widths: [4, 6], steps: 2, batch: 2 },
  },
  loss: [
    { kind: "l1" },
    { kind: "hierarchical", generator: "scene", weights: [0, 10, 15], weight: 0.02, warmup: 2 },
    { kind: "hierarchical", generator: "reconstruction", weights: [0, 10, 15], weight: 0.02, warmup: 0 },
  ],
  optim: { lr: 1e-3, milestones: [2], warmup: 2 },
  training: { steps: 3, batch: 2 },
  evaluation: { pictures: 1 },
} as const;

/** The same with a loss that needs no generator, and a single step. */
export const tinier = { ...tiny, loss: [{ kind: "l1" }], training: { steps: 1, batch: 2 } };

/** Writes a configuration, and gives its path. */
export const writeConfiguration = async (folder: string, configuration: unknown): Promise<string> => {
  const path = `${folder}/tiny.jsonc`;
  await Deno.writeTextFile(path, `// Written by a test.\n${JSON.stringify(configuration)}`);
  return path;
};

/** A picture of smooth colours as a PNG. */
export const pngOf = (height: number, width: number, phase = 0): Uint8Array =>
  encodeRgbPng({
    height,
    width,
    pixels: Uint8Array.from({ length: height * width * 3 }, (_, at) => 128 + 100 * Math.sin(at / 50 + phase)),
  });

/** The names of the files in a folder, sorted. */
export const namesIn = (folder: string): readonly string[] =>
  Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
