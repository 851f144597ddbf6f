import { E, type Either, pipe } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { fileCodecOf } from "../formats/field_codecs.ts";
import { levelCountOf } from "../embedding/generators.ts";
import { unfitParameter } from "../loss/pixel_losses.ts";
import { type Configuration, configurationFields, type HierarchicalTerm, type PixelTerm } from "./configuration.ts";
import { firstOf } from "./first_error.ts";

/** What is wrong with a term: a field of it, what was found there, and what is expected. */
interface UnfitTerm {
  readonly field: string;
  readonly found: string;
  readonly expected: string;
}

/** Whether a term weights more levels than its generator has. */
const unfitLevels = (
  { generator, weights }: HierarchicalTerm,
  { generators, data: { height, width } }: Configuration,
): UnfitTerm | null => {
  const levels = levelCountOf(generator, generators, height, width);
  if (weights.length <= levels + 1) return null;
  const expected = `at most ${levels + 1}: of the depth itself and of the ${levels} levels of "${generator}"`;
  return { field: "weights", found: `${weights.length} weights`, expected };
};

/** Whether a term has parameters that do not fit each other, or the size of the depth maps. */
const unfitParameters = (term: PixelTerm, { data: { height, width } }: Configuration): UnfitTerm | null => {
  const unfit = unfitParameter(term.kind, term, height, width);
  return unfit === null ? null : { field: unfit.name, found: String(unfit.found), expected: unfit.expected };
};

/** Errors if a term of the loss does not fit its generator, or the size of the depth maps. */
const checkTerms = (where: string, decoded: Configuration): Either<Failure, Configuration> => {
  for (const [index, term] of decoded.loss.entries()) {
    const unfit = term.kind === "hierarchical" ? unfitLevels(term, decoded) : unfitParameters(term, decoded);
    if (unfit === null) continue;
    const { field, found, expected } = unfit;
    return E.left(failure("configuration", `${where}, field loss.${index}.${field}`, found, expected));
  }
  return E.right(decoded);
};

const codec = fileCodecOf(configurationFields);

/**
 * A configuration from the value of a JSON text. Absent fields take their defaults.
 *
 * Errors: "configuration", naming the field, what was found and what is allowed, and how many more errors there are.
 *
 * @param where The file's name, for messages.
 */
export const decodeConfiguration = (where: string, value: unknown): Either<Failure, Configuration> =>
  pipe(
    codec.decode(value),
    E.mapLeft((errors) => firstOf(where, errors)),
    E.chain((decoded) => checkTerms(where, decoded)),
  );
