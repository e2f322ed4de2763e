/**
 * What the machine allows at most: processes that share nothing but it, each with an undivided step of its own, at once.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { median } from "./time-step.ts";

/** Steps in the time of one, when `copies` processes run at once: medians over rounds in which one runs alone, then all. */
export async function mostGain(id: string, target: string, copies: number, rounds: number): Promise<number> {
  const file = new URL("./copy.js", import.meta.url);
  const processes = Array.from({ length: copies }, () => fork(file, [id, target]));
  try {
    await Promise.all(processes.map((each) => answerOf(each)));
    const [alone, together]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      alone.push(await askFor(processes[0] as ChildProcess));
      together.push(...(await Promise.all(processes.map(askFor))));
    }
    return (copies * median(alone)) / median(together);
  } finally {
    for (const each of processes) each.kill();
  }
}

async function askFor(process: ChildProcess): Promise<number> {
  const answer = answerOf(process);
  process.send("round");
  return Number(await answer);
}

async function answerOf(process: ChildProcess): Promise<unknown> {
  const [answer] = (await once(process, "message")) as readonly unknown[];
  return answer;
}
