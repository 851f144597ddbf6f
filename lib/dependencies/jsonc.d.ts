// What is used of the package, whose build for npm carries no types.

/** The value of a JSON text with comments and trailing commas; throws a SyntaxError if it is none. */
export declare function parse(text: string): unknown;
