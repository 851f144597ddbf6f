import type { t } from "../dependencies/io.ts";
import { type Failure, failure } from "../errors.ts";

const shown = (value: unknown): string => JSON.stringify(value) ?? "nothing";

/** The first of the errors that a codec found in a file, naming the field, and how many more there are. */
export const firstOf = (where: string, errors: t.Errors): Failure => {
  const [first] = errors;
  const field = first === undefined ? "" : first.context.map(({ key }) => key).filter((key) => key !== "").join(".");
  const more = errors.length > 1 ? `There are ${errors.length - 1} more such errors.` : undefined;
  return failure(
    "configuration",
    field === "" ? where : `${where}, field ${field}`,
    shown(first?.value),
    first?.message ?? "another value",
    more,
  );
};
