// What is used of Deno's standard library. The npm build of it carries no types; the registry build does not need these.

export interface ParseArgsOptions {
  readonly string?: readonly string[];
  readonly boolean?: readonly string[];
  readonly collect?: readonly string[];
  readonly alias?: Readonly<Record<string, string>>;
  readonly unknown?: (
    argument: string,
    key?: string,
    value?: unknown,
  ) => boolean;
}
export interface ParsedArguments {
  readonly _: readonly (string | number)[];
  readonly [flag: string]: unknown;
}
export declare function parse(text: string): unknown;

export declare function globToRegExp(glob: string): RegExp;

export declare function parseArgs(
  args: readonly string[],
  options?: ParseArgsOptions,
): ParsedArguments;

export declare function assert(
  condition: unknown,
  message?: string,
): asserts condition;
export declare function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  message?: string,
): void;
export declare function assertEquals<T>(
  actual: T,
  expected: T,
  message?: string,
): void;
export declare function assertNotEquals<T>(
  actual: T,
  expected: T,
  message?: string,
): void;
export declare function assertRejects(
  run: () => PromiseLike<unknown>,
  message?: string,
): Promise<unknown>;
export declare function assertStringIncludes(
  actual: string,
  expected: string,
  message?: string,
): void;
export declare function assertThrows(
  run: () => unknown,
  message?: string,
): unknown;
