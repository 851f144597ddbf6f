import type { Device } from "../../backend/device.ts";
import { E, type Either, pipe, t, type TaskEither, TE } from "../../dependencies/fp.ts";
import { type Failure, failure } from "../../errors.ts";
import { writeText } from "../../formats/files.ts";
import { isJsonObject, jsonValue } from "../../formats/json.ts";
import { type Checkpoint, readCheckpoint } from "../../train/checkpoint.ts";
import type { Configuration } from "../configuration.ts";
import { parseConfiguration } from "../configuration_file.ts";
import { removeFile, textIfAny, writeJson } from "../files.ts";
import { modulesOf } from "../own_modules.ts";
import { unfinishedOf } from "../training.ts";
import type { PlannedRun } from "./plan.ts";
import { curveOf, parseRunRecord, type RunRecord } from "./run_record.ts";

/** How far a run of an ablation is. */
export type RunState =
  | { readonly kind: "finished"; readonly record: RunRecord }
  /** With the state that it has kept, the lines of its log up to there, and the backend that it was made with. */
  | {
    readonly kind: "interrupted";
    readonly checkpoint: Checkpoint;
    readonly log: readonly string[];
    readonly backend: string;
  }
  /** Its numbers were not finite: it would end so again. */
  | { readonly kind: "failed"; readonly problem: Failure }
  | { readonly kind: "new" };

/** The file that a run writes when all else of it is written. */
export const metricsPath = (out: string): string => `${out}/metrics.json`;

/** The file that says why a run ended without metrics. */
export const failurePath = (out: string): string => `${out}/failed.json`;

/** The copy of the loss of one's own that a run was trained with. */
export const lossCopyPath = (out: string): string => `${out}/loss.ts`;

/** The hashes of the files that this loss imported, where it imported any. */
export const lossImportsPath = (out: string): string => `${out}/loss.imports.json`;

/** The hashes of the modules of one's own that a run is made with, where it is made with any. */
export const modulesPath = (out: string): string => `${out}/modules.json`;

/** The file that names the backend of a run that is not finished. */
export const backendPath = (out: string): string => `${out}/backend.txt`;

/** The fields in which two JSON values differ, by their paths. */
const differences = (found: unknown, wanted: unknown, path: string): readonly string[] => {
  if (JSON.stringify(found) === JSON.stringify(wanted)) return [];
  const groups = [found, wanted].every(isJsonObject);
  if (!groups) return [`${path}: ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`];
  const [first, second] = [new Map(Object.entries(Object(found))), new Map(Object.entries(Object(wanted)))];
  return [...new Set([...first.keys(), ...second.keys()])].flatMap((name) =>
    differences(first.get(name), second.get(name), path === "" ? name : `${path}.${name}`)
  );
};

/** In what the files differ that a loss imports, from what was written of them. */
const changedImports = (written: string | null, imports: PlannedRun["lossImports"]): readonly string[] => {
  const known = new Map(Object.entries(Object(jsonValue(written ?? "{}"))));
  const now = new Map<string, unknown>(Object.entries(imports));
  return [...new Set([...known.keys(), ...now.keys()])].filter((name) => known.get(name) !== now.get(name)).map((
    name,
  ) =>
    !now.has(name)
      ? `${name}: no longer imported by the loss`
      : `${name}, which the loss imports: ${known.has(name) ? "its text has changed" : "not known of then"}`
  );
};

/** Which modules of one's own are not those that were written of. */
const changedModules = (written: string | null, { modules, configuration }: PlannedRun): readonly string[] => {
  const known = new Map(Object.entries(Object(jsonValue(written ?? "{}"))));
  const files = modulesOf(configuration);
  return Object.entries(modules).filter(([name, hash]) => known.get(name) !== hash).map(([name]) =>
    `${files[name]}: its text, or that of a file that it imports, has changed`
  );
};

/** A configuration without where its modules lie: they are what their files say. */
const unplaced = (configuration: Configuration): Configuration => ({
  ...configuration,
  lossFile: "",
  networkFile: configuration.networkFile === "" ? "" : "a module",
  data: configuration.data.kind === "module" ? { ...configuration.data, file: "a module" } : configuration.data,
});

/** In what a run that lies in the folder was another one: its configuration, its loss, its modules, and what these import. */
const othernessOf = (
  run: PlannedRun,
): TaskEither<Failure, readonly string[]> =>
async () => {
  const { out, configuration, loss, lossImports } = run;
  const path = `${out}/config.json`;
  const text = await textIfAny(path)();
  if (E.isLeft(text)) return text;
  const found: Either<Failure, Configuration | null> = text.right === null
    ? E.right(null)
    : parseConfiguration(path, text.right, []);
  const foundLoss = await textIfAny(lossCopyPath(out))();
  if (E.isLeft(foundLoss)) return foundLoss;
  const foundImports = await textIfAny(lossImportsPath(out))();
  if (E.isLeft(foundImports)) return foundImports;
  const foundModules = await textIfAny(modulesPath(out))();
  if (E.isLeft(foundModules)) return foundModules;
  if (E.isLeft(found) || found.right === null) return E.right(["config.json: missing, or of another version"]);
  return E.right([
    ...differences(unplaced(found.right), unplaced(configuration), ""),
    ...(foundLoss.right === loss ? [] : [`${configuration.lossFile || "lossFile"}: its text has changed`]),
    ...changedImports(foundImports.right, lossImports),
    ...changedModules(foundModules.right, run),
  ]);
};

const otherRun = ({ out, row, seed }: PlannedRun, details: readonly string[]): Failure => ({
  ...failure(
    "configuration",
    out,
    `a finished run of the row "${row}" with seed ${seed} that was another one, in what is listed below`,
    "a run of the configuration as it is now",
    "Choose another --out for the new configuration, or delete the folder to run it again.",
  ),
  details,
});

const linesUpTo = (log: string, step: number): readonly string[] =>
  log.split("\n").filter((line) => {
    const at = /^\{"phase":"depth","step":(\d+),.*\}$/.exec(line)?.[1];
    return at !== undefined && Number(at) <= step;
  });

const failedCodec = t.type({ kind: t.literal("numeric"), where: t.string, found: t.string, expected: t.string });

/** Why a run of this configuration failed before; null if it did not. */
const failedBefore = ({ out }: PlannedRun): TaskEither<Failure, Failure | null> => async () => {
  const text = await textIfAny(failurePath(out))();
  if (E.isLeft(text)) return text;
  const problem = failedCodec.decode(jsonValue(text.right ?? ""));
  const advice = `It was not tried again; delete ${out} to do so.`;
  return E.right(E.isLeft(problem) ? null : { ...problem.right, advice });
};

/** What an interrupted run of the same configuration has kept; what cannot be used is begun anew. */
const keptState = (run: PlannedRun): TaskEither<Failure, RunState> => async () => {
  const checkpoint = await readCheckpoint(unfinishedOf(run.out))();
  const log = await textIfAny(`${run.out}/log.jsonl`)();
  const backend = await textIfAny(backendPath(run.out))();
  if (E.isLeft(checkpoint) || E.isLeft(log) || E.isLeft(backend) || backend.right === null) {
    return E.right({ kind: "new" });
  }
  const { kind, configuration, step } = checkpoint.right;
  const lines = linesUpTo(log.right ?? "", step);
  const same = kind === "depth" && configuration === JSON.stringify(run.configuration) &&
    step <= run.configuration.training.steps && curveOf(lines.join("\n")).length === step;
  return E.right(
    same ? { kind: "interrupted", checkpoint: checkpoint.right, log: lines, backend: backend.right } : { kind: "new" },
  );
};

/**
 * How far a run is, from what lies in its folder.
 *
 * Errors: "configuration" for a finished run of another configuration, listing in which fields it differs.
 */
export const stateOf = (run: PlannedRun): TaskEither<Failure, RunState> => async () => {
  const metrics = await textIfAny(metricsPath(run.out))();
  if (E.isLeft(metrics)) return metrics;
  const otherness = await othernessOf(run)();
  if (E.isLeft(otherness)) return otherness;
  const others = otherness.right;
  if (metrics.right === null && others.length > 0) return E.right({ kind: "new" });
  if (metrics.right === null) {
    const problem = await failedBefore(run)();
    if (E.isLeft(problem)) return problem;
    return problem.right === null ? await keptState(run)() : E.right({ kind: "failed", problem: problem.right });
  }
  if (others.length > 0) return E.left(otherRun(run, others));
  return pipe(
    parseRunRecord(metricsPath(run.out), metrics.right),
    // Two names may have one folder: a row that was renamed keeps its runs.
    E.map((record): RunState => ({ kind: "finished", record: { ...record, row: run.row, seed: run.seed } })),
  );
};

/** How far all runs are. Errors: those of {@link stateOf}. */
export const statesOf = (runs: readonly PlannedRun[]): TaskEither<Failure, readonly RunState[]> =>
  TE.sequenceSeqArray(runs.map(stateOf));

/** What a run begins with: its loss and backend beside its configuration, and nothing of a run of another one. */
export const prepare = (
  { backend }: Device,
  { out, loss, lossImports, modules }: PlannedRun,
  state: RunState,
): TaskEither<Failure, void> =>
  state.kind === "interrupted" ? TE.right(undefined) : pipe(
    removeFile(unfinishedOf(out)),
    TE.chain(() => removeFile(failurePath(out))),
    TE.chain(() => loss === null ? removeFile(lossCopyPath(out)) : writeText(lossCopyPath(out), loss)),
    TE.chain(() =>
      Object.keys(lossImports).length === 0
        ? removeFile(lossImportsPath(out))
        : writeJson(lossImportsPath(out), lossImports)
    ),
    TE.chain(() =>
      Object.keys(modules).length === 0 ? removeFile(modulesPath(out)) : writeJson(modulesPath(out), modules)
    ),
    TE.chain(() => writeText(backendPath(out), backend)),
  );

/** The backend that a run was made with, so far as it was made. */
const backendsOf = (state: RunState): readonly string[] =>
  state.kind === "finished" ? [state.record.backend.name] : state.kind === "interrupted" ? [state.backend] : [];

/**
 * Refuses to go on with another backend than that of the runs before: its own would have other times and other last bits.
 *
 * Errors: "usage", naming the backend to take.
 */
export const checkBackend = (
  { backend }: Pick<Device, "backend">,
  states: readonly RunState[],
): Either<Failure, void> => {
  const other = states.flatMap(backendsOf).find((name) => name !== backend);
  return other === undefined ? E.right(undefined) : E.left(failure(
    "usage",
    "--backend",
    `${backend}, and runs that were made with ${other}`,
    "one backend for all runs",
    `Run with --backend ${other}, or choose another --out.`,
  ));
};
