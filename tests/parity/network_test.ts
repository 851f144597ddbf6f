/** On wasm the network computes what the published one does, forward and backward. */
import { openDevice } from "../../lib/backend/device.ts";
import { orThrow } from "../../lib/errors.ts";
import { declareAgreement } from "./agreement.ts";
import { sizes } from "./reference.ts";

await declareAgreement("wasm", orThrow(await openDevice("wasm")()), sizes);
