import { E, type Either, pipe } from "../dependencies/fp.ts";
import type { t } from "../dependencies/io.ts";
import { type Failure, failure } from "../errors.ts";

/** The first of the errors that a codec found in a file, naming the field, and how many more there are. */
const firstError = (where: string, errors: t.Errors): Failure => {
  const [first, ...others] = errors;
  if (first === undefined) throw new Error(`${where} was refused without an error`);
  const field = first.context.map(({ key }) => key).filter((key) => key !== "").join(".");
  return failure(
    "configuration",
    field === "" ? where : `${where}, field ${field}`,
    JSON.stringify(first.value) ?? "nothing",
    first.message ?? "another value",
    others.length === 0 ? undefined : `There are ${others.length} more such errors.`,
  );
};

/** What a codec makes of a file's value. Errors: "configuration", naming the file and the first field that is wrong. */
export const decodeWith = <A>(codec: t.Type<A>, where: string, value: unknown): Either<Failure, A> =>
  pipe(codec.decode(value), E.mapLeft((errors) => firstError(where, errors)));
