import { E, type Either } from "../../lib/dependencies/fp.ts";
import { t } from "../../lib/dependencies/io.ts";
import { type Failure, failure } from "../../lib/errors.ts";
import { jsonValue } from "../../lib/formats/json_value.ts";

const value = t.union([t.number, t.string, t.null]);

const codec = t.type({
  row: t.string,
  seed: t.number,
  network: t.record(t.string, value),
  parameters: t.number,
  ms_per_step: t.union([t.number, t.null]),
  seconds: t.number,
  generators: t.record(t.string, t.record(t.string, t.number)),
  backend: t.type({ name: t.string, adapter: t.string }),
  input: t.type({ height: t.number, width: t.number }),
  notes: t.array(t.string),
});

/** What a finished run has come to, as its metrics.json holds it. */
export type RunRecord = t.TypeOf<typeof codec>;

/** A record from the text of metrics.json. Errors: "format" if it is damaged or of something else. */
export const recordOf = (path: string, text: string): Either<Failure, RunRecord> =>
  E.mapLeft(() =>
    failure(
      "format",
      path,
      "something else than the metrics of a run of an ablation",
      "what ablate has written",
      "Delete the folder of this run, or choose another --out.",
    )
  )(codec.decode(jsonValue(text)));
