import { prefetch } from "../../lib/data/split.ts";
import { E, type TE } from "../../lib/dependencies/fp.ts";
import { reasonText } from "../../lib/errors.ts";
import { assertEquals } from "../std.ts";

/** Steps that write down when they are begun. */
const counted = (): readonly [(step: number) => TE.TaskEither<string, number>, number[]] => {
  const begun: number[] = [];
  return [(step) => () => {
    begun.push(step);
    return Promise.resolve(step === 4 ? E.left("torn") : E.right(10 * step));
  }, begun];
};

Deno.test("steps come in order, each begun once and no more than so many ahead of the one that is asked for", async () => {
  const [at, begun] = counted();
  const ahead = prefetch(at, 2, 4);
  assertEquals(begun, []);
  assertEquals(await ahead(0)(), E.right(0));
  assertEquals(begun, [0, 1, 2]);
  assertEquals(await ahead(1)(), E.right(10));
  assertEquals(begun, [0, 1, 2, 3]);
  assertEquals([await ahead(2)(), await ahead(3)()], [E.right(20), E.right(30)]);
  assertEquals(begun, [0, 1, 2, 3], "steps from the end on are not begun");
});

Deno.test("a failure comes in the step that it belongs to", async () => {
  const [at] = counted();
  const ahead = prefetch(at, 3, 6);
  assertEquals(await ahead(3)(), E.right(30));
  assertEquals(await ahead(4)(), E.left("torn"));
  assertEquals(await ahead(5)(), E.right(50));
});

Deno.test("a run that is resumed begins where it stands", async () => {
  const [at, begun] = counted();
  assertEquals(await prefetch(at, 1, 9)(6)(), E.right(60));
  assertEquals(begun, [6, 7]);
});

/** Steps of which the second throws, at once or later. */
const faulty: Readonly<Record<string, (step: number) => TE.TaskEither<string, number>>> = {
  rejects: (step) => () => step === 1 ? Promise.reject(new Error("a bug")) : Promise.resolve(E.right(step)),
  throws: (step) => () => {
    if (step === 1) throw new Error("a bug");
    return Promise.resolve(E.right(step));
  },
  "cannot be made": (step) => {
    if (step === 1) throw new Error("a bug");
    return () => Promise.resolve(E.right(step));
  },
};

for (const [what, at] of Object.entries(faulty)) {
  Deno.test(`a step that ${what} before its turn ends nothing but its own turn`, async () => {
    const ahead = prefetch(at, 2, 4);
    assertEquals(await ahead(0)(), E.right(0));
    await new Promise((resolve) => setTimeout(resolve, 5));
    assertEquals(await ahead(1)().catch(reasonText), "a bug");
    assertEquals([await ahead(2)(), await ahead(3)()], [E.right(2), E.right(3)]);
  });
}
