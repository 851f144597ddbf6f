/**
 * A configuration is told once, as plain data: each field with its range, its default and its description. The types below,
 * the codec ({@link codecOf}) and the JSON schema are derived from it. Such data are written `as const`, so that the compiler
 * knows the names and the choices.
 */

/** What every field says of itself.
 * @category Configuration */
export interface Described {
  /** For people, as a sentence or two: what the field does, its unit, and what its default means. */
  readonly description: string;
}

/** A finite number or an integer in a closed range.
 * @category Configuration */
export interface NumberField extends Described {
  /** Which of both. */
  readonly type: "number" | "integer";
  /** The smallest value that is allowed. */
  readonly least: number;
  /** The largest value that is allowed. */
  readonly most: number;
  /** What an absent field is; without it, the field is needed. */
  readonly default?: number;
}

/** true or false.
 * @category Configuration */
export interface BooleanField extends Described {
  /** Tells it from other fields. */
  readonly type: "boolean";
  /** What an absent field is; without it, the field is needed. */
  readonly default?: boolean;
}

/** Any text.
 * @category Configuration */
export interface TextField extends Described {
  /** Tells it from other fields. */
  readonly type: "text";
  /** What an absent field is; without it, the field is needed. */
  readonly default?: string;
}

/** One of a few texts or numbers.
 * @category Configuration */
export interface ChoiceField extends Described {
  /** Tells it from other fields. */
  readonly type: "choice";
  /** What is allowed. */
  readonly of: readonly (string | number)[];
  /** What an absent field is; without it, the field is needed. */
  readonly default?: string | number;
}

/** A list of values of one kind.
 * @category Configuration */
export interface ListField extends Described {
  /** Tells it from other fields. */
  readonly type: "list";
  /** What each of the values is. */
  readonly item: Field;
  /** How many values there are at least; 0 if absent. */
  readonly least?: number;
  /** What an absent field is, not decoded yet; without it, the field is needed. */
  readonly default?: readonly unknown[];
}

/** A group of fields in braces; no others are allowed in it.
 * @category Configuration */
export interface GroupField extends Described {
  /** Tells it from other fields. */
  readonly type: "group";
  /** The fields by name. */
  readonly fields: Fields;
  /** What an absent group is, not decoded yet: `{}` takes every default. Without it, the group is needed. */
  readonly default?: { readonly [name: string]: unknown };
}

/** One of several groups of fields, told apart by their field `kind`.
 * @category Configuration */
export interface VariantField extends Described {
  /** Tells it from other fields. */
  readonly type: "variant";
  /** The fields of each kind, but for the field `kind` itself. */
  readonly kinds: { readonly [kind: string]: Fields };
  /** What an absent group is, not decoded yet; without it, the group is needed. */
  readonly default?: { readonly [name: string]: unknown };
}

/** A group of fields whose names the file chooses, at least one of them, in their order.
 * @category Configuration */
export interface NamedField extends Described {
  /** Tells it from other fields. */
  readonly type: "named";
  /** What each of the values is. */
  readonly item: Field;
}

/** A group of fields of any names and values, as something else will decode it.
 * @category Configuration */
export interface OpenField extends Described {
  /** Tells it from other fields. */
  readonly type: "open";
  /** The fields that it will be decoded by then, none of them needed here: for JSON schemas; codecs leave it to then. */
  readonly fields?: Fields;
  /** What an absent group is; without it, the group is needed. */
  readonly default?: { readonly [name: string]: unknown };
}

/** A value that two kinds of fields take, such as a file's name or its content.
 * @category Configuration */
export interface EitherField extends Described {
  /** Tells it from other fields. */
  readonly type: "either";
  /** The fields that are tried in their order. */
  readonly of: readonly [Field, Field];
  /** What is expected, in words, for messages. */
  readonly expected: string;
}

/** Anything that a field of a configuration can be.
 * @category Configuration */
export type Field =
  | NumberField
  | BooleanField
  | TextField
  | ChoiceField
  | ListField
  | GroupField
  | VariantField
  | NamedField
  | OpenField
  | EitherField;

/** The fields of a group by name.
 * @category Configuration */
export type Fields = { readonly [name: string]: Field };

/** The type of a decoded field.
 * @category Configuration */
export type ValueOf<F> = F extends { readonly type: "number" | "integer" } ? number
  : F extends { readonly type: "boolean" } ? boolean
  : F extends { readonly type: "text" } ? string
  : F extends { readonly type: "choice"; readonly of: readonly (infer A)[] } ? A
  : F extends { readonly type: "list"; readonly item: infer I } ? readonly ValueOf<I>[]
  : F extends { readonly type: "group"; readonly fields: infer G } ? ValuesOf<G>
  : F extends { readonly type: "variant"; readonly kinds: infer K } ? VariantOf<K>
  : F extends { readonly type: "named"; readonly item: infer I } ? ReadonlyMap<string, ValueOf<I>>
  : F extends { readonly type: "open" } ? { readonly [name: string]: unknown }
  : F extends { readonly type: "either"; readonly of: readonly [infer A, infer B] } ? ValueOf<A> | ValueOf<B>
  : never;

/** The type of a decoded group.
 * @category Configuration */
export type ValuesOf<G> = { readonly [K in keyof G]: ValueOf<G[K]> };

/** The type of a decoded variant: one of its groups, with its kind.
 * @category Configuration */
export type VariantOf<K> = { readonly [Kind in keyof K]: { readonly kind: Kind } & ValuesOf<K[Kind]> }[keyof K];
