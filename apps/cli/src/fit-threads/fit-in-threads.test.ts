/** What a thread answers is what this thread would have answered: with models of the user's own, and errors of theirs. */
import { rmSync } from "node:fs";
import { defineModel, type FitOrder, type FitWorker, fitWorker, simulate, systemNamed } from "@leastaction/dynamics";
import { array, div, mul, sub } from "@leastaction/tensor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CommandError } from "../command-error.ts";
import { temporaryFolder } from "../testing/memory-io.ts";
import { type FitThreads, fitInThreads } from "./fit-in-threads.ts";

const throwing = `import { isMainThread } from "node:worker_threads";
import { array, defineModel } from "leastaction";
export default defineModel({
  name: "throwing",
  init: () => ({ k: array([1]) }),
  field: ({ k }, _t, state) => {
    if (isMainThread) return state;
    return k.nothing.at(0);
  },
});
`;
const diverging = `
import { array, defineModel, div, mul, sub } from "leastaction";
export default defineModel({
  name: "diverging",
  init: () => ({ k: array([1]) }),
  field: ({ k }, _t, state) => mul(state, div(k, sub(k, k))),
});
`;
/** The second one, here. */
const again = defineModel({
  name: "diverging",
  init: () => ({ k: array([1]) }),
  field: ({ k }, _t, state) => mul(state, div(k, sub(k, k))),
});
const folder = temporaryFolder({ "throwing.mjs": throwing, "diverging.mjs": diverging });
const models = "./throwing.mjs,./diverging.mjs";
const { dataset } = simulate(systemNamed("pendulum"), { seed: 1, trajectories: 2, duration: 3, samples: 40 });
const brief = { dataset, options: {} };

let threads: FitThreads;
let worker: FitWorker;
beforeAll(async () => {
  threads = fitInThreads({ asked: 2, models, cwd: folder, target: "wasm", say: () => {} });
  worker = await threads.workers.start(brief);
}, 60_000);
afterAll(() => {
  threads.end();
  rmSync(folder, { recursive: true, force: true });
});

function orderFor(model: number): FitOrder {
  const facts = { about: "member", steps: 0, reports: 0, elapsed: 0, told: {}, ended: {}, running: {} };
  const job = { task: "train", name: "member", model, form: null, seed: 0, steps: 4 } as const;
  return { job, journal: { facts, tensors: {} }, timeBudget: null };
}

/** The answer to an order without its seconds. */
async function answerOf({ run }: FitWorker, order: FitOrder): Promise<unknown> {
  const answer = await run(order, () => {});
  return Object.entries(answer ?? {}).filter(([name]) => name !== "seconds");
}

describe("a thread", { timeout: 60_000 }, () => {
  test("throws the error of a user's model, with its class, its code and their line", async () => {
    const error = await worker.run(orderFor(0), () => {}).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CommandError);
    expect(error).toMatchObject({ code: "unusable-module", cause: { name: "TypeError" } });
    expect((error as Error).message).toMatch(/^Cannot run field of the model \.\/throwing\.mjs: .*\nCorrect line 8 of/);
  });

  test("answers as this one does, of a training that diverges too, and after an error", async () => {
    const here = fitWorker(brief, { model: ["hold", again] });
    const answer = await answerOf(worker, orderFor(1));
    expect(answer).toContainEqual(["status", "diverged"]);
    expect(answer).toEqual(await answerOf(here, orderFor(1)));
    expect(threads.records()).toMatchObject([{ used: "wasm" }]);
  });
});
