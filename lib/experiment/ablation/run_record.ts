/** What a finished run leaves: its curve and its record. */
import { E, type Either, t } from "../../dependencies/fp.ts";
import { type Failure, failure } from "../../errors.ts";
import { jsonValue } from "../../formats/json.ts";

const line = t.type({ phase: t.string, step: t.number, loss: t.number, ms: t.number });

/** A step of a training. */
export interface CurvePoint {
  readonly step: number;
  readonly loss: number;
  readonly ms: number;
}

const pointOf = (text: string): readonly CurvePoint[] => {
  const value = jsonValue(text);
  return line.is(value) && value.phase === "depth" ? [value] : [];
};

/** The steps of the depth network from the text of a log; lines that were not written whole are left out. */
export const curveOf = (log: string): readonly CurvePoint[] => log.split("\n").flatMap(pointOf);

/** A curve of at most `count` points, each the mean of as many steps in a row. */
export const smoothed = (curve: readonly CurvePoint[], count: number): readonly Pick<CurvePoint, "step" | "loss">[] => {
  const size = Math.max(Math.ceil(curve.length / count), 1);
  return Array.from({ length: Math.ceil(curve.length / size) }, (_, at) => {
    const steps = curve.slice(at * size, (at + 1) * size);
    const mean = (of: (point: CurvePoint) => number): number =>
      steps.reduce((sum, point) => sum + of(point), 0) / steps.length;
    return { step: mean(({ step }) => step), loss: mean(({ loss }) => loss) };
  });
};

/** What a finished run has come to, as its metrics.json holds it.
 * @category Experiments */
export interface RunRecord {
  /** The row of the ablation. */
  readonly row: string;
  /** The seed of its weights and batches. */
  readonly seed: number;
  /** The metrics of the network, as `evaluate --json` names them. */
  readonly network: Readonly<Record<string, number | string | null>>;
  /** How many numbers are learned. */
  readonly parameters: number;
  /** The median time of a training step; null where none was timed. */
  readonly ms_per_step: number | null;
  /** How long the run took. */
  readonly seconds: number;
  /** What the pretraining of each generator has come to. */
  readonly generators: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The backend that it ran on. */
  readonly backend: { readonly name: string; readonly adapter: string };
  /** Rows and columns of the network's input. */
  readonly input: { readonly height: number; readonly width: number };
  /** What was said on the way. */
  readonly notes: readonly string[];
}

const value = t.union([t.number, t.string, t.null]);

const codec: t.Type<RunRecord> = t.type({
  row: t.string,
  seed: t.number,
  network: t.record(t.string, value),
  parameters: t.number,
  ms_per_step: t.union([t.number, t.null]),
  seconds: t.number,
  generators: t.record(t.string, t.record(t.string, t.number)),
  backend: t.type({ name: t.string, adapter: t.string }),
  input: t.type({ height: t.number, width: t.number }),
  notes: t.readonlyArray(t.string),
});

/** A record from the text of metrics.json. Errors: "format" if it is damaged or of something else. */
export const parseRunRecord = (path: string, text: string): Either<Failure, RunRecord> =>
  E.mapLeft(() =>
    failure(
      "format",
      path,
      "something else than the metrics of a run of an ablation",
      "what ablate has written",
      "Delete the folder of this run, or choose another --out.",
    )
  )(codec.decode(jsonValue(text)));
