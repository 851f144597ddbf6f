import { E, type Either, type TaskEither } from "../lib/dependencies/fp.ts";
import { type Failure, failure } from "../lib/errors.ts";
import { writeBytes } from "../lib/formats/files.ts";
import type { Fault, Report } from "../tests/fuzz/fuzz.ts";
import type { Arguments, Command } from "./arguments.ts";
import { main } from "./main.ts";

const command: Command = {
  name: "fuzz",
  summary:
    "Tries damaged files on every decoder. Ends with status 1 if one throws, takes too long or too much memory, or " +
    "answers with what is no number or no message.",
  flags: [
    { name: "seconds", value: "N", help: "how long each format is tried, 20 by default" },
    { name: "seed", value: "N", help: "what the damage is drawn from; another one each day by default" },
    { name: "format", value: "NAME", help: "only this format", repeated: true },
    { name: "file", value: "N", help: "only this file of a format, to look at a fault again" },
    { name: "out", value: "FOLDER", help: "where files that make a fault are written, runs/fuzz by default" },
  ],
};

const numberOf = (args: Arguments, flag: string, usual: number): Either<Failure, number> => {
  const given = args.flag(flag) ?? String(usual);
  return /^\d{1,9}$/.test(given)
    ? E.right(Number(given))
    : E.left(failure("usage", `--${flag}`, `"${given}"`, "a whole number from 0"));
};

const today = (): number => Math.floor(Date.now() / 86_400_000);

const told = ({ name, tried, decoded, refused, slowest, faults }: Report): string =>
  [name.padEnd(14), `${tried} tried, ${decoded} decoded, ${refused} refused,`, `slowest ${slowest.toFixed(0)} ms,`]
    .concat(`${faults.length} faults`).join(" ");

const writeFault = async (folder: string, seed: number, name: string, fault: Fault): Promise<void> => {
  const path = `${folder}/${name}-${seed}-${fault.index}.bin`;
  const written = await writeBytes(path, fault.bytes)();
  console.log(`  deno task fuzz --format ${name} --seed ${seed} --file ${fault.index}: ${fault.what}`);
  console.log(`  ${E.isLeft(written) ? "(the file could not be written)" : path}`);
};

const run = (args: Arguments): TaskEither<Failure, void> => async () => {
  const [seconds, seed] = [numberOf(args, "seconds", 20), numberOf(args, "seed", today())];
  const only = args.flag("file") === undefined ? E.right(undefined) : numberOf(args, "file", 0);
  if (E.isLeft(seconds)) return seconds;
  if (E.isLeft(seed)) return seed;
  if (E.isLeft(only)) return only;
  const { formats } = await import("../tests/fuzz/formats.ts");
  const { fuzzWatched } = await import("../tests/fuzz/watched.ts");
  const wanted = args.flags("format");
  const strange = wanted.find((name) => !formats.some((format) => format.name === name));
  if (strange !== undefined) {
    return E.left(failure("usage", "--format", `"${strange}"`, `one of ${formats.map(({ name }) => name).join(", ")}`));
  }
  const out = args.flag("out") ?? "runs/fuzz";
  const folder = await Deno.makeTempDir();
  console.log(`seed ${seed.right}`);
  let faults = 0;
  try {
    for (const { name } of formats.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
      const report = await fuzzWatched(name, { seconds: seconds.right, seed: seed.right, only: only.right, folder });
      console.log(told(report));
      for (const fault of report.faults) await writeFault(out, seed.right, name, fault);
      faults += report.faults.length;
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return faults === 0 ? E.right(undefined) : E.left(
    failure("format", "fuzz", `${faults} faults`, "a value or words for any file", `The files are in ${out}.`),
  );
};

await main(command, run);
