/** On the GPU, or on a software adapter, the network computes what the published one does, forward and backward. */
import { openDevice } from "../../lib/backend/device.ts";
import { describe } from "../../lib/errors.ts";
import { declareAgreement } from "../parity/agreement.ts";
import { sizes } from "../parity/reference.ts";

const opened = await openDevice("webgpu")();
if (opened._tag === "Left") console.log(`skipped: ${describe(opened.left)}`);

await declareAgreement("webgpu", opened._tag === "Right" ? opened.right : undefined, sizes.slice(0, 1));
