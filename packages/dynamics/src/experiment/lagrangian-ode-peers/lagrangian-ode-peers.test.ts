import { reference } from "@leastaction/tensor";
import { describe, expect, it } from "vitest";
import { trajectoryScaling } from "../../model/trajectory-scaling.ts";
import { hostRandom } from "../../random/host-random.ts";
import { motionObjective } from "../../train/motion-objective.ts";
import type { ExperimentOutcome, ExperimentRow } from "../experiment.ts";
import { trainingOscillators } from "../lagrangian-ode/oscillators.ts";
import { lagrangianOdeSizes } from "../lagrangian-ode/settings.ts";
import { lagrangianOdePeersExperiment as experiment } from "./lagrangian-ode-peers.ts";
import { lagrangianOdePeers, type Peer, weightsOf } from "./peers.ts";
import { trainPeer } from "./train-peer.ts";

const sizes = { ...lagrangianOdeSizes.quick, trajectories: 16, batch: 8, halfTimesAt: 1, testStarts: 4, testTimes: 6 };
const compared = experiment.parts.map(({ name }) => lagrangianOdePeers.find((peer) => peer.name === name) as Peer);

describe("the models", () => {
  it("have about as many weights, and start with the same network of the start", () => {
    const [plain] = compared as [Peer];
    for (const peer of compared) {
      expect(Math.abs(weightsOf(peer).field - 130)).toBeLessThanOrEqual(3);
      expect((peer.model.init(7) as { start: unknown }).start).toEqual(
        (plain.model.init(7) as { start: unknown }).start,
      );
    }
  });

  it("see the same trajectories in the same order", () => {
    const data = { times: [-1, 0, 1], positions: Float64Array.from({ length: 90 }, (_, i) => i), count: 15 };
    const training = { seed: 3, dtype: "float32", batch: 4 } as const;
    const objectives = compared.map(({ model, objective }) =>
      objective === undefined ? motionObjective(model, data, training) : objective(data, training),
    );
    expect(objectives.map(({ terms }) => terms?.length)).toContain(2);
    for (const step of [0, 2, 3000]) {
      const [first, ...rest] = objectives.map((each) => each.batch(hostRandom(0), 0, step));
      for (const batch of rest) expect(batch).toEqual(first);
    }
  });

  it("are trained on the data of the seed and measured at both numbers of steps", async () => {
    const peer = compared.find(({ name }) => name === "hamiltonian") as Peer;
    const { times, positions } = trainingOscillators(sizes, 1);
    const trained = await trainPeer(peer, {
      sizes,
      seed: 1,
      trainingSeed: 2,
      rate: 0.01,
      marks: [2, 5],
      target: reference(),
    });
    expect(trained.status).toBe("finished");
    expect(trained.scaling).toEqual(trajectoryScaling(times, positions, 2));
    expect([...trained.errors.keys()]).toEqual([2, 5]);
    const [early, late] = [...trained.errors.values()].map((errors) => errors["x inside"] as number);
    expect(early).toBeGreaterThan(0);
    expect(late).toBeGreaterThan(0);
    expect(late).not.toBe(early);
  });
});

describe("rows", () => {
  const outcome = (part: string, seed: number, errors: readonly (number | null)[]): ExperimentOutcome => ({
    experiment: experiment.name,
    part,
    form: "quick",
    seed,
    control: null,
    setting: {},
    status: "finished",
    steps: 1,
    seconds: 1,
    measures: { restarts: seed, "x beyond": errors[0] ?? null, "x beyond, equal time": errors[1] ?? null },
    curves: [],
  });
  const plain = [outcome("plain", 0, [4, 1]), outcome("plain", 1, [16, 1]), outcome("plain", 2, [4, 2])];
  const rowOf = (outcomes: readonly ExperimentOutcome[], grid: string): ExperimentRow =>
    experiment
      .rows(outcomes)
      .filter(({ name, quantity }) => name === "lagrangian-ode" && quantity === "x beyond")
      .find((row) => row.grid?.startsWith(grid)) as ExperimentRow;
  const ratioOf = (outcomes: readonly ExperimentOutcome[], budget = "steps"): ExperimentRow =>
    rowOf(outcomes, `R, the error over that of plain, at equal ${budget}`);

  it("compare a model with the plain one on the same data", () => {
    const own = [outcome("lagrangian-ode", 0, [1, 2]), outcome("lagrangian-ode", 1, [1, 2])];
    const ratio = ratioOf([...plain, ...own]);
    expect([ratio.ours, ratio.bar?.value, ratio.holds]).toEqual([expect.closeTo(1 / 8, 9), 0.5, true]);
    expect(ratio.seeds).toEqual([0, 1]);
    const timed = ratioOf([...plain, ...own], "time");
    expect([timed.ours, timed.holds]).toEqual([expect.closeTo(2, 9), false]);
  });

  it("count what failed and what was begun anew, and leave it out of the mean", () => {
    const own = [
      outcome("lagrangian-ode", 0, [1]),
      outcome("lagrangian-ode", 1, [null]),
      outcome("lagrangian-ode", 2, [4]),
    ];
    const errors = rowOf([...plain, ...own], "Mean squared error");
    expect([errors.ours, errors.note]).toEqual([expect.closeTo(2, 9), "1 failed, 3 restarts"]);
    const ratio = ratioOf([...plain, ...own]);
    expect(ratio.ours).toBeCloseTo(0.5, 9);
    expect(ratio.note).toContain("1 failed, p = ");
    expect(ratioOf(own.slice(0, 1)).holds).toBe(false);
  });
});
