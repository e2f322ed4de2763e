/**
 * The threads of one loaded module: the caller and workers beside it, which run the turns of a task together.
 *
 * Whoever is free takes the next turn, the caller among them. A worker that wakes late, or has not started yet, finds none
 * left, and the caller waits only for those that have joined: a step that is too short for them takes no longer than on
 * one thread.
 *
 * Why nobody is missed: the caller closes the task and then counts who has joined; a worker joins and then looks whether the
 * task is open. `Atomics` have one order for all threads, in which one of the two sees the other.
 */
import { TensorError } from "../../errors.ts";
import { processors, type StartedWorker, startWorker } from "./start-worker.ts";
import { word, words } from "./worker-source.ts";

declare const performance: { now(): number };

/** Runs tasks on several threads. */
export interface Team {
  /** All turns of the task with this number. Errors: a worker has ended, or does not come back. */
  divide(task: number, turns: number): void;
  /** How many workers look for work by now. */
  readonly ready: () => number;
  readonly workers: readonly StartedWorker[];
  /** Ends the workers. */
  end(): void;
}

/** What workers need to run the tasks that the caller runs. */
export interface TeamWork {
  readonly module: object;
  /** The memory that all share. */
  readonly memory: object;
  readonly threads: number;
  /** A task on this thread, whose number is 0. */
  readonly run: (task: number, turn: number) => void;
  /** ms that the caller waits for a turn of another beyond ten times what it worked itself; default a minute. */
  readonly patience?: number;
}

interface Started {
  readonly control: Int32Array<SharedArrayBuffer>;
  readonly workers: StartedWorker[];
  /** Whether workers have been asked to start. */
  isAsked: boolean;
  lost: string | undefined;
}

/** ms for which those that have nothing to do look for work, or for the end of it, before they sleep. */
const looking = 0.05;
const minute = 60_000;

const teams = new FinalizationRegistry(end);

/** A team whose workers are started by the first task. They end with it, or when it is no longer held. */
export function createTeam(work: TeamWork): Team {
  const { run, patience = minute } = work;
  const started: Started = {
    control: new Int32Array(new SharedArrayBuffer(4 * words)),
    workers: [],
    isAsked: false,
    lost: undefined,
  };
  const { control } = started;
  const team: Team = {
    divide: (task, turns) => {
      if (started.lost !== undefined) throw lostError(started.lost);
      if (!started.isAsked) start(started, work);
      open(control, task, turns);
      const from = performance.now();
      const take = (): number => Atomics.add(control, word.next, 1);
      for (let turn = take(); turn < turns; turn = take()) run(task, turn);
      Atomics.store(control, word.open, 0);
      const until = performance.now() + patience + 10 * (performance.now() - from);
      if (!wait(control, until)) started.lost = "it does not come back";
      if (Atomics.load(control, word.failed) === 1) started.lost ??= "it met an error";
      if (started.lost !== undefined) throw lostError(started.lost);
    },
    ready: () => Atomics.load(control, word.ready),
    workers: started.workers,
    end: () => end(started),
  };
  // A module holds `divide` as long as anyone can run it.
  teams.register(team.divide, started);
  return team;
}

/** What is made here must not hold the team: workers live until nobody does. */
function start(started: Started, { module, memory, threads }: TeamWork): void {
  const { control, workers } = started;
  started.isAsked = true;
  const patience = threads > processors() ? 0 : looking;
  for (let worker = 1; worker < threads; worker++) {
    const made = startWorker({ module, memory, control, worker, patience }, (reason) => {
      if (Atomics.load(control, word.generation) !== -1) started.lost ??= reason;
    });
    if (made !== undefined) workers.push(made);
  }
}

function open(control: Started["control"], task: number, turns: number): void {
  Atomics.store(control, word.task, task);
  Atomics.store(control, word.turns, turns);
  Atomics.store(control, word.next, 0);
  Atomics.store(control, word.open, 1);
  Atomics.store(control, word.generation, (Atomics.load(control, word.generation) + 1) & 0x3fffffff);
  Atomics.notify(control, word.generation);
}

/** Waits until nobody has joined; false when it gets too late. A page's own thread may not sleep: it looks all the time. */
function wait(control: Started["control"], until: number): boolean {
  const sleepsFrom = performance.now() + looking;
  for (let i = 1; ; i++) {
    const joined = Atomics.load(control, word.joined);
    if (joined === 0) return true;
    if (i % 256 !== 0) continue;
    const now = performance.now();
    if (now > until) return false;
    if (now > sleepsFrom && maySleep) Atomics.wait(control, word.joined, joined, 1000);
  }
}

/** Whether this thread may wait for others. */
const maySleep = ((): boolean => {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1);
    return true;
  } catch {
    return false;
  }
})();

function end({ control, workers }: Started): void {
  Atomics.store(control, word.generation, -1);
  Atomics.notify(control, word.generation);
  for (const worker of workers) worker.terminate();
}

function lostError(reason: string): TensorError {
  return new TensorError(
    `Cannot run on several threads: expected every worker to stay, got one of which is known: ${reason}`,
    "Compile again, and load a saved state; if it happens again, with fewer threads.",
    "breakdown",
  );
}
