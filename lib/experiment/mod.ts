/**
 * Experiments: a configuration, and what becomes of it. What the tasks do, as functions.
 *
 * ```ts
 * import { decodeConfiguration, networkOf } from "@cliffnet/cliffnet/experiment";
 * import { countParameters, orThrow } from "@cliffnet/cliffnet";
 *
 * const configuration = orThrow(decodeConfiguration("here", { backbone: { layers: 18 }, optim: { lr: 3e-4 } }));
 * const parameters = countParameters((await networkOf(configuration)).form.params);
 * ```
 *
 * @module
 */
export { runAblation } from "./ablation/ablate.ts";
export { planOf } from "./ablation/plan.ts";
export { plainTable, tableCsv, tableJson, tableMarkdown } from "./ablation/tables.ts";
export { ablationFields } from "./ablation_fields.ts";
export { generatorsOf, learningRateOf, networkOf, objectiveOf, optimizerOf } from "./compose.ts";
export { configurationFields } from "./configuration.ts";
export { decodeConfiguration, parseConfiguration, readConfiguration } from "./configuration_file.ts";
export { planConversion, writeConversion } from "./conversion.ts";
export { evaluateData, evaluationJson, evaluationTable } from "./evaluation.ts";
export { runExperiment, runPaths, runPretraining } from "./experiment.ts";
export { readyGenerators } from "./explained_generators.ts";
export { explainedLosses } from "./explained_losses.ts";
export { chosenSamples, explainSamples } from "./explanation.ts";
export { reportJson, reportTables } from "./explanation_report.ts";
export { checkReadable, inspectDataset } from "./inspection.ts";
export { loadLoss } from "./loss_file.ts";
export { imageFiles, predictFiles } from "./prediction.ts";
export { describeReport, disposePretrained, pretrain, pretrainOrLoad } from "./pretraining.ts";
export { loadDepthNetwork, restoreNetwork, trainedNetwork } from "./trained_network.ts";
