import { describe, expect, it } from "vitest";
import type { MetricFinding } from "./fitted-metric.ts";
import { type Evidence, verdictsOf } from "./verdicts.ts";

function metric(timeDependent: boolean, total: number, energyDrift: number | null = null): MetricFinding {
  const measured = { h1: total, h2: 0, h3: 0, total, spectrum: [], energyDrift };
  return { timeDependent, curve: [], steps: 10, status: "finished", ...measured };
}

/** Motions that are known well, of a field with a Lagrangian. */
const clear: Evidence = {
  coordinates: 2,
  fieldError: 0.02,
  recordings: 20,
  thickness: 0.2,
  freeVelocity: 0.9,
  returning: 0.9,
  divergence: { mean: 0, low: -0.001, high: 0.001, length: 50 },
  energyLoss: null,
  timeIndependent: metric(false, 1e-4),
  timeDependent: metric(true, 2e-4),
  certificate: { points: 48, share: 0, left: 0.001, error: 0.01 },
  structure: null,
};

const answers = (evidence: Partial<Evidence>): readonly string[] => {
  const { lagrangian, lagrangianTimeDependent, dissipation } = verdictsOf({ ...clear, ...evidence });
  return [lagrangian.verdict, lagrangianTimeDependent.verdict, dissipation.verdict];
};

const [yes, no, open] = ["exists", "does-not-exist", "not-enough-data"];
const falling = { mean: -0.1, low: -0.12, high: -0.08, length: 50 };

describe("verdicts", () => {
  it.each<[string, Partial<Evidence>, readonly (string | undefined)[]]>([
    ["a small metric of a field that is known", {}, [yes, yes, no]],
    [
      "a metric that does not fall",
      { timeIndependent: metric(false, 0.1), timeDependent: metric(true, 0.1) },
      [open, open, no],
    ],
    ["equations that leave nothing", { certificate: { points: 48, share: 0.5, left: 0.1, error: 0.01 } }, [no, no, no]],
    [
      "equations that are not certain",
      { certificate: { points: 48, share: 0, left: 0.1, error: 0.2 } },
      [open, open, no],
    ],
    ["a loss, and a g with time", { divergence: falling, timeIndependent: metric(false, 0.1) }, [no, yes, yes]],
    ["a loss, and a g without time where motions were recorded", { divergence: falling }, [open, yes, yes]],
    ["a loss of motions that fly away", { divergence: falling, returning: 0.1 }, [yes, yes, open]],
    [
      "a gain of motions that fly away",
      { divergence: { mean: 0.1, low: 0.05, high: 0.15, length: 50 }, returning: 0.1 },
      [yes, yes, open],
    ],
    [
      "a loss that is certain and slow",
      { divergence: { mean: -1e-3, low: -1.2e-3, high: -8e-4, length: 50 } },
      [open, yes, open],
    ],
    ["a loss that is not certain", { divergence: { ...falling, high: 0.05 } }, [yes, yes, open]],
    [
      "a loss too small to be seen",
      { divergence: { mean: -1e-5, low: -2e-5, high: -1e-6, length: 50 } },
      [yes, yes, no],
    ],
    ["a gain", { divergence: { mean: 0.1, low: 0.05, high: 0.15, length: 50 } }, [yes, yes, no]],
    ["no interval", { divergence: { mean: 0, low: Number.NaN, high: Number.NaN, length: 50 } }, [yes, yes, open]],
    ["accelerations that are not known", { fieldError: 0.5, divergence: falling }, [open, open, open]],
    ["as few recordings as coordinates", { recordings: 2 }, [open, open, open]],
    ["states on a sheet", { thickness: 0.001 }, [open, open, open]],
    ["velocities that follow from positions", { freeVelocity: 0.01 }, [open, open, open]],
    ["one dimension", { coordinates: 1, divergence: falling }, [open, open, yes]],
    ["seven dimensions", { coordinates: 7 }, [open, open, no]],
    ["a model with an energy", { structure: "hamiltonian" }, [open, open, no]],
  ])("%s", (_, evidence, expected) => {
    expect(answers(evidence)).toEqual(expected);
  });

  const lost = { least: 0.01, bins: 3, swings: 40, level: 0.9 };
  it.each<[string, Partial<Evidence>, string | undefined]>([
    ["is lost at every amplitude, whatever the trace says", { energyLoss: lost }, yes],
    ["is lost, and the field is not known", { energyLoss: lost, thickness: 0.001 }, yes],
    ["is lost too slowly to be seen", { energyLoss: { ...lost, least: 1e-4 } }, no],
    [
      "may not be lost at one amplitude, and the trace tells",
      { energyLoss: { ...lost, least: -0.01 }, divergence: falling },
      yes,
    ],
    ["seems lost, and the accelerations are not known", { energyLoss: lost, fieldError: 0.35 }, open],
    ["may not be lost, and the field is not known", { energyLoss: { ...lost, least: -0.01 }, thickness: 0.001 }, open],
  ])("energy that %s", (_, evidence, dissipation) => {
    expect(answers({ coordinates: 1, ...evidence })).toEqual([open, open, dissipation]);
  });

  it.each([
    [0.02, "its energy changes by 2 % of its spread along motions that it was not fitted to"],
    [0.3, "along motions that it was not fitted to, too much to rely on"],
  ])("tell what the energy of a g that exists does: %d", (energyDrift, words) => {
    const { lagrangian } = verdictsOf({ ...clear, timeIndependent: metric(false, 1e-4, energyDrift) });
    expect(lagrangian.reason.endsWith(words)).toBe(true);
  });

  it("say why, and give no probability", () => {
    const { lagrangian } = verdictsOf({ ...clear, coordinates: 1 });
    expect(lagrangian.reason).toContain("in one dimension every field has a Lagrangian");
    expect(lagrangian.probability).toBeNull();
  });
});
