/** TensorFlow.js's functions that read or write at places which other tensors name. */
import { tf } from "../../../../lib/dependencies/tensorflow.ts";
import { curved, linear, operation } from "../operation.ts";
import { type Covered, covered } from "./covered.ts";
import { fillPlaces, type Place, placesOf, sumOf, valueAt } from "./places.ts";

const whole = (values: readonly number[], shape: Place): tf.Tensor => tf.tensor([...values], [...shape], "int32");

/** The numbers of a list at the places where another list has this number. */
const summedWhere = (indices: readonly number[], wanted: number, of: (k: number) => number): number =>
  sumOf(indices.flatMap((index, k) => index === wanted ? [of(k)] : []));

const rows = [2, 0, 2, 1, 2];
const pairs = [[1, 2], [0, 0], [1, 2], [2, 1]] as const;

const gathers: readonly Covered[] = [
  covered("gather", [
    operation(
      "rows of [3,4], some twice",
      [linear([3, 4], 3)],
      (x) => tf.gather(x, whole(rows, [5])),
      (x) => fillPlaces([5, 4], ([i = 0, j = 0]) => valueAt(x, [rows[i] ?? NaN, j])),
    ),
    operation(
      "[2,3,4] along the middle, by a table",
      [linear([2, 3, 4], 3)],
      (x) => tf.gather(x, whole([2, 0, 2, 2, 1, 0], [3, 2]), 1),
      (x) =>
        fillPlaces(
          [2, 3, 2, 4],
          ([n = 0, i = 0, j = 0, c = 0]) => valueAt(x, [n, [2, 0, 2, 2, 1, 0][2 * i + j] ?? NaN, c]),
        ),
    ),
    operation(
      "[3,5] along −1",
      [linear([3, 5], 2)],
      (x) => tf.gather(x, whole([4, 4, 0], [3]), -1),
      (x) => fillPlaces([3, 3], ([i = 0, j = 0]) => valueAt(x, [i, [4, 4, 0][j] ?? NaN])),
    ),
    operation(
      "[2,3,4], its own places for each of the batch",
      [linear([2, 3, 4], 2)],
      (x) => tf.gather(x, whole([1, 1, 2, 0], [2, 2]), 1, 1),
      (x) => fillPlaces([2, 2, 4], ([n = 0, i = 0, c = 0]) => valueAt(x, [n, [1, 1, 2, 0][2 * n + i] ?? NaN, c])),
    ),
  ], "with batch dimensions TensorFlow.js's gradient is wrong"),
  covered("gatherND", [
    operation(
      "places of [3,4]",
      [linear([3, 4], 2)],
      (x) => tf.gatherND(x, whole(pairs.flat(), [4, 2])),
      (x) => fillPlaces([4], ([k = 0]) => valueAt(x, pairs[k] ?? [])),
    ),
    operation(
      "rows of [3,4,2]",
      [linear([3, 4, 2], 2)],
      (x) => tf.gatherND(x, whole([2, 2, 0], [3, 1])),
      (x) => fillPlaces([3, 4, 2], ([k = 0, j = 0, c = 0]) => valueAt(x, [[2, 2, 0][k] ?? NaN, j, c])),
    ),
  ], "TensorFlow.js has no gradient"),
];

const segments = [1, 0, 1, -1, 3];

const scatters: readonly Covered[] = [
  covered("unsortedSegmentSum", [
    operation(
      "[5,3], one row in no segment, one segment empty",
      [linear([5, 3])],
      (x) => tf.unsortedSegmentSum(x, whole(segments, [5]).as1D(), 4),
      (x) => fillPlaces([4, 3], ([s = 0, c = 0]) => summedWhere(segments, s, (k) => valueAt(x, [k, c]))),
      { terms: 3 },
    ),
    operation(
      "[4]",
      [linear([4])],
      (x) => tf.unsortedSegmentSum(x, whole([2, 2, 0, 2], [4]).as1D(), 3),
      (x) => fillPlaces([3], ([s = 0]) => summedWhere([2, 2, 0, 2], s, (k) => valueAt(x, [k]))),
      { terms: 3 },
    ),
  ], "missing on wasm"),
  covered("scatterND", [
    operation(
      "[4] to [3,4], one place twice",
      [linear([4])],
      (x) => tf.scatterND(whole(pairs.flat(), [4, 2]), x, [3, 4]),
      (x) =>
        fillPlaces(
          [3, 4],
          ([i, j]) => sumOf(pairs.flatMap(([a, b], k) => a === i && b === j ? [valueAt(x, [k])] : [])),
        ),
      { terms: 2 },
    ),
  ], "TensorFlow.js has no gradient"),
  covered("tensorScatterUpdate", [
    operation(
      "[4,2] by rows of [2,2]",
      [curved([4, 2]), curved([2, 2])],
      (x, y) => tf.tensorScatterUpdate(x, whole([3, 1], [2, 1]), y),
      (x, y) =>
        fillPlaces([4, 2], ([i = 0, c = 0]) => i % 2 === 1 ? valueAt(y, [i === 3 ? 0 : 1, c]) : valueAt(x, [i, c])),
    ),
  ], "TensorFlow.js has no gradient; each place at most once"),
  covered("sparseToDense", [
    operation(
      "[3] to [3,4]",
      [linear([3])],
      (x) => tf.sparseToDense(whole([0, 1, 1, 3, 2, 0], [3, 2]), x, [3, 4]),
      (x) =>
        fillPlaces(
          [3, 4],
          ([i, j]) =>
            sumOf([[0, 1], [1, 3], [2, 0]].flatMap(([a, b], k) => a === i && b === j ? [valueAt(x, [k])] : [])),
        ),
    ),
  ], "TensorFlow.js has no gradient"),
];

const kept = placesOf([4, 5]).filter(([i = 0, j = 0]) => i - j <= 1 && j - i <= 2);

/** Every function that reads or writes by indices. */
export const indices: readonly Covered[] = [
  ...gathers,
  ...scatters,
  covered("linalg.bandPart", [
    operation(
      "[4,5]",
      [linear([4, 5])],
      (x) => tf.linalg.bandPart(x, 1, 2),
      (x) =>
        fillPlaces([4, 5], ([i, j]) => kept.some(([a, b]) => a === i && b === j) ? valueAt(x, [i ?? 0, j ?? 0]) : 0),
    ),
  ]),
];
