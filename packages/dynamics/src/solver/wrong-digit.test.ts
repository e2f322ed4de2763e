/**
 * A digit that is wrong in the ninth decimal place, in any coefficient of any explicit Runge–Kutta method, is refused.
 */
import { expect, it, vi } from "vitest";
import type { ButcherTableau } from "./butcher-tableau.ts";

const loaded = vi.hoisted(() => [] as ButcherTableau[]);

vi.mock("./butcher-tableau.ts", async (importActual) => {
  const actual = await importActual<typeof import("./butcher-tableau.ts")>();
  const noted = (tableau: ButcherTableau): ButcherTableau => {
    loaded.push(tableau);
    return actual.butcherTableau(tableau);
  };
  return { ...actual, butcherTableau: noted };
});

const { butcherTableau } = await vi.importActual<typeof import("./butcher-tableau.ts")>("./butcher-tableau.ts");
await import("./registry.ts");

/** All copies of a tree of numbers in which one number is 1e-9 larger; zeros that only fill up a row stay. */
function mistaken<T>(tree: T): T[] {
  if (typeof tree === "number") return tree === 0 ? [] : [(tree + 1e-9) as T];
  if (typeof tree !== "object" || tree === null) return [];
  return Object.entries(tree as Record<string, unknown>).flatMap(([key, value]) =>
    mistaken(value).map((changed) =>
      Array.isArray(tree) ? (tree.with(Number(key), changed) as T) : { ...tree, [key]: changed },
    ),
  );
}

it("is looked for in every method", () => {
  expect(loaded.map(({ name }) => name).sort()).toEqual(
    ["bosh3", "dop853", "dopri5", "euler", "heun", "midpoint", "rk4", "tsit5", "vern7"].sort(),
  );
});

it.each(loaded.map((tableau) => [tableau.name, tableau] as const))("is refused in %s", (_, tableau) => {
  const { a, b, c, error, coarseError, denseStages, dense } = tableau;
  const parts = { a, b, c, error, coarseError: coarseError?.weights, denseStages, dense };
  const wrong = mistaken(parts);
  expect(wrong.length).toBeGreaterThan(1);
  for (const { coarseError: weights, ...rest } of wrong) {
    const coarse = coarseError === undefined ? {} : { coarseError: { ...coarseError, weights } };
    expect(() => butcherTableau({ ...tableau, ...rest, ...coarse } as ButcherTableau)).toThrow(
      "Cannot use the coefficients",
    );
  }
});
