import { isJsonObject } from "../formats/json_object.ts";

/**
 * The fields of a JSON value with some of them changed: groups are joined field by field, lists and all else replaced as a
 * whole.
 */
export const mergeFields = (base: unknown, change: unknown): unknown => {
  if (!isJsonObject(base) || !isJsonObject(change)) return change;
  const names = [...new Set([...Object.keys(base), ...Object.keys(change)])];
  return Object.fromEntries(names.map((name) => [
    name,
    Object.hasOwn(change, name) ? mergeFields(base[name], change[name]) : base[name],
  ]));
};
