/** A JSON value of named fields. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a JSON value has named fields. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
