/** What tests have come to with TensorFlow.js's kernels and with this library's, and what of it was expected. */

/** What one test has come to. */
export interface Outcome {
  /** Its names, from the outermost group on. */
  readonly name: string;
  /** Whether it passed, and the GPU reported nothing meanwhile. */
  readonly passed: boolean;
  /** Why it failed; "" if it passed. */
  readonly message: string;
}

/** Tests that fail, and why that is no fault of this library. */
export interface ExpectedFailures {
  /** Why, for people. */
  readonly reason: string;
  /** On which backend; on both unless given. */
  readonly backend?: "wasm" | "webgpu";
  /** What their messages, or their names, match. */
  readonly matching: RegExp;
}

/** Why a failure is expected; null if it is not. */
export const expectedBecause = (
  expected: readonly ExpectedFailures[],
  backend: string,
  { name, message }: Outcome,
): string | null =>
  expected.find((each) =>
    (each.backend ?? backend) === backend && (each.matching.test(message) || each.matching.test(name))
  )?.reason ?? null;

/** What is compared of two runs on one backend. */
export interface Verdict {
  /** Passed with TensorFlow.js's kernels, failed with this library's, and nobody says why. */
  readonly broken: readonly Outcome[];
  /** Failed with both, and nobody says why. */
  readonly unexpected: readonly Outcome[];
  /** How many failed with this library's kernels for each reason. */
  readonly reasons: ReadonlyMap<string, number>;
  /** How many passed with this library's kernels alone. */
  readonly mended: number;
}

/** Judges tests with this library's kernels by the same ones with TensorFlow.js's. */
export const judge = (
  backend: string,
  stock: readonly Outcome[],
  own: readonly Outcome[],
  expected: readonly ExpectedFailures[],
): Verdict => {
  const passedBefore = new Map(stock.map(({ name, passed }) => [name, passed]));
  const failed = own.filter(({ passed }) => !passed);
  const because = failed.map((outcome) => expectedBecause(expected, backend, outcome));
  const reasons = new Map<string, number>();
  because.forEach((reason) => reason !== null && reasons.set(reason, (reasons.get(reason) ?? 0) + 1));
  return {
    broken: failed.filter(({ name }, at) => because[at] === null && passedBefore.get(name) === true),
    unexpected: failed.filter(({ name }, at) => because[at] === null && passedBefore.get(name) !== true),
    reasons,
    mended: own.filter(({ name, passed }) => passed && passedBefore.get(name) === false).length,
  };
};
