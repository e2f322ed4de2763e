/**
 * The thread that does jobs of a fit for `fit-in-threads.ts`. It loads the models by the names of the call, a file of the
 * user's own too, and chooses its target as the call did; then it does one job after another.
 */
import { parentPort, workerData } from "node:worker_threads";
import { type FitAnswers, type FitBrief, type FitNews, type FitOrder, fitWorker } from "@leastaction/dynamics";
import { modelsNamed } from "../model-by-name.ts";
import { chooseTarget, type TargetName, type TargetRecord } from "../target/choose-target.ts";
import { type CarriedError, carriedError } from "./carried-error.ts";

/** What the thread is told at its start. */
export interface FitThreadData {
  readonly brief: FitBrief;
  /** As the call names them. */
  readonly models: string;
  readonly cwd: string;
  readonly target: TargetName;
}

/** What it is told later. */
export type FitThreadOrder = { readonly order: FitOrder } | "stop";

/** What it says: it is ready; news of its job; a line for the user; the answer, or the error, with where programs ran. */
export type FitThreadWord =
  | { readonly kind: "ready" }
  | { readonly kind: "news"; readonly news: FitNews }
  | { readonly kind: "line"; readonly line: string }
  | { readonly kind: "answer"; readonly answer: FitAnswers[keyof FitAnswers]; readonly record: TargetRecord }
  | { readonly kind: "error"; readonly error: CarriedError };

const say = (word: FitThreadWord): void => parentPort?.postMessage(word);
const { brief, models, cwd, target } = workerData as FitThreadData;
const chosen = await chooseTarget(target, (line) => say({ kind: "line", line }));
const worker = fitWorker(brief, { model: await modelsNamed(models, cwd), target: chosen.target });

parentPort?.on("message", (told: FitThreadOrder) => {
  if (told === "stop") worker.stop();
  else void run(told.order);
});
say({ kind: "ready" });

async function run(order: FitOrder): Promise<void> {
  try {
    const answer = await worker.run(order, (news) => say({ kind: "news", news }));
    say({ kind: "answer", answer, record: chosen.record() });
  } catch (error) {
    say({ kind: "error", error: carriedError(error) });
  }
}
