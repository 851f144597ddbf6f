import type { DataConfiguration } from "../data/fields.ts";
import { type OpenData, openData, usualWorkers } from "../data/open_data.ts";
import { describeSkipped } from "../data/unreadable.ts";
import { E, type TaskEither } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";

/** How data are read. */
export interface ReadingOptions {
  /** Workers that read: by default one less than there are processors, at most 8; 0 reads in this thread. */
  readonly workers?: number;
  /** Told of samples that could not be read and were skipped. */
  readonly listener: { readonly message: (line: string) => void };
}

/** Opens a data set, and ends its workers when `use` is done with it, however that ends. Errors: those of both. */
export const withData = <A>(
  configuration: DataConfiguration,
  { workers = usualWorkers(), listener }: ReadingOptions,
  use: (data: OpenData) => TaskEither<Failure, A>,
): TaskEither<Failure, A> =>
async () => {
  const opened = await openData(configuration, { workers })();
  if (E.isLeft(opened)) return opened;
  try {
    return await use(opened.right)();
  } finally {
    opened.right.close();
    const skipped = opened.right.skipped();
    if (skipped.length > 0) listener.message(describeSkipped(skipped));
  }
};
