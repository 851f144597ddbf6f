const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The fields of a JSON value with some of them changed: groups are joined field by field, lists and all else replaced as a
 * whole.
 */
export const mergeFields = (base: unknown, change: unknown): unknown => {
  if (!isRecord(base) || !isRecord(change)) return change;
  const names = [...new Set([...Object.keys(base), ...Object.keys(change)])];
  return Object.fromEntries(names.map((name) => [
    name,
    Object.hasOwn(change, name) ? mergeFields(base[name], change[name]) : base[name],
  ]));
};
