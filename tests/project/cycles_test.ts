import { assertEquals } from "../std.ts";
import { resolved, sources, specifiersOf } from "./sources.ts";

/** Groups of files that import each other in a circle, by Tarjan's algorithm (1972). */
const circlesIn = (imports: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] => {
  const found = new Map<string, { readonly index: number; low: number; open: boolean }>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): number => {
    const own = { index: found.size, low: found.size, open: true };
    found.set(file, own);
    stack.push(file);
    for (const next of imports.get(file) ?? []) {
      const seen = found.get(next);
      if (seen === undefined) own.low = Math.min(own.low, visit(next));
      else if (seen.open) own.low = Math.min(own.low, seen.index);
    }
    if (own.low < own.index) return own.low;
    const circle = stack.splice(stack.indexOf(file));
    circle.forEach((each) => found.set(each, { index: 0, low: 0, open: false }));
    if (circle.length > 1) circles.push(circle.sort());
    return own.low;
  };
  for (const file of imports.keys()) if (!found.has(file)) visit(file);
  return circles;
};

Deno.test("the search for circles finds those that there are", () => {
  const graph = new Map([["a", ["b"]], ["b", ["c", "d"]], ["c", ["a"]], ["d", ["e"]], ["e", []], ["f", ["g"]], [
    "g",
    ["f", "e"],
  ]]);
  assertEquals(circlesIn(graph), [["a", "b", "c"], ["f", "g"]]);
});

/** The files that a file takes anything from: values, types, or modules on demand. */
const takenFrom = (path: string): readonly string[] =>
  specifiersOf(path).filter((specifier) => specifier.startsWith(".")).map((specifier) => resolved(path, specifier));

Deno.test("no files import each other in a circle, not even types or on demand", () => {
  const files = ["lib", "tasks", "bench"].flatMap(sources);
  assertEquals(circlesIn(new Map([...files, "mod.ts"].map((file) => [file, takenFrom(file)]))), []);
});
