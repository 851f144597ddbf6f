import { tf } from "../dependencies/tensorflow.ts";
import type { Tensor } from "./features.ts";

/** Parameters, statistics and optimizer state: tensors at the leaves of plain readonly records.
 * @category Tensors */
export type Tree = Tensor | Branch;

/** A record of trees.
 * @category Tensors */
export type Branch = { readonly [name: string]: Tree };

/** The record without entries: what a layer has that learns nothing.
 * @category Tensors */
export type Empty = Readonly<Record<never, never>>;

/** The size of each dimension of a tensor, slowest first; empty for a single number.
 * @category Tensors */
export type Shape = readonly number[];

/** The form of a tree: its names, with the shapes of its tensors in their place. It is known without a tensor.
 * @category Tensors */
export type Form<T> = T extends Tensor ? Shape : { readonly [name in keyof T]: Form<T[name]> };

/** A leaf with its path, the names from the root joined by "/".
 * @category Tensors */
export interface Leaf {
  /** The names from the root, as in `backbone/stem/conv/kernel`; empty if the tree is a single tensor. */
  readonly path: string;
  /** The tensor itself, not a copy: it stays the tree's. */
  readonly tensor: Tensor;
}

/** A leaf of a form: the path and the shape of a tensor. */
export interface FormLeaf {
  /** The names from the root, as in {@link Leaf}. */
  readonly path: string;
  /** The size of each dimension. */
  readonly shape: Shape;
}

const isTensor = (tree: Tree): tree is Tensor => tree instanceof tf.Tensor;

const join = (path: string, name: string): string => path === "" ? name : `${path}/${name}`;

/** All leaves with their paths, in the order of the records' entries.
 * @category Tensors */
export const leaves = (tree: Tree, path = ""): readonly Leaf[] =>
  isTensor(tree)
    ? [{ path, tensor: tree }]
    : Object.entries(tree).flatMap(([name, branch]) => leaves(branch, join(path, name)));

const rebuild = (
  tree: Tree,
  path: string,
  leafOf: (leaf: Leaf) => Tensor,
): Tree =>
  isTensor(tree) ? leafOf({ path, tensor: tree }) : Object.fromEntries(
    Object.entries(tree).map((
      [name, branch],
    ) => [name, rebuild(branch, join(path, name), leafOf)]),
  );

/** The tree of the same form whose leaves are `change` of the old ones. `change` keeps the rank of a leaf.
 * @category Tensors */
export const mapTree = <T extends Tree>(
  tree: T,
  change: (tensor: Tensor, path: string) => Tensor,
): T => rebuild(tree, "", ({ tensor, path }) => change(tensor, path)) as T;

const leafAt = (byPath: ReadonlyMap<string, Tensor>, path: string): Tensor => {
  const tensor = byPath.get(path);
  if (tensor === undefined) throw new Error(`no leaf "${path}"`);
  return tensor;
};

/**
 * The tree of the same form whose leaves are given by path.
 *
 * @throws Error if a path is missing: a bug of the caller, who checks files and other input before.
 * @category Tensors
 */
export const withLeaves = <T extends Tree>(
  tree: T,
  byPath: ReadonlyMap<string, Tensor>,
): T => mapTree(tree, (_, path) => leafAt(byPath, path));

const zip = (
  first: Tree,
  second: Tree | undefined,
  path: string,
  merge: (first: Tensor, second: Tensor, path: string) => Tensor,
): Tree => {
  if (second === undefined || isTensor(first) !== isTensor(second)) throw new Error(`no leaf "${path}" in both trees`);
  if (isTensor(first)) return isTensor(second) ? merge(first, second, path) : first;
  const others: Branch = isTensor(second) ? {} : second;
  return Object.fromEntries(
    Object.entries(first).map(([name, branch]) => [name, zip(branch, others[name], join(path, name), merge)]),
  );
};

/** Joins two trees of the same form leaf by leaf. @throws Error if the second one has no such leaf: a bug of the caller.
 * @category Tensors */
export const zipTree = <T extends Tree>(
  first: T,
  second: Tree,
  merge: (first: Tensor, second: Tensor, path: string) => Tensor,
): T => zip(first, second, "", merge) as T;

const isShape = (form: Tree | Form<Tree>): form is Shape => Array.isArray(form);

/** All leaves of a form with their paths, in the order of the records' entries. */
export const formLeaves = (form: Form<Tree>, path = ""): readonly FormLeaf[] =>
  isShape(form)
    ? [{ path, shape: form }]
    : Object.entries(form).flatMap(([name, branch]) => formLeaves(branch, join(path, name)));

const formBelow = (tree: Tree): Form<Tree> =>
  isTensor(tree)
    ? tree.shape
    : Object.fromEntries(Object.entries(tree).map(([name, branch]) => [name, formBelow(branch)]));

/** The form of a tree, which may have been disposed. */
export const formOf = <T extends Tree>(tree: T): Form<T> => formBelow(tree) as Form<T>;

const grow = (form: Form<Tree>, path: string, byPath: ReadonlyMap<string, Tensor>): Tree =>
  isShape(form)
    ? leafAt(byPath, path)
    : Object.fromEntries(Object.entries(form).map(([name, branch]) => [name, grow(branch, join(path, name), byPath)]));

/** The tree of a form whose leaves are given by path. @throws Error if a path is missing: a bug of the caller. */
export const treeOf = <T extends Tree>(form: Form<T>, byPath: ReadonlyMap<string, Tensor>): T =>
  grow(form, "", byPath) as T;

/** How many numbers a tree holds, or one of a form.
 * @category Tensors */
export const countParameters = (tree: Tree | Form<Tree>): number => {
  if (tree instanceof tf.Tensor) return tree.size;
  if (isShape(tree)) return tree.reduce((count, side) => count * side, 1);
  return Object.values<Tree | Form<Tree>>(tree).reduce<number>((sum, part) => sum + countParameters(part), 0);
};

/** Frees every tensor of a tree that its owner no longer needs.
 * @category Tensors */
export const disposeTree = (tree: Tree): void => leaves(tree).forEach(({ tensor }) => tensor.dispose());
