/**
 * Runs TensorFlow.js's own tests of operations, as its npm package has them, on one backend with one choice of kernels. It is
 * bundled for a browser (`bundle.ts`), so that tests and backends share one core; a line of JSON tells of each test.
 *
 * Arguments: the backend, whose kernels, the file of TensorFlow.js's WebAssembly module, and a part of the names of tests.
 */
import type { BackendName } from "../../lib/backend/device.ts";
import type { KernelChoice } from "../../lib/backend/kernels.ts";
import type { Outcome } from "./outcomes.ts";

interface Spec {
  readonly fullName: string;
  readonly status: string;
  readonly failedExpectations: readonly { readonly message: string }[];
}

/** What is used of Jasmine. */
interface Jasmine {
  readonly getEnv: () => {
    readonly addReporter: (reporter: { readonly specDone: (spec: Spec) => Promise<void> }) => void;
    readonly configure: (options: {
      readonly random: boolean;
      readonly forbidDuplicateNames: boolean;
      readonly specFilter: (spec: { readonly getFullName: () => string }) => boolean;
    }) => void;
    readonly execute: () => Promise<unknown>;
  };
}

const later = globalThis.setTimeout;

/** The core asks where it runs when it is loaded: as in a browser's worker, without what is Node's. */
const actAsBrowser = (): void => {
  Object.defineProperty(globalThis, "process", { value: undefined });
  Object.defineProperty(globalThis, "WorkerGlobalScope", { value: class {} });
};

const startJasmine = async (): Promise<ReturnType<Jasmine["getEnv"]>> => {
  const { default: required } = await import("jasmine-core/lib/jasmine-core/jasmine.js");
  const jasmine: Jasmine = required.core(required);
  const environment = jasmine.getEnv();
  Object.assign(globalThis, required.interface(jasmine, environment), { jasmine });
  return environment;
};

/** The build with threads starts workers of a kind that Deno has not. */
const flags = { WASM_HAS_MULTITHREAD_SUPPORT: false };

/** What the core adds to the names of groups of tests: that of the environment, and its flags. */
const environmentName = `own ${JSON.stringify(flags)}`;

const openBackend = async (backendName: BackendName, kernels: KernelChoice, code: string): Promise<void> => {
  const { tf } = await import("../../lib/dependencies/tensorflow.ts");
  const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  const { openDevice } = await import("../../lib/backend/device.ts");
  const { orThrow } = await import("../../lib/errors.ts");
  const { setTestEnvs } = await import("@tensorflow/tfjs-core/dist/jasmine_util.js");
  const module = URL.createObjectURL(new Blob([await Deno.readFile(code)], { type: "application/wasm" }));
  const builds = ["", "-simd", "-threaded-simd"].map((build) => `tfjs-backend-wasm${build}.wasm`);
  setWasmPaths(Object.fromEntries(builds.map((name) => [name, module])), true);
  tf.env().setFlags(flags);
  tf.removeBackend("webgl");
  orThrow(await openDevice(backendName, { kernels })());
  setTestEnvs([{ name: "own", backendName, isDataSync: backendName === "wasm", flags }]);
};

/** What the GPU reports since the last time that it was asked: its errors do not throw. */
const gpuReports = async (): Promise<() => Promise<readonly string[]>> => {
  const { tf } = await import("../../lib/dependencies/tensorflow.ts");
  const reports: string[] = [];
  const { device }: { readonly device?: GPUDevice } = Object(tf.backend());
  device?.addEventListener("uncapturederror", (event) => {
    event.preventDefault();
    reports.push(event instanceof GPUUncapturedErrorEvent ? event.error.message : "an unknown error of the GPU");
  });
  return async () => {
    await device?.queue.onSubmittedWorkDone();
    // A report is an event, which comes with the next turn.
    if (device !== undefined) await new Promise((done) => later(done, 0));
    return reports.splice(0);
  };
};

/** Runs the tests that `load` registers whose names contain a part, and prints a line of JSON for each. */
export const runSuite = async (load: () => Promise<void>): Promise<void> => {
  const [backend, choice, code = "", part = ""] = Deno.args;
  const backendName: BackendName = backend === "webgpu" ? "webgpu" : "wasm";
  actAsBrowser();
  const environment = await startJasmine();
  await openBackend(backendName, choice === "stock" ? "stock" : "own", code);
  const reports = await gpuReports();
  const times = new Map<string, number>();
  environment.addReporter({
    specDone: async ({ fullName, status, failedExpectations }) => {
      if (status !== "passed" && status !== "failed") return;
      const messages = [...failedExpectations.map(({ message }) => message), ...await reports()];
      const plain = fullName.replace(` ${environmentName}`, "");
      const time = (times.get(plain) ?? 0) + 1;
      times.set(plain, time);
      const name = time === 1 ? plain : `${plain} (${time})`;
      const outcome: Outcome = { name, passed: messages.length === 0, message: messages[0] ?? "" };
      console.log(JSON.stringify(outcome));
    },
  });
  environment.configure({
    random: false,
    forbidDuplicateNames: false,
    specFilter: ({ getFullName }) => getFullName().includes(part),
  });
  await load();
  await environment.execute();
  // What tests have left waiting would keep the process.
  Deno.exit(0);
};
