/** Every differentiable function of TensorFlow.js, on every backend, against its definition in float64. */
import { checkOperation } from "./operations/check.ts";
import { coreFunctions } from "./operations/core/table.ts";
import { openBackends, testOn } from "./support.ts";

const backends = await openBackends();

coreFunctions.forEach(({ rows }) => rows.forEach((row) => testOn(backends, row.name, () => checkOperation(row))));
