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
  /** Whether the tests hold what is wrong: only such may pass with TensorFlow.js's kernels. */
  readonly holdsWrong?: true;
}

/** Which entry says why a failure is expected; undefined if none does. */
export const expectedBy = (
  expected: readonly ExpectedFailures[],
  backend: string,
  { name, message }: Outcome,
): ExpectedFailures | undefined =>
  expected.find((each) =>
    (each.backend ?? backend) === backend && (each.matching.test(message) || each.matching.test(name))
  );

/** What is compared of two runs on one backend. */
export interface Verdict {
  /** Passed with TensorFlow.js's kernels and failed with this library's, or did not run, though the test is right. */
  readonly broken: readonly Outcome[];
  /** Failed with both, and nobody says why. */
  readonly unexpected: readonly Outcome[];
  /** How many failed with this library's kernels for each reason. */
  readonly reasons: ReadonlyMap<string, number>;
  /** Reasons that no failure has any more. */
  readonly idle: readonly string[];
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
  const failed = own.filter(({ passed }) => !passed).map((outcome) => ({
    outcome,
    by: expectedBy(expected, backend, outcome),
    regressed: passedBefore.get(outcome.name) === true,
  }));
  const ran = new Set(own.map(({ name }) => name));
  const missing = stock.filter(({ name }) => !ran.has(name)).map(({ name }): Outcome => ({
    name,
    passed: false,
    message: "did not run with this library's kernels",
  }));
  const reasons = new Map<string, number>();
  failed.forEach(({ by }) => by !== undefined && reasons.set(by.reason, (reasons.get(by.reason) ?? 0) + 1));
  const here = expected.filter((each) => (each.backend ?? backend) === backend);
  return {
    broken: [
      ...failed.filter(({ by, regressed }) => regressed && by?.holdsWrong !== true).map(({ outcome }) => outcome),
      ...missing,
    ],
    unexpected: failed.filter(({ by, regressed }) => by === undefined && !regressed).map(({ outcome }) => outcome),
    reasons,
    idle: here.map(({ reason }) => reason).filter((reason) => !reasons.has(reason)),
    mended: own.filter(({ name, passed }) => passed && passedBefore.get(name) === false).length,
  };
};
