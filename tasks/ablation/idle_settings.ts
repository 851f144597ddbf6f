import type { Ablation, AblationRow } from "../../lib/config/ablation.ts";
import { isJsonObject } from "../../lib/formats/json_object.ts";
import { E, type Either } from "../../lib/dependencies/fp.ts";
import { type Failure, failure } from "../../lib/errors.ts";

/** Whether fields say themselves what is at a path, so that no base is asked. */
const covers = (value: unknown, [name, ...rest]: readonly string[]): boolean => {
  if (!isJsonObject(value)) return true;
  return name !== undefined && Object.hasOwn(value, name) && covers(value[name], rest);
};

/** The fields that a row, or the ablation in its stead, takes from no base. */
const ownFields = ({ set, lossFile }: AblationRow): Readonly<Record<string, unknown>> => ({
  ...set,
  ...(lossFile !== "" || Object.hasOwn(set, "loss") ? { loss: true, lossFile: true } : {}),
  seed: true,
});

/**
 * Refuses settings of the base that no row would take from it. Errors: "usage", naming the setting.
 *
 * @param settings As given to --set, "field=value".
 */
export const checkSettings = ({ rows }: Ablation, settings: readonly string[]): Either<Failure, void> => {
  const own = [...rows.values()].map(ownFields);
  const idle = settings.find((setting) => {
    const path = (setting.split("=")[0] ?? "").split(".");
    return own.every((fields) => covers(fields, path));
  });
  return idle === undefined ? E.right(undefined) : E.left(failure(
    "usage",
    "--set",
    `"${idle}", which every row sets itself`,
    "a field that at least one row takes from the base",
    "Change it in the ablation's file.",
  ));
};
