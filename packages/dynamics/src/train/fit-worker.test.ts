/** A fit with workers is the fit without them, bit for bit: its run, its reports, and what it goes on to when it stopped. */
import { array, concatenate, mul, neg, sin, TensorError } from "@leastaction/tensor";
import { beforeAll, describe, expect, it } from "vitest";
import { halves } from "../model/coordinate-features.ts";
import { defineModel } from "../model/define-model.ts";
import { simulate } from "../system/simulate.ts";
import { systemNamed } from "../system/systems.ts";
import { fit } from "./fit.ts";
import type { FitOptions } from "./fit-options.ts";
import { type FitNews, type FitWorkers, fitWorker } from "./fit-worker.ts";
import type { Run } from "./run.ts";
import { memoryCheckpoints, type TakenState } from "./testing/memory-checkpoints.ts";

const { dataset } = simulate(systemNamed("pendulum"), {
  seed: 2,
  trajectories: 3,
  duration: 3,
  samples: 40,
  noise: 0.01,
});
/** A pendulum without friction. */
const swing = defineModel({
  name: "swing",
  init: () => ({ stiffness: array(1) }),
  field: ({ stiffness }, _, state) => {
    const [angle, velocity] = halves(state);
    return concatenate([velocity, neg(mul(stiffness, sin(angle)))]);
  },
});
const question = { model: ["linear-state-space", swing], steps: 8 };

/** Workers in this thread, between which everything is copied as between threads. */
function workersFor(count: number, heard: (news: FitNews) => void): FitWorkers {
  return {
    count,
    start: async (brief) => {
      const { run, stop } = fitWorker(structuredClone(brief), question);
      return {
        run: async (order, tell) => {
          const told = (news: FitNews): void => {
            tell(structuredClone(news));
            heard(news);
          };
          return structuredClone(await run(structuredClone(order), told));
        },
        stop,
      };
    },
  };
}

function withoutSeconds<T extends { readonly seconds: number }>({ seconds: _seconds, ...rest }: T): Omit<T, "seconds"> {
  return rest;
}

/** What a run is, but for what it cost in time. */
function timeless({ members, ranking, winner, model, ...rest }: Run) {
  return {
    ...withoutSeconds(rest),
    winner: [winner.name, winner.seed],
    bytes: model.toBytes(),
    ranking: ranking.map(withoutSeconds),
    members: members.map(({ model: own, ...member }) => ({ ...withoutSeconds(member), bytes: own.toBytes() })),
  };
}

/** A fit, and all its reports in their order. */
async function course(options: FitOptions) {
  const reports: unknown[] = [];
  const onProgress: FitOptions["onProgress"] = ({ phase, model, seed, step, loss }) => {
    reports.push([phase, model, seed, step, loss]);
  };
  const run = await fit(dataset, { ...question, ...options, onProgress });
  return { run: timeless(run), reports };
}

describe("workers", () => {
  let alone: Awaited<ReturnType<typeof course>>;
  beforeAll(async () => {
    alone = await course({});
  }, 60_000);

  it("change nothing", { timeout: 60_000 }, async () => {
    const kinds = new Set<string>();
    const workers = workersFor(3, ({ kind }) => void kinds.add(kind));
    expect(await course({ workers })).toEqual(alone);
    expect(kinds).toEqual(new Set(["step", "state"]));
  });

  it("go on from a state of several jobs, with any number of them", { timeout: 120_000 }, async () => {
    const checkpoints = memoryCheckpoints(null, (_, { now }) => now);
    const stopped = new AbortController();
    const workers = workersFor(2, () => stopped.abort());
    const first = await course({ workers, checkpoints, signal: stopped.signal });
    expect(first.run.complete).toBe(false);
    const [{ state, at }] = checkpoints.taken as readonly [TakenState];
    const { ended, running } = state.facts as Readonly<Record<string, object>>;
    const trainings = Object.keys({ ...ended, ...running });
    expect(new Set(trainings.map((name) => name.split("/")[0]))).toEqual(new Set(["member 0", "member 1"]));
    const second = await course({ checkpoints: memoryCheckpoints(state) });
    expect(second.run).toEqual(alone.run);
    expect([...first.reports.slice(0, at.reports), ...second.reports]).toEqual(alone.reports);
  });

  it("end with the error of a job, as it was thrown", async () => {
    const thrown = new TensorError("Cannot train: expected luck, got none", "Try again.");
    const workers: FitWorkers = {
      count: 2,
      start: async () => ({ run: () => Promise.reject(thrown), stop: () => {} }),
    };
    await expect(course({ workers })).rejects.toBe(thrown);
  });
});
