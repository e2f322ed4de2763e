import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { picture } from "./picture.ts";
import { authorsDamping, type Result, runProtocol } from "./protocol.ts";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

describe("the energy loss of the measured pendulum", () => {
  const found = runProtocol(read("examples/multiarm-pendulum/single.csv"));

  it("falls by half from the smallest swings and rises again, across the authors' constant", () => {
    expect(authorsDamping).toBeCloseTo(0.0672, 4);
    for (const { bins, rest, swings } of found.rows) {
      expect(swings).toBe(130);
      expect(Math.abs(rest - Math.PI)).toBeLessThan(2e-3);
      const dampings = bins.map(({ damping }) => damping);
      const [least, most] = [dampings[0], dampings.at(-1)] as const;
      expect(least?.low).toBeGreaterThan(authorsDamping * 1.4);
      expect(most?.high).toBeLessThan(authorsDamping);
      expect(Math.min(...dampings.map(({ high }) => high))).toBeLessThan(most?.value as number);
    }
  });

  it("is what was committed, with its figure", () => {
    const kept = JSON.parse(read("experiments/energy-loss/results.json")) as Result;
    expect(found.rows).toEqual(kept.rows);
    expect(read("docs/images/energy-loss.svg")).toBe(picture(kept.rows, authorsDamping));
  });
});
