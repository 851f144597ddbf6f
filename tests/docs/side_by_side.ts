/** What docs/from-pytorch.md shows of this library, line by line: the code that is all of a right cell. */
export const linesHere = (page: string): readonly string[] =>
  [...page.matchAll(/^\|.*\| `(.+)` +\|$/gm)].map(([, line = ""]) => line);
