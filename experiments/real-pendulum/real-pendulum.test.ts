import { array, evaluate, grad, type HostTensor, mul, sum, type Tensor, vmap, wasm } from "@leastaction/tensor";
import { describe, expect, test } from "vitest";
import { dissipativeModel } from "./dissipative-model.ts";
import { score } from "./evaluation.ts";
import { chosenRecipe, trainDissipative, trainHamiltonian } from "./protocol.ts";
import { differences, missingRecording, readRecording, rowsOf, trainingRows, windowsOf } from "./recording.ts";
import { referenceFits, scoreReference } from "./reference-fits.ts";

const missing = missingRecording();
if (missing !== null) console.warn(`real-pendulum.test.ts: most tests are SKIPPED. ${missing}`);

describe("without the recording", () => {
  const small = {
    times: [0, 1, 3, 4],
    states: [
      [0, 1],
      [1, 1],
      [5, 0],
      [5, 2],
    ] as [number, number][],
  };

  test("finite differences respect the gaps", () => {
    expect(differences(small, "left")).toEqual({
      states: [
        [0, 1],
        [1, 1],
        [5, 0],
      ],
      derivatives: [
        [1, 0],
        [2, -0.5],
        [0, 2],
      ],
    });
    expect(differences(small, "midpoint").states).toEqual([
      [0.5, 1],
      [3, 0.5],
      [5, 1],
    ]);
  });

  test("windows follow one another to the end of the recording", () => {
    expect(windowsOf(small, 2).map(({ times }) => times)).toEqual([[1, 3, 4]]);
    expect(windowsOf(small, 1).map(({ times }) => times)).toEqual([
      [0, 1],
      [1, 3],
      [3, 4],
    ]);
  });

  test("the score is the mean squared error of the energy and of the state", () => {
    const found = score(
      [
        [0, 1],
        [Math.PI / 2, 0],
      ],
      [
        [0, 2],
        [0, 0],
      ],
    );
    expect(found.energy).toBeCloseTo((9 + 2.4 ** 2) / 2, 12);
    expect(found.state).toBeCloseTo((1 + (Math.PI / 2) ** 2) / 4, 12);
  });

  test("the energy of the dissipative model never rises, at random weights", () => {
    const model = dissipativeModel({ units: 6, frictionSpread: 1 });
    for (const seed of [0, 1, 2]) {
      const parameters = model.init(seed);
      const rate = (z: Tensor): Tensor =>
        sum(mul(grad((x: Tensor) => model.energy(parameters, x))(z) as Tensor, model.field(parameters, z)));
      const points = array(
        Float64Array.from({ length: 80 }, (_, i) => 2 * Math.sin(7.3 * i + seed)),
        [40, 2],
      );
      const rates = evaluate(vmap(rate), points) as unknown as HostTensor;
      const slopes = evaluate(
        vmap((z: Tensor) => grad((x: Tensor) => model.energy(parameters, x))(z) as Tensor),
        points,
      ) as unknown as HostTensor;
      for (const value of rates.data) expect(value).toBeLessThanOrEqual(1e-15);
      const moving = Array.from(rates.data).filter((_, i) => Math.abs(slopes.data[2 * i + 1] as number) > 1e-3);
      for (const value of moving) expect(value).toBeLessThan(0);
    }
  });
});

describe.skipIf(missing !== null)("on the recording", () => {
  const recording = missing === null ? readRecording() : { times: [], states: [] };
  const training = rowsOf(recording, 0, trainingRows);
  const run = rowsOf(recording, trainingRows);

  test("it has 556 rows over 94.5 s, of which the test run is 18.5 s", () => {
    expect(recording.times.length).toBe(556);
    expect((recording.times[555] as number) - (recording.times[0] as number)).toBeCloseTo(94.5, 9);
    expect((recording.times[555] as number) - (run.times[0] as number)).toBeCloseTo(18.5, 9);
  });

  test.each(referenceFits)('the fit "$name" scores what it is known to score', (fit) => {
    const { energy, state } = scoreReference(fit, run, wasm());
    expect(energy / fit.expected.energy).toBeGreaterThan(0.95);
    expect(energy / fit.expected.energy).toBeLessThan(1.05);
    expect(state / fit.expected.state).toBeGreaterThan(0.95);
    expect(state / fit.expected.state).toBeLessThan(1.06);
  });

  test("trained on rollouts, the dissipative model beats any that conserves energy", () => {
    const recipe = { ...chosenRecipe, units: 6, windows: [10, 40] };
    const shared = { recording: training, seed: 0, target: wasm() };
    const [dissipative] = trainDissipative({ ...shared, protocol: "rollout" }, recipe).score([run]);
    const [conservative] = trainHamiltonian(
      { ...shared, protocol: "midpoint" },
      { width: 24, steps: 600, rolloutSteps: 0, intervals: 10 },
    ).score([run]);
    expect(dissipative?.energy).toBeLessThan(2e-3);
    expect(dissipative?.state).toBeLessThan(2e-3);
    // The best conservative fit with two constants has 1.0e-2.
    expect(conservative?.energy).toBeGreaterThan(5e-3);
  });
});
