import fc from "fast-check";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import {
  type Branch,
  countParameters,
  disposeTree,
  formLeaves,
  formOf,
  leaves,
  mapTree,
  type Tree,
  treeOf as treeOfForm,
  withLeaves,
  zipTree,
} from "../../lib/tensor/tree.ts";
import { assert, assertEquals, assertThrows } from "../std.ts";
import { onWasm, valuesOf } from "../support.ts";

/** A tree's form: a leaf's number of elements, or a record of forms. */
type Form = number | { readonly [name: string]: Form };

const { form } = fc.letrec<{ form: Form; branch: { readonly [name: string]: Form } }>((tie) => ({
  branch: fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9]{0,3}$/), tie("form"), { maxKeys: 4 }),
  form: fc.oneof({ maxDepth: 3 }, fc.integer({ min: 1, max: 4 }), tie("branch")),
}));

const treeOf = (form: Form): Tree =>
  typeof form === "number"
    ? tf.fill([form], form)
    : Object.fromEntries(Object.entries(form).map(([name, part]) => [name, treeOf(part)]));

/** The paths and sizes that a form says there are. */
const listOf = (form: Form, names: readonly string[] = []): readonly (readonly [string, number])[] =>
  typeof form === "number"
    ? [[names.join("/"), form]]
    : Object.entries(form).flatMap(([name, part]) => listOf(part, [...names, name]));

const onTrees = (law: (tree: Tree, form: Form) => void): void =>
  fc.assert(fc.property(form, (form) => {
    const tree = treeOf(form);
    law(tree, form);
    disposeTree(tree);
  }));

const example = (): Branch => ({ conv: { kernel: tf.zeros([2, 3]), bias: tf.ones([3]) }, scale: tf.scalar(4) });

onWasm("leaves are all tensors with their paths, in the order of the entries", () => {
  onTrees((tree, form) =>
    assertEquals(leaves(tree).map(({ path, tensor }) => [path, tensor.size] as const), listOf(form))
  );
});

onWasm("a root goes before every path", () => {
  const tree = example();
  assertEquals(leaves(tree, "params").map(({ path }) => path), [
    "params/conv/kernel",
    "params/conv/bias",
    "params/scale",
  ]);
  disposeTree(tree);
});

onWasm("mapping by the identity gives back the same tensors in the same form", () => {
  onTrees((tree) => assertEquals(leaves(mapTree(tree, (tensor) => tensor)), leaves(tree)));
});

onWasm("mapping twice is mapping once by both", async () => {
  const mapped = (change: (tree: Tree) => Tree): Promise<Float32Array> =>
    valuesOf(() => tf.concat(leaves(change(example())).map(({ tensor }) => tensor.flatten())));
  const twice = await mapped((tree) => mapTree(mapTree(tree, (x) => tf.add(x, 1)), (x) => tf.mul(x, 3)));
  assertEquals(twice, await mapped((tree) => mapTree(tree, (x) => tf.mul(tf.add(x, 1), 3))));
  assertEquals(twice, Float32Array.from([...Array(6).fill(3), ...Array(3).fill(6), 15]));
});

onWasm("mapping tells every leaf's path", () => {
  onTrees((tree, form) => {
    const told: string[] = [];
    mapTree(tree, (tensor, path) => {
      told.push(path);
      return tensor;
    });
    assertEquals(told, listOf(form).map(([path]) => path));
  });
});

onWasm("zipping joins the leaves of one path, in whatever order the second tree has them", async () => {
  const difference = await valuesOf(() => {
    const second = { scale: tf.scalar(1), conv: { bias: tf.fill([3], 5), kernel: tf.fill([2, 3], 7) } };
    const joined = zipTree(example(), second, (a, b) => tf.sub(a, b));
    return tf.concat(leaves(joined).map(({ tensor }) => tensor.flatten()));
  });
  assertEquals(difference, Float32Array.from([...Array(6).fill(-7), ...Array(3).fill(-4), 3]));
});

onWasm("zipping a tree with itself and taking the first or the second is the identity", () => {
  onTrees((tree) => {
    assertEquals(leaves(zipTree(tree, tree, (first) => first)), leaves(tree));
    assertEquals(leaves(zipTree(tree, tree, (_, second) => second)), leaves(tree));
  });
});

onWasm("a tree rebuilt from its own leaves is the tree", () => {
  onTrees((tree) => {
    const byPath = new Map(leaves(tree).map(({ path, tensor }) => [path, tensor]));
    assertEquals(leaves(withLeaves(tree, byPath)), leaves(tree));
  });
});

onWasm("a leaf that is missing is a bug that names its path", () => {
  const tree = example();
  const errors = [
    assertThrows(() => withLeaves(tree, new Map())),
    assertThrows(() => zipTree(tree, { conv: {} }, (first) => first)),
  ];
  errors.forEach((error) => assert(error instanceof Error && error.message.includes("conv/kernel")));
  disposeTree(tree);
});

onWasm("parameters are counted over all leaves, of a tree or of a form", () => {
  onTrees((tree, form) => {
    const count = listOf(form).reduce((sum, [, size]) => sum + size, 0);
    assertEquals([countParameters(tree), countParameters(formOf(tree))], [count, count]);
  });
  assertEquals(countParameters({ kernel: [3, 3, 2, 4], step: [] }), 73);
});

onWasm("a tree's form has the paths and shapes of its leaves, in their order, and outlives them", () => {
  onTrees((tree, form) => {
    const known = formOf(tree);
    disposeTree(tree);
    assertEquals(formLeaves(known), listOf(form).map(([path, size]) => ({ path, shape: [size] })));
  });
  const tree = example();
  assertEquals(formOf(tree), { conv: { kernel: [2, 3], bias: [3] }, scale: [] });
  assertEquals(formLeaves(formOf(tree), "params").map(({ path }) => path)[0], "params/conv/kernel");
  disposeTree(tree);
});

onWasm("a tree made of its form and its own leaves is the tree, and a missing leaf is named", () => {
  onTrees((tree) => {
    const byPath = new Map(leaves(tree).map(({ path, tensor }) => [path, tensor]));
    assertEquals(leaves(treeOfForm(formOf(tree), byPath)), leaves(tree));
  });
  const error = assertThrows(() => treeOfForm<Branch>({ conv: { kernel: [2] } }, new Map()));
  assert(error instanceof Error && error.message.includes("conv/kernel"));
});

onWasm("disposing a tree frees all of its leaves", () => {
  const tree = example();
  disposeTree(tree);
  leaves(tree).forEach(({ tensor }) => assert(tensor.isDisposed));
});
