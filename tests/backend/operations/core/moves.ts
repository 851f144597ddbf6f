/** TensorFlow.js's functions that put each number at another place, or at several, or leave it out. */
import { tf } from "../../../../lib/dependencies/tensorflow.ts";
import { joinNumbers } from "../numbers.ts";
import { curved, linear, type Operation, operation } from "../operation.ts";
import { type Covered, covered } from "./covered.ts";
import { fillPlaces, type Place, valueAt } from "./places.ts";

type One = (x: tf.Tensor) => tf.Tensor;

/** What each place of the result reads, or nothing, which is 0. */
const moved = (
  name: string,
  from: Place,
  tensors: One,
  to: Place,
  source: (place: readonly [number, number, number, number]) => Place | undefined,
  repeats = 1,
): Operation =>
  operation(
    name,
    [linear(from, repeats)],
    tensors,
    (x) =>
      fillPlaces(to, ([a = 0, b = 0, c = 0, d = 0]) => {
        const place = source([a, b, c, d]);
        return place === undefined ? 0 : valueAt(x, place);
      }),
  );

const inside = (size: number, index: number): boolean => index >= 0 && index < size;

/** Where a border reads: its own edge is left out, or not, by `skipped`. */
const mirrored = (index: number, size: number, skipped: 0 | 1): number =>
  index < 0 ? skipped - 1 - index : index >= size ? 2 * size - 1 - skipped - index : index;

const four = (x: tf.Tensor): tf.Tensor4D => x as tf.Tensor4D;

const blocks: readonly Covered[] = [
  covered("batchToSpaceND", [
    moved("[12,2,3,2], cut off", [12, 2, 3, 2], (x) => tf.batchToSpaceND(x, [2, 3], [[1, 0], [0, 2]]), [2, 3, 7, 2], (
      [n, i, j, c],
    ) => [n + 2 * ((i + 1) % 2 * 3 + j % 3), Math.floor((i + 1) / 2), Math.floor(j / 3), c]),
  ]),
  covered("spaceToBatchND", [
    moved("[2,3,5,2], padded", [2, 3, 5, 2], (x) => tf.spaceToBatchND(x, [2, 3], [[1, 0], [0, 1]]), [12, 2, 2, 2], (
      [m, i, j, c],
    ) => {
      const [block, n] = [Math.floor(m / 2), m % 2];
      const [row, column] = [2 * i + Math.floor(block / 3) - 1, 3 * j + block % 3];
      return inside(3, row) && inside(5, column) ? [n, row, column, c] : undefined;
    }),
  ]),
  covered("depthToSpace", [
    moved("[2,3,1,8]", [2, 3, 1, 8], (x) => tf.depthToSpace(four(x), 2), [2, 6, 2, 2], ([n, i, j, c]) => [
      n,
      Math.floor(i / 2),
      Math.floor(j / 2),
      (i % 2 * 2 + j % 2) * 2 + c,
    ]),
    moved("[1,2,3,9]", [1, 2, 3, 9], (x) => tf.depthToSpace(four(x), 3), [1, 6, 9, 1], ([n, i, j]) => [
      n,
      Math.floor(i / 3),
      Math.floor(j / 3),
      i % 3 * 3 + j % 3,
    ]),
  ], "TensorFlow.js has no gradient"),
];

const borders: readonly Covered[] = [
  covered("mirrorPad", [
    moved("[4,3], reflected", [4, 3], (x) => tf.mirrorPad(x, [[2, 3], [0, 1]], "reflect"), [9, 4], ([i, j]) => [
      mirrored(i - 2, 4, 1),
      mirrored(j, 3, 1),
    ], 4),
    moved("[2,4,3], symmetric", [2, 4, 3], (x) => tf.mirrorPad(x, [[0, 0], [1, 2], [3, 0]], "symmetric"), [2, 7, 6], (
      [n, i, j],
    ) => [n, mirrored(i - 1, 4, 0), mirrored(j - 3, 3, 0)], 4),
  ], "TensorFlow.js's gradient leaves the borders out"),
  covered("pad", [
    operation(
      "[4,3] around by 0.5",
      [curved([4, 3])],
      (x) => tf.pad(x, [[2, 0], [1, 3]], 0.5),
      (x) =>
        fillPlaces([6, 7], ([i = 0, j = 0]) => inside(4, i - 2) && inside(3, j - 1) ? valueAt(x, [i - 2, j - 1]) : 0.5),
    ),
    moved("[2,3,1,2]", [2, 3, 1, 2], (x) => tf.pad(x, [[0, 0], [1, 0], [2, 1], [0, 0]]), [2, 4, 4, 2], (
      [n, i, j, c],
    ) => i >= 1 && j === 2 ? [n, i - 1, 0, c] : undefined),
  ]),
];

const parts: readonly Covered[] = [
  covered("slice", [
    moved("[4,3,5]", [4, 3, 5], (x) => tf.slice(x, [1, 0, 2], [2, -1, 1]), [2, 3, 1], ([i, j]) => [i + 1, j, 2]),
    moved("[7] to none", [7], (x) => tf.slice(x, [3], [0]), [0], () => undefined),
  ]),
  covered("stridedSlice", [
    moved("[7,5] by 2 and 3", [7, 5], (x) => tf.stridedSlice(x, [1, 0], [7, 5], [2, 3]), [3, 2], ([i, j]) => [
      1 + 2 * i,
      3 * j,
    ]),
    moved("[7,5] backwards", [7, 5], (x) => tf.stridedSlice(x, [-1, 4], [-7, 0], [-2, -1]), [3, 4], ([i, j]) => [
      6 - 2 * i,
      4 - j,
    ]),
    moved(
      "[4,3,5] with masks",
      [4, 3, 5],
      (x) => tf.stridedSlice(x, [1, 0, 0], [4, 2, 5], [1, 1, 2], 2, 4, 0, 0, 1),
      [2, 3],
      ([j, k]) => [1, j, 2 * k],
    ),
  ], "TensorFlow.js has no gradient"),
  covered("split", [
    operation(
      "[2,6,3] in sizes 1, 3 and 2",
      [linear([2, 6, 3])],
      (x) => tf.concat([...tf.split(x, [1, 3, 2], 1)].reverse(), 1),
      (x) => fillPlaces([2, 6, 3], ([n = 0, i = 0, c = 0]) => valueAt(x, [n, i < 2 ? 4 + i : i < 5 ? i - 1 : 0, c])),
    ),
  ]),
  covered("unstack", [
    operation(
      "[2,3,2] along 1",
      [curved([2, 3, 2])],
      (x) => {
        const [first = x, , last = x] = tf.unstack(x, 1);
        return tf.mul(first, last);
      },
      (x) => fillPlaces([2, 2], ([n = 0, c = 0]) => valueAt(x, [n, 0, c]) * valueAt(x, [n, 2, c])),
    ),
  ]),
];

const joins: readonly Covered[] = [
  covered("concat", [
    operation(
      "[2,1,3] and [2,4,3] along 1",
      [curved([2, 1, 3]), curved([2, 4, 3])],
      (x, y) => tf.concat([x, y], 1),
      (x, y) =>
        fillPlaces([2, 5, 3], ([n = 0, i = 0, c = 0]) => i < 1 ? valueAt(x, [n, i, c]) : valueAt(y, [n, i - 1, c])),
    ),
    operation("[0] and [3]", [curved([0]), curved([3])], (x, y) => tf.concat([x, y]), joinNumbers),
  ]),
  covered("stack", [
    operation(
      "[2,3] and [2,3] along 1",
      [curved([2, 3]), curved([2, 3])],
      (x, y) => tf.stack([x, y], 1),
      (x, y) => fillPlaces([2, 2, 3], ([n = 0, k = 0, c = 0]) => valueAt(k === 0 ? x : y, [n, c])),
    ),
  ]),
  covered("meshgrid", [
    operation(
      "[3] and [2]",
      [curved([3], 2), curved([2], 3)],
      (x, y) => {
        const [across = x, down = x] = tf.meshgrid(x, y);
        return tf.mul(across, down);
      },
      (x, y) => fillPlaces([2, 3], ([i = 0, j = 0]) => valueAt(x, [j]) * valueAt(y, [i])),
    ),
  ]),
];

const reversedAll: readonly Covered[] = [
  covered("reverse", [
    moved(
      "[2,3,4] along 0 and 2",
      [2, 3, 4],
      (x) => tf.reverse(x, [0, -1]),
      [2, 3, 4],
      ([i, j, k]) => [1 - i, j, 3 - k],
    ),
  ]),
  covered("image.flipLeftRight", [
    moved("[2,3,4,1]", [2, 3, 4, 1], (x) => tf.image.flipLeftRight(four(x)), [2, 3, 4, 1], ([n, i, j, c]) => [
      n,
      i,
      3 - j,
      c,
    ]),
  ], "TensorFlow.js has no gradient"),
  covered("transpose", [
    moved("[2,3,4]", [2, 3, 4], (x) => tf.transpose(x, [2, 0, 1]), [4, 2, 3], ([a, b, c]) => [b, c, a]),
    moved("[2,3,1,4]", [2, 3, 1, 4], (x) => tf.transpose(x), [4, 1, 3, 2], ([a, b, c, d]) => [d, c, b, a]),
  ]),
];

const shapes: readonly Covered[] = [
  covered("reshape", [moved("[2,3]", [2, 3], (x) => tf.reshape(x, [6]), [6], ([k]) => [Math.floor(k / 3), k % 3])]),
  covered("expandDims", [moved("[2,3]", [2, 3], (x) => tf.expandDims(x, 1), [2, 1, 3], ([i, , k]) => [i, k])]),
  covered("squeeze", [moved("[2,1,3]", [2, 1, 3], (x) => tf.squeeze(x, [1]), [2, 3], ([i, k]) => [i, 0, k])]),
  covered("ensureShape", [
    moved("[2,3] in reverse", [2, 3], (x) => tf.reverse(tf.ensureShape(x, [2, 3]), 1), [2, 3], ([i, k]) => [i, 2 - k]),
  ]),
];

const repeats: readonly Covered[] = [
  covered("broadcastTo", [
    moved("[3,1] to [2,3,4]", [3, 1], (x) => tf.broadcastTo(x, [2, 3, 4]), [2, 3, 4], ([, j]) => [j, 0], 8),
    moved("[] to [5]", [], (x) => tf.broadcastTo(x, [5]), [5], () => [], 5),
  ]),
  covered("tile", [
    moved("[2,3] by 3 and 2", [2, 3], (x) => tf.tile(x, [3, 2]), [6, 6], ([i, j]) => [i % 2, j % 3], 6),
    moved("[1,2,1,3]", [1, 2, 1, 3], (x) => tf.tile(x, [2, 1, 3, 1]), [2, 2, 3, 3], ([, i, , c]) => [0, i, 0, c], 6),
  ], "no gradient for more than four dimensions: use tf.broadcastTo and tf.reshape"),
  covered("image.grayscaleToRGB", [
    moved("[2,3,1]", [2, 3, 1], (x) => tf.image.grayscaleToRGB(x as tf.Tensor3D), [2, 3, 3], ([i, j]) => [i, j, 0], 3),
  ]),
  covered("diag", [
    moved("[4]", [4], (x) => tf.diag(x), [4, 4], ([i, j]) => i === j ? [i] : undefined),
    moved("[2,3]", [2, 3], (x) => tf.diag(x), [2, 3, 2, 3], ([i, j, k, l]) => i === k && j === l ? [i, j] : undefined),
  ], "TensorFlow.js has no gradient"),
  covered("signal.frame", [
    moved("[9]", [9], (x) => tf.signal.frame(x as tf.Tensor1D, 4, 2), [3, 4], ([i, j]) => [2 * i + j], 2),
  ]),
];

/** Every function that moves numbers without changing them. */
export const moves: readonly Covered[] = [
  ...blocks,
  ...borders,
  ...parts,
  ...joins,
  ...reversedAll,
  ...shapes,
  ...repeats,
];
