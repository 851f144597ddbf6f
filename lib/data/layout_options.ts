/** What holds between the options of data and the layout that was found. */
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { kindOf } from "./folders.ts";
import { type DataLayout, layoutFields, type LayoutOptions } from "./layout.ts";
import { dataLayouts, type Layout } from "./layouts.ts";
import { rootsOf } from "./lists.ts";

type Field = keyof typeof layoutFields;

const fields: readonly Field[] = Object.keys(layoutFields).filter((name): name is Field => name in layoutFields);

const records: readonly DataLayout<Layout>[] = dataLayouts;

const unused = (field: Field, value: unknown, layout: DataLayout<Layout>, folder: string): Failure => {
  const users = records.filter(({ uses }) => uses.includes(field)).map(({ name }) => name);
  return failure(
    "configuration",
    `field data.${field}`,
    `${JSON.stringify(value).slice(0, 100)} for ${folder}, which has the layout ${layout.name}`,
    `a field that this layout uses (${layout.uses.map((name) => `data.${name}`).join(", ") || "it uses none"})`,
    `Only ${users.join(", ")} ${users.length === 1 ? "uses" : "use"} it: leave it out, or set it to its default, ` +
      `${JSON.stringify(layoutFields[field].default)}.`,
  );
};

/** The options, if each that is not at its default is one that the layout uses. Errors: "configuration", naming the field. */
const checkedUses = (
  layout: DataLayout<Layout>,
  options: LayoutOptions,
  folder: string,
): Either<Failure, void> => {
  const strange = fields.find((field) =>
    !layout.uses.includes(field) && options[field] !== undefined && options[field] !== layoutFields[field].default
  );
  return strange === undefined ? E.right(undefined) : E.left(unused(strange, options[strange], layout, folder));
};

const existingRoot = (field: Field, root: string | undefined): TaskEither<Failure, void> =>
  root === undefined ? TE.right(undefined) : pipe(
    kindOf(root),
    TE.chainEitherK((kind): Either<Failure, void> =>
      kind === "folder" ? E.right(undefined) : E.left(
        failure(
          "missing",
          `field data.${field}`,
          `${root}, ${kind === null ? "where nothing is" : "a file"}`,
          "the folder at which the paths of the list begin, absolute or in the folder of the data",
        ),
      )
    ),
  );

/**
 * Checks, before anything is opened, what was set for data in a layout: that the layout uses it, and that the roots of paths
 * are there. A field at its default is never refused.
 *
 * Errors: "configuration" and "missing", naming the field.
 */
export const checkedFields = (
  layout: DataLayout<Layout>,
  options: LayoutOptions,
  folder: string,
): TaskEither<Failure, void> =>
  pipe(
    TE.fromEither(checkedUses(layout, options, folder)),
    TE.chain(() => {
      const { imageRoot, depthRoot } = rootsOf(options, folder);
      return pipe(existingRoot("imageRoot", imageRoot), TE.chain(() => existingRoot("depthRoot", depthRoot)));
    }),
  );
