import type { Dataset } from "../lib/data/dataset.ts";
import { kindOf } from "../lib/data/folders.ts";
import { type Manifest, manifestFile } from "../lib/data/shards/manifest.ts";
import { checkApart, packDataset } from "../lib/data/shards/pack.ts";
import { pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { type Failure, failure } from "../lib/errors.ts";
import { type Progress, withProgress } from "../lib/train/listener.ts";
import type { Arguments, Command } from "./arguments.ts";
import { withData } from "./context.ts";
import { dataFlags, dataOf } from "./data_arguments.ts";
import { main } from "./main.ts";

const command: Command = {
  name: "pack",
  summary: "Packs a data set into tar shards (WebDataset), which are read from a disk or over http; nothing is lost.",
  operands: "DATA",
  operandsArePaths: true,
  flags: [
    ...dataFlags,
    { name: "out", value: "DIR", path: "whole", help: "the folder of the shards; needed" },
    { name: "per-shard", value: "N", help: "samples in a shard, 500 by default" },
    { name: "network-size", help: "packs samples as the network takes them: cropped and resized" },
  ],
};

const folderOf = (args: Arguments): TaskEither<Failure, string> => {
  const out = args.flag("out");
  if (out === undefined) return TE.left(failure("usage", "--out", "nothing", "the folder of the shards"));
  return pipe(
    kindOf(`${out}/${manifestFile}`),
    TE.filterOrElse(
      (kind) => kind === null,
      () => failure("file", out, "a folder of shards", "a new folder", "Remove it, or choose another one."),
    ),
    TE.map(() => out),
  );
};

const perShardOf = (args: Arguments): TaskEither<Failure, number> => {
  const given = args.flag("per-shard") ?? "500";
  return /^[1-9]\d{0,6}$/.test(given)
    ? TE.right(Number(given))
    : TE.left(failure("usage", "--per-shard", `"${given}"`, "how many samples a shard has, from 1 on"));
};

const packShown =
  (dataset: Dataset, folder: string, perShard: number, progress: Progress): TaskEither<Failure, Manifest> => () =>
    withProgress(progress, (update) => {
      let done = 0;
      const onSample = (name: string): void => update(++done, name);
      return packDataset(dataset, { folder, perShard, onSample })();
    });

const pack = (args: Arguments, folder: string, perShard: number): TaskEither<Failure, void> =>
  pipe(
    dataOf(args),
    TE.chainFirst((data) =>
      data.kind !== "scenes" && data.folder !== "" ? checkApart(data.folder, folder) : TE.right(undefined)
    ),
    TE.chain((data) =>
      withData(args, data, ({ original, resized }) => {
        const dataset = args.switched("network-size") ? resized : original;
        const total = dataset.train.size + dataset.test.size;
        return pipe(
          packShown(dataset, folder, perShard, args.listener.progress("packing", total)),
          TE.map(({ shards }) => {
            const bytes = shards.reduce((sum, shard) => sum + shard.bytes, 0);
            console.log(`${total} samples in ${shards.length} shards, ${(bytes / 1e6).toFixed(1)} MB: ${folder}`);
          }),
        );
      })
    ),
  );

const run = (args: Arguments): TaskEither<Failure, void> =>
  pipe(
    folderOf(args),
    TE.chain((folder) => pipe(perShardOf(args), TE.chain((perShard) => pack(args, folder, perShard)))),
  );

await main(command, run);
