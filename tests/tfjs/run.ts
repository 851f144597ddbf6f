/**
 * `deno task test:tfjs`: TensorFlow.js's own tests of operations, with its kernels and with this library's, on wasm and on
 * WebGPU (a software adapter will do). None that passes with its kernels may fail with this library's, and each failure has
 * a reason in `expected_failures.ts`. Status 1 otherwise.
 */
import { parseArgs } from "@std/cli/parse-args";
import { fromFileUrl } from "../std.ts";
import { bundle } from "./bundle.ts";
import { expectedFailures } from "./expected_failures.ts";
import { judge, type Outcome, type Verdict } from "./outcomes.ts";

const usage = `deno task test:tfjs [--backend wasm|webgpu] [--filter TEXT] [--list]
TensorFlow.js's own tests of operations with its kernels and with this library's; a part of their names, and --list for all
that fail with this library's kernels.`;

const wasmCode = fromFileUrl(import.meta.resolve("@tensorflow/tfjs-backend-wasm/wasm"));

/** Runs the tests in a process of their own; gives what they came to, and prints how far they are now and then. */
const outcomesOf = async (
  suite: string,
  backend: string,
  kernels: string,
  part: string,
): Promise<readonly Outcome[]> => {
  const args = [
    "run",
    "--no-check",
    "--no-prompt",
    "--allow-read",
    "--allow-env",
    suite,
    backend,
    kernels,
    wasmCode,
    part,
  ];
  const process = new Deno.Command("deno", { args, stdout: "piped", stderr: "null", env: { NO_COLOR: "1" } }).spawn();
  const outcomes: Outcome[] = [];
  let rest = "";
  for await (const text of process.stdout.pipeThrough(new TextDecoderStream())) {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines.filter((each) => each.startsWith('{"name":'))) {
      outcomes.push(JSON.parse(line));
      if (outcomes.length % 500 === 0) console.log(`${backend}, ${kernels} kernels: ${outcomes.length} tests`);
    }
  }
  const { code } = await process.status;
  if (code !== 0) throw new Error(`${backend}, ${kernels} kernels: the tests ended with status ${code}`);
  return outcomes;
};

const passedOf = (outcomes: readonly Outcome[]): string =>
  `${outcomes.filter(({ passed }) => passed).length} of ${outcomes.length} passed`;

const listed = (title: string, outcomes: readonly Outcome[]): readonly string[] =>
  outcomes.length === 0 ? [] : [
    `${title}: ${outcomes.length}`,
    ...outcomes.map(({ name, message }) => `  ${name}: ${message.split("\n")[0]?.slice(0, 160)}`),
  ];

const report = (backend: string, { broken, unexpected, reasons, idle, mended }: Verdict): readonly string[] => [
  `${backend}: ${mended} that fail with TensorFlow.js's kernels pass with this library's`,
  ...[...reasons].map(([reason, count]) => `  ${count} fail: ${reason}`),
  ...idle.map((reason) => `  none fails any more for a reason that is listed: ${reason}`),
  ...listed("  that pass with TensorFlow.js's kernels and fail with this library's", broken),
  ...listed("  that fail without a known reason", unexpected),
];

const compare = async (suite: string, backend: string, part: string, isListed: boolean): Promise<boolean> => {
  const stock = await outcomesOf(suite, backend, "stock", part);
  const own = await outcomesOf(suite, backend, "own", part);
  const verdict = judge(backend, stock, own, expectedFailures);
  console.log(`\n${backend}: stock kernels ${passedOf(stock)}, own kernels ${passedOf(own)}`);
  console.log(report(backend, verdict).join("\n"));
  if (isListed) console.log(listed("  all that fail", own.filter(({ passed }) => !passed)).join("\n"));
  const isStale = part === "" && verdict.idle.length > 0;
  return own.length > 0 && verdict.broken.length === 0 && verdict.unexpected.length === 0 && !isStale;
};

const run = async (): Promise<number> => {
  const { backend, filter, list, help } = parseArgs(Deno.args, {
    string: ["backend", "filter"],
    boolean: ["list", "help"],
  });
  if (help || (backend !== undefined && !["wasm", "webgpu"].includes(backend))) {
    console.log(usage);
    return help ? 0 : 2;
  }
  const folder = await Deno.makeTempDir();
  try {
    const suite = await bundle(folder);
    const backends = backend === undefined ? ["wasm", "webgpu"] : [backend];
    let sound = true;
    for (const each of backends) sound = await compare(suite, each, filter ?? "", list) && sound;
    return sound ? 0 : 1;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
};

Deno.exit(await run());
