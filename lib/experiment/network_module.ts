/** A network of one's own: the default export of a module, which a configuration names and gives options. */
import type { DepthNetwork } from "../cliffnet/network.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { attempt, type Failure, failure, FailureError } from "../errors.ts";
import type { Fields, ValuesOf } from "../formats/fields.ts";
import type { JsonObject } from "../formats/json.ts";
import { guarded, isOwnModule, loadModule, type OwnModule, ownModule } from "../modules/own_module.ts";
import { type Layer, untyped } from "../nn/layer.ts";
import type { DepthMaps, Images } from "../tensor/features.ts";
import type { Branch } from "../tensor/tree.ts";
import { networkOf, type NetworkParts } from "./compose.ts";

/** The default export of a module whose network the tasks take, see {@link networkModule}; null is for what is no layer.
 * @category Experiments */
export interface NetworkModule extends OwnModule<"network", DepthNetwork | null> {}

/** Whether a module has made a layer: it need not be written in TypeScript. */
const isLayer = (made: unknown): boolean => {
  const { form, init, apply }: Partial<DepthNetwork> = Object(made);
  return typeof form === "object" && typeof init === "function" && typeof apply === "function";
};

/**
 * A network for `--network FILE` and `"networkFile": FILE`, as a module's default export: from pictures (NHWC; R, G, B, 0…1) to
 * depth maps (NHWC, 1 channel) in metres of the same size, for any batch.
 *
 * ```ts
 * export default networkModule(
 *   { width: { type: "integer", least: 4, most: 64, default: 8, description: "Channels of the stem." } },
 *   ({ width }) => {
 *     const { backbone, channels } = resNetOfWidth(18, width);
 *     return compose(preprocess("rgb-unit"), cliffNetOn(backbone, channels, 16));
 *   },
 * );
 * ```
 *
 * @param options The fields of `networkOptions`, each with its range, its default and its description.
 * @param network The network with these options.
 * @category Experiments
 */
export const networkModule = <const F extends Fields, P extends Branch, S extends Branch>(
  options: F,
  network: (options: ValuesOf<F>) => Layer<Images, DepthMaps, P, S>,
): NetworkModule =>
  ownModule("network", options, (values) => {
    const made = network(values);
    return isLayer(made) ? untyped(made) : null;
  });

/** A network of one's own that was loaded: only what a user has named is.
 * @category Experiments */
export interface OwnNetwork {
  /** The module's file. */
  readonly path: string;
  /** The SHA-256 of it and of the local files that it imports. */
  readonly hash: string;
  /** The network with options; what it throws is told at its line. Errors: "configuration", naming the option; "script". */
  readonly make: (options: JsonObject) => Either<Failure, DepthNetwork>;
}

const expected = "a network from pictures to depth maps of their size";

/** The network, whose functions are guarded. */
const guardedNetwork = (path: string, { form, init, apply }: DepthNetwork): DepthNetwork => ({
  form,
  init: (key) => guarded(path, expected, () => init(key)),
  apply: (...given) => guarded(path, expected, () => apply(...given)),
});

const checkedLayer = (path: string, made: DepthNetwork | null): Either<Failure, DepthNetwork> =>
  made === null ? E.left(failure("script", path, "no layer", expected)) : E.right(guardedNetwork(path, made));

const made = (
  { path, exported }: { readonly path: string; readonly exported: NetworkModule },
  options: JsonObject,
): Either<Failure, DepthNetwork> =>
  pipe(
    E.tryCatch(
      () => guarded(path, expected, () => exported.make(`${path}, networkOptions`, options)),
      (reason) => {
        if (reason instanceof FailureError) return reason.failure;
        throw reason;
      },
    ),
    E.flatten,
    E.chain((network) => checkedLayer(path, network)),
  );

/**
 * Loads a network of one's own. It runs code: only what a user has named may be given to it, never what a checkpoint names.
 *
 * Errors: "missing" and "file"; "script" for another default export.
 * @category Experiments
 */
export const loadNetworkModule = (path: string): TaskEither<Failure, OwnNetwork> =>
  pipe(
    loadModule(path, isOwnModule<"network", DepthNetwork | null>("network"), "a network, made by networkModule"),
    TE.map((loaded): OwnNetwork => ({
      path,
      hash: loaded.hash,
      make: (options) => made(loaded, options),
    })),
  );

/**
 * The network of a user's own configuration, whose module, if it names one, is loaded. A configuration that a checkpoint
 * holds is nobody's word: see {@link loadDepthNetwork}.
 *
 * Errors: those of {@link loadNetworkModule} and of what it makes.
 * @category Experiments
 */
export const configuredNetwork = (configuration: NetworkParts): TaskEither<Failure, DepthNetwork> =>
  configuration.networkFile === ""
    ? attempt(async () => untyped(await networkOf(configuration)), (reason) => {
      throw reason;
    })
    : pipe(
      loadNetworkModule(configuration.networkFile),
      TE.chainEitherK(({ make }) => make(configuration.networkOptions)),
    );
