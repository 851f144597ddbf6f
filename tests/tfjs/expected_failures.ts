/** TensorFlow.js's own tests that fail with this library's kernels, and why. */
import type { ExpectedFailures } from "./outcomes.ts";

/** A failure is expected if its message or its name matches. */
export const expectedFailures: readonly ExpectedFailures[] = [];
