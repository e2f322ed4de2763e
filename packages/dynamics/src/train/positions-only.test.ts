/** Positions alone: every model of one coordinate takes them, by every way to smooth. */
import { expect, test } from "vitest";
import { smoothings } from "../data/smoothing.ts";
import type { Needs } from "../model/model.ts";
import { modelNamed, models } from "../model/registry.ts";
import { simulate } from "../system/simulate.ts";
import { systemNamed } from "../system/systems.ts";
import { fit } from "./fit.ts";

const { dataset } = simulate(systemNamed("pendulum"), {
  seed: 6,
  trajectories: 4,
  duration: 4,
  samples: 101,
  noise: 0.005,
  positionsOnly: true,
  parameters: { damping: 0.2 },
});
const names = models.filter(({ needs }) => needs.velocities !== true && needs.momenta !== true).map(({ name }) => name);

test("every model that needs no rates is fitted to positions alone", async () => {
  expect(names.length).toBeGreaterThanOrEqual(8);
  const suits = ({ controls, coordinates = 1 }: Needs): boolean => controls !== true && coordinates === 1;
  const chosen = names.filter((name) => suits(modelNamed(name).needs));
  const run = await fit(dataset, { model: chosen, steps: 3, observe: 1, timeBudget: 20 });
  for (const { model, select } of run.ranking) expect(Number.isFinite(select), model).toBe(true);
  expect(run.facts.measuredVelocities).toBe(false);
  expect(run.sampling.line).toMatch(/; velocity from a smoothing spline, noise 0\.00\d+ rad$/);
});

test.each(smoothings)("the law is found with %s", async (smooth) => {
  const run = await fit(dataset, { model: "pendulum", smooth, rate: 25, observe: 1 });
  const w2 = run.model.record.constants.find(({ name }) => name === "w2");
  const truth = 9.81;
  expect(Math.abs((w2?.value ?? 0) - truth)).toBeLessThan(Math.max(w2?.halfWidth ?? 0, 0.02 * truth));
  expect(run.sampling.line).toContain(
    { spline: "smoothing spline", polynomial: "local polynomials", none: "differences of neighbours" }[smooth],
  );
});
