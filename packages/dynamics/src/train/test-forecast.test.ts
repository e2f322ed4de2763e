import { expect, test } from "vitest";
import { simulate } from "../system/simulate.ts";
import { systemNamed } from "../system/systems.ts";
import { fit } from "./fit.ts";

test("recordings shorter than what is to be observed are forecast from their first 40 %", async () => {
  const { dataset } = simulate(systemNamed("pendulum"), { seed: 1, trajectories: 12, duration: 0.7, samples: 15 });
  const run = await fit(dataset, { model: ["pendulum"], observe: 1, steps: 50 });
  expect(run.forecasts.length).toBeGreaterThan(0);
  for (const { forecast } of run.forecasts) expect(forecast.observed).toBeCloseTo(0.28, 9);
  expect(run.summary.join(" ")).toMatch(/stays within \S+ rad for (all of the )?0\.\d+ s/);
});
