/** A checkpoint's network, or the published one, as a module of PyTorch. */
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import type { TensorFile } from "../formats/tensor_file.ts";
import { checkpointIn } from "../train/checkpoint.ts";
import { pytorchModule } from "../weights/pytorch_module.ts";
import { describeVariant, networkOf } from "./compose.ts";
import type { Configuration } from "./configuration.ts";
import { parseConfiguration } from "./configuration_file.ts";
import { type ConversionOptions, noPublishedFusion, noPublishedModule } from "./conversion.ts";
import { checkKind, describedConfiguration } from "./trained_network.ts";

type Options = Omit<ConversionOptions, "names">;

const configurationIn = (file: TensorFile, { settings, listener }: Options): Either<Failure, Configuration> =>
  pipe(
    checkpointIn(file),
    E.chainFirst(checkKind),
    E.chain((checkpoint) =>
      pipe(
        describedConfiguration(checkpoint, settings),
        E.map((configuration) => {
          if (checkpoint.configuration === null) {
            listener.message(`written as ${describeVariant(configuration.backbone)}; change it by --set`);
          }
          return configuration;
        }),
      )
    ),
  );

/**
 * The text of a module of PyTorch whose `CliffNet` is the network of a checkpoint, or the published one for null: its state
 * dict is what `convert --names published` writes.
 *
 * Errors: "checkpoint" for another kind of checkpoint, and for a fusion that no other program knows.
 */
export const pytorchModuleOf = (file: TensorFile | null, options: Options): TaskEither<Failure, string> =>
  pipe(
    file === null
      ? parseConfiguration("the published network", "{}", options.settings)
      : configurationIn(file, options),
    E.filterOrElse(
      ({ networkFile }) => networkFile === "",
      ({ networkFile }) => noPublishedModule(file?.path ?? "", networkFile),
    ),
    E.filterOrElse(
      ({ network: { fusion } }) => fusion === "cliff",
      ({ network: { fusion } }) => noPublishedFusion(file?.path ?? "", fusion),
    ),
    TE.fromEither,
    TE.chainTaskK((configuration) => async () => pytorchModule(await networkOf(configuration), configuration.backbone)),
  );
