/** Standard deviations that come with the measurements weigh them, and set the noise that is known. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Dataset } from "../data/dataset.ts";
import { prepareSegments } from "../data/prepare.ts";
import { readTable } from "../data/read-table.ts";
import { chooseSampling } from "../data/sampling.ts";
import { splitUses } from "../data/uses.ts";
import { hostRandom } from "../random/host-random.ts";
import { fit } from "./fit.ts";
import type { Run } from "./run.ts";
import { cutWindows } from "./window.ts";

/**
 * Five swings of theta'' = -9 sin(theta) - 0.2 theta', in whose first and last fifths the sensor is twenty times as bad as
 * between.
 * @param stated what the table says of it
 */
function swings(stated: (sigma: number, row: number) => string): Dataset {
  const random = hostRandom(1);
  const lines = ["t,theta [deg],sigma_theta [deg],run"];
  for (let run = 0; run < 5; run++) {
    let [angle, speed] = [0.5 + 0.1 * run, 0.3 * run];
    for (let row = 0; row < 100; row++) {
      const sigma = row < 20 || row >= 80 ? 4 : 0.2;
      lines.push(`${row * 0.05},${(180 / Math.PI) * angle + sigma * random.normal()},${stated(sigma, row)},${run}`);
      for (let k = 0; k < 200; k++) {
        speed += (0.05 / 200) * (-9 * Math.sin(angle) - 0.2 * speed);
        angle += (0.05 / 200) * speed;
      }
    }
  }
  return readTable(lines.join("\n"));
}

const told = swings(String);
const untold = swings(() => "");
const segmentsOf = (data: Dataset) => {
  const { segments } = splitUses(data).train;
  return prepareSegments(data, segments, chooseSampling(data, segments));
};

describe("the windows of measurements with standard deviations", () => {
  it("weigh each by its own, relative to the usual one", () => {
    const { weights, observedWeights } = cutWindows(segmentsOf(told), 1, 100, 1);
    expect([weights[0], weights[30], weights[99]]).toEqual([0.05, 1, 0.05]);
    expect([observedWeights[0], observedWeights[1], observedWeights[40]]).toEqual([0.05 ** 2, 1, 1]);
  });

  it("weigh a claim of no error at all, and what is no number, as usual; a tenth of the usual at most", () => {
    const odd = swings((sigma, row) => (row === 30 ? "0" : row === 31 ? "-1" : row === 32 ? "0.0001" : String(sigma)));
    const { weights } = cutWindows(segmentsOf(odd), 1, 100, 1);
    expect([weights[30], weights[31], weights[32]]).toEqual([1, 1, 10]);
  });

  it("weigh all the same where nothing is stated", () => {
    const { weights } = cutWindows(segmentsOf(untold), 1, 100, 1);
    expect(new Set(weights)).toEqual(new Set([1]));
  });
});

describe("a fit to measurements with standard deviations", () => {
  let runs: readonly Run[] = [];
  beforeAll(async () => {
    const options = { model: "pendulum", steps: 10 };
    runs = [await fit(told, options), await fit(untold, options)];
  }, 120_000);

  it("says the noise that is known", () => {
    const lines = runs.map(({ sampling }) => sampling.line);
    expect(lines[0]).toContain("deg (stated 0.2 deg: each position counts by its own)");
    expect(lines[1]).not.toContain("stated");
  });

  it("finds the law nearer to the truth: errors of the bad fifths count for little", () => {
    const [known, unknown] = runs.map(({ model }) => model.record.constants.find(({ name }) => name === "w2"));
    const away = (value = Number.NaN): number => Math.abs(value - 9);
    // Of least squares over these rows the deviation is ten times that of weighted least squares.
    expect(away(known?.value)).toBeLessThan(known?.halfWidth ?? 0);
    expect(unknown?.halfWidth ?? 0).toBeGreaterThan(3 * (known?.halfWidth ?? Number.NaN));
    expect(away(unknown?.value)).toBeGreaterThan(away(known?.value));
  });
});
