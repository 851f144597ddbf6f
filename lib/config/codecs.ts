/** io-ts codecs for configuration files: unknown fields are errors, absent ones take their default. */
import { E } from "../dependencies/fp.ts";
import { t } from "../dependencies/io.ts";
import { isJsonObject } from "../formats/json_object.ts";

const fail = <A>(value: unknown, context: t.Context, message: string): t.Validation<A> =>
  t.failure(value, context, message);

/** A codec from a test; `name` says what is expected, for people. */
const of = <A>(name: string, is: (value: unknown) => value is A): t.Type<A> =>
  new t.Type<A>(
    name,
    is,
    (value, context) => is(value) ? t.success(value) : fail(value, context, name),
    (value) => value,
  );

/** A finite number in a closed range. */
export const numberIn = (least: number, most: number): t.Type<number> =>
  of(
    most === Infinity ? `a number, at least ${least}` : `a number from ${least} to ${most}`,
    (value): value is number => typeof value === "number" && Number.isFinite(value) && value >= least && value <= most,
  );

/** An integer in a closed range. */
export const integerIn = (least: number, most: number): t.Type<number> =>
  of(
    `an integer from ${least} to ${most}`,
    (value): value is number => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
  );

/** true or false. */
export const flag: t.Type<boolean> = of("true or false", (value) => typeof value === "boolean");

/** Any text. */
export const text: t.Type<string> = of("a text in quotes", (value) => typeof value === "string");

/** One of a few texts or numbers. */
export const oneOf = <A extends string | number>(allowed: readonly A[]): t.Type<A> =>
  of(
    `one of ${allowed.map((value) => JSON.stringify(value)).join(", ")}`,
    (value): value is A => allowed.some((each) => each === value),
  );

/** A list of what another codec takes. */
export const listOf = <A>(item: t.Type<A>, least = 0): t.Type<readonly A[]> =>
  new t.Type<readonly A[]>(
    `a list of ${item.name}`,
    (value): value is readonly A[] => Array.isArray(value) && value.every(item.is),
    (value, context) => {
      if (!Array.isArray(value) || value.length < least) {
        return fail(value, context, least === 0 ? "a list in brackets" : `a list in brackets of at least ${least}`);
      }
      return collect(value.map((each, index) => item.validate(each, t.appendContext(context, String(index), item))));
    },
    (value) => value,
  );

const collect = <A>(results: readonly t.Validation<A>[]): t.Validation<A[]> => {
  const errors = results.flatMap((result) => E.isLeft(result) ? result.left : []);
  return errors.length > 0 ? t.failures(errors) : t.success(results.flatMap((r) => E.isRight(r) ? [r.right] : []));
};

/** A codec that takes a default where the field is absent. */
export const withDefault = <A>(codec: t.Type<A>, value: unknown): t.Type<A> =>
  new t.Type<A>(
    codec.name,
    codec.is,
    (given, context) => codec.validate(given === undefined ? value : given, context),
    codec.encode,
  );

/** A codec for each field of a record. */
export type Fields<A> = { readonly [K in keyof A]: t.Type<A[K]> };

/** A record with just these fields. */
export const record = <A extends object>(fields: Fields<A>): t.Type<A> => {
  const names = Object.keys(fields);
  const codecs = new Map<string, t.Type<unknown>>(Object.entries(fields));
  return new t.Type<A>(
    "a group of fields in braces",
    (value): value is A => isJsonObject(value) && names.every((name) => codecs.get(name)?.is(value[name])),
    (value, context) => {
      if (!isJsonObject(value)) return fail(value, context, "a group of fields in braces");
      const unknown = Object.keys(value).find((name) => !codecs.has(name));
      if (unknown !== undefined) {
        const at = t.appendContext(context, unknown, t.unknown);
        return fail(value[unknown], at, `no such field; allowed are ${names.join(", ")}`);
      }
      const fieldsOf = [...codecs].map(([name, codec]) =>
        E.map((decoded: unknown) => [name, decoded] as const)(
          codec.validate(value[name], t.appendContext(context, name, codec)),
        )
      );
      return E.map((entries: (readonly [string, unknown])[]) => Object.fromEntries(entries) as A)(collect(fieldsOf));
    },
    (value) => value,
  );
};

/** A record with fields of any names, at least one of them, in their order. */
export const namedBy = <A>(item: t.Type<A>): t.Type<ReadonlyMap<string, A>> =>
  new t.Type<ReadonlyMap<string, A>>(
    `a group of named fields, each ${item.name}`,
    (value): value is ReadonlyMap<string, A> => value instanceof Map,
    (value, context) => {
      if (!isJsonObject(value) || Object.keys(value).length === 0) {
        return fail(value, context, "a group in braces of at least one named field");
      }
      const entries = Object.entries(value).map(([name, each]) =>
        E.map((decoded: A) => [name, decoded] as const)(item.validate(each, t.appendContext(context, name, item)))
      );
      return E.map((decoded: readonly (readonly [string, A])[]) => new Map(decoded))(collect(entries));
    },
    (value) => value,
  );

/** A group of fields of any names and values, as another codec will decode it. */
export const anyFields: t.Type<Readonly<Record<string, unknown>>> = of("a group of fields in braces", isJsonObject);

/** Records that are told apart by their field `kind`. */
export const byKind = <A extends { readonly kind: string }>(
  kinds: { readonly [K in A["kind"]]: t.Type<Extract<A, { readonly kind: K }>> },
): t.Type<A> => {
  const codecs = new Map<string, t.Type<A>>(Object.entries(kinds));
  const names = oneOf([...codecs.keys()]);
  const codecOf = (kind: unknown): t.Type<A> | undefined => typeof kind === "string" ? codecs.get(kind) : undefined;
  return new t.Type<A>(
    "a group of fields in braces with a kind",
    (value): value is A => isJsonObject(value) && (codecOf(value.kind)?.is(value) ?? false),
    (value, context) => {
      if (!isJsonObject(value)) return fail(value, context, "a group of fields in braces with a kind");
      const codec = codecOf(value.kind);
      return codec === undefined
        ? fail(value.kind, t.appendContext(context, "kind", names), names.name)
        : codec.validate(value, context);
    },
    (value) => value,
  );
};
