/**
 * What the experiment sets for each model is what was measured for it.
 */
import { readFileSync } from "node:fs";
import { lagrangianOdePeersExperiment as experiment } from "@leastaction/dynamics";
import { describe, expect, it } from "vitest";

interface Search {
  readonly tried: readonly {
    readonly model: string;
    readonly rate: number;
    readonly errors: Readonly<Record<string, number>> | null;
  }[];
}

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`${name}.json`, import.meta.url), "utf8"));
const { tried } = read("search") as Search;
const { pace } = read("calibration") as { readonly pace: Readonly<Record<string, number>> };

describe.each(experiment.parts.map(({ name }) => name))("%s", (part) => {
  const { rate, steps, time } = experiment.setting({ part, form: "full", control: null }) as Readonly<
    Record<string, number>
  >;

  it("has the steps that take as long as those of the Lagrangian neural ODE", () => {
    expect((time as number) / (steps as number)).toBeCloseTo(pace[part] as number, 2);
  });

  it("has the rate with the least error of the positions inside", () => {
    const errorAt = (one: number): number => {
      const found = tried.filter((each) => each.model === part && each.rate === one && each.errors !== null);
      const logs = found.map(({ errors }) => Math.log(errors?.["x inside, exact start"] as number));
      return logs.length === 0 ? Number.POSITIVE_INFINITY : logs.reduce((a, b) => a + b, 0) / logs.length;
    };
    for (const other of [0.07, 0.02, 0.007]) expect(errorAt(rate as number)).toBeLessThanOrEqual(errorAt(other));
  });
});
