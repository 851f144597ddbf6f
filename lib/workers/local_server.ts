import type { DataConfiguration } from "../data/fields.ts";
import { augmentationOf, datasetOf, preparationOf } from "../config/data.ts";
import { preparedSplit, remember } from "../data/split.ts";
import { pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import type { SampleServer } from "./job.ts";

/**
 * Opens a data set whose samples are read and prepared where they are asked for. What has been prepared stays in memory
 * until that fills `memory` bytes for each split: small data sets are decoded once.
 *
 * Errors: those of opening the data set.
 */
export const localServer = (data: DataConfiguration, memory: number): TaskEither<Failure, SampleServer> =>
  pipe(
    datasetOf(data),
    TE.map((dataset): SampleServer => {
      const prepare = preparationOf(data);
      const prepared = {
        train: remember(preparedSplit(dataset.train, prepare), memory),
        test: remember(preparedSplit(dataset.test, prepare), memory),
      };
      return {
        read: ({ split, index, size, change }) => {
          const sample = (size === "network" ? prepared : dataset)[split].read(index);
          return change === null ? sample : pipe(
            sample,
            TE.map((read) => augmentationOf(change.augment)(change.key, read)),
          );
        },
        close: () => {},
      };
    }),
  );
