import { E, pipe, t, type TaskEither, TE } from "../../dependencies/fp.ts";
import { type Failure, failure } from "../../errors.ts";
import { readText } from "../../formats/files.ts";
import { jsonValue } from "../../formats/json.ts";
import { hashName } from "../../tensor/key.ts";
import type { Configuration, GeneratorName } from "../configuration.ts";
import { openLog, writeJson } from "../files.ts";
import { type Pretrained, type Pretraining, pretrainOrLoad } from "../pretraining.ts";
import { neededGenerators } from "../training.ts";

/** What is known of a generator that several runs use.
 * @category Experiments */
export interface GeneratorRecord {
  /** All that it depends on, as text. */
  readonly made: string;
  /** What its pretraining has come to, a number by its name. */
  readonly report: Readonly<Record<string, number>>;
  /** How long its pretraining took. */
  readonly seconds: number;
}

const codec: t.Type<GeneratorRecord> = t.type({
  made: t.string,
  report: t.record(t.string, t.number),
  seconds: t.number,
});

/** All that a generator depends on but the seed. */
const kindOf = ({ generators, data }: Configuration, generator: GeneratorName): string =>
  JSON.stringify({ generator, configuration: generators[generator], data });

/** All that a generator depends on. */
const madeOf = (configuration: Configuration, generator: GeneratorName): string =>
  `${kindOf(configuration, generator)}, seed ${configuration.seed}`;

/** The folder of a generator: rows that want the same one, with the same seed, have the same folder. */
const folderOf = (out: string, configuration: Configuration, generator: GeneratorName): string => {
  const hash = hashName(kindOf(configuration, generator)).toString(16).padStart(8, "0");
  return `${out}/generators/${generator}-${hash}/seed-${configuration.seed}`;
};

const isGiven = ({ generators }: Configuration, generator: GeneratorName): boolean =>
  generators[generator].checkpoint !== "";

/** A generator that a configuration needs made.
 * @category Experiments */
export interface NeededGenerator {
  /** Which generator. */
  readonly generator: GeneratorName;
  /** The seed of its weights and batches. */
  readonly seed: number;
  /** The folder of its checkpoint and record. */
  readonly folder: string;
  /** The steps of its pretraining. */
  readonly steps: number;
}

/** The generators that a configuration needs made for the ablation. */
export const generatorWork = (out: string, configuration: Configuration): readonly NeededGenerator[] =>
  neededGenerators(configuration).filter((generator) => !isGiven(configuration, generator)).map((generator) => ({
    generator,
    seed: configuration.seed,
    folder: folderOf(out, configuration, generator),
    steps: configuration.generators[generator].steps,
  }));

const recordPath = (folder: string): string => `${folder}/metrics.json`;

/** What lies in the folder of a generator; null if it is not finished. */
export const generatorRecord = (folder: string): TaskEither<never, GeneratorRecord | null> => async () => {
  const text = await readText(recordPath(folder))();
  const record = codec.decode(E.isLeft(text) ? null : jsonValue(text.right));
  return E.right(E.isLeft(record) ? null : record.right);
};

const otherGenerator = (folder: string): Failure =>
  failure(
    "configuration",
    folder,
    "a generator of another configuration",
    "one of this configuration",
    "Choose another --out, or delete the folder.",
  );

/** What JSON can say of a report: a measure that is no number, as where no test sample has it, is left out. */
export const finite = (report: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(report).filter(([, value]) => Number.isFinite(value)));

const make =
  (setting: Pretraining, generator: GeneratorName, folder: string): TaskEither<Failure, Pretrained> => async () => {
    const log = await openLog(folder)();
    if (E.isLeft(log)) return log;
    const started = performance.now();
    const made = madeOf(setting.configuration, generator);
    return await pipe(
      pretrainOrLoad({ ...setting, log: log.right, out: folder }, generator),
      TE.chainFirst(({ report }) =>
        writeJson(recordPath(folder), { made, report: finite(report), seconds: (performance.now() - started) / 1000 })
      ),
    )();
  };

const load = (
  setting: Pretraining,
  generator: GeneratorName,
  folder: string,
  { report }: GeneratorRecord,
): TaskEither<Failure, Pretrained> => {
  const { generators } = setting.configuration;
  const checkpoint = `${folder}/heg-${generator}.safetensors`;
  const given = { ...generators, [generator]: { ...generators[generator], checkpoint } };
  return pipe(
    pretrainOrLoad({ ...setting, configuration: { ...setting.configuration, generators: given } }, generator),
    TE.map((pretrained) => ({ ...pretrained, report })),
  );
};

/** Makes a generator once for all runs that need the same one, and reads it for the others. */
export const sharedGenerator =
  (out: string) => (setting: Pretraining, generator: GeneratorName): TaskEither<Failure, Pretrained> => {
    if (isGiven(setting.configuration, generator)) return pretrainOrLoad(setting, generator);
    const folder = folderOf(out, setting.configuration, generator);
    return pipe(
      generatorRecord(folder),
      TE.chain((record) => {
        if (record === null) return make(setting, generator, folder);
        return record.made === madeOf(setting.configuration, generator)
          ? load(setting, generator, folder, record)
          : TE.left(otherGenerator(folder));
      }),
    );
  };
