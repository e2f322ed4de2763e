import { wasm } from "@leastaction/tensor";
import { expect, test } from "vitest";
import { evaluateOne } from "./evaluation.ts";
import { summarise } from "./summary.ts";
import { tasks, trajectoryFrom } from "./task.ts";
import { trainings } from "./training.ts";

const [spring, pendulum] = tasks as [(typeof tasks)[0], (typeof tasks)[0]];

test("the true motion keeps the true energy", () => {
  for (const task of tasks) {
    const path = trajectoryFrom(task, [1.5, 0.4], 20, 20);
    for (const state of path) expect(task.hamiltonian(...state)).toBeCloseTo(task.hamiltonian(1.5, 0.4), 8);
  }
  const [, quarter] = trajectoryFrom(spring, [1, 0], Math.PI / 4, 2) as [unknown, readonly [number, number]];
  expect(quarter[0]).toBeCloseTo(0, 9);
  expect(quarter[1]).toBeCloseTo(-1, 9);
});

test.each([spring, pendulum])("small networks on the $name: the Hamiltonian one keeps the energy better", (task) => {
  const rows = [0, 1].flatMap((seed) =>
    (["hamiltonian", "network"] as const).map((kind) =>
      evaluateOne({ task, kind, seed, target: wasm(), training: trainings.reduced, fresh: 40 }),
    ),
  );
  const [summary] = summarise(rows) as [ReturnType<typeof summarise>[0]];
  expect(summary.seeds).toEqual([0, 1]);
  // The noise of the states sets the floor of the loss: the true field itself scores 0.036 to 0.040.
  expect(summary.hamiltonian.loss.range[1]).toBeLessThan(0.05);
  expect(summary.network.loss.range[1]).toBeLessThan(0.1);
  expect(summary.hamiltonian.honestProtocol.range[1]).toBeLessThan(0.01);
  expect(summary.ratio.estimate).toBeGreaterThan(5);
});
