/**
 * `npm run experiment -- stopped-runs [--kills 200] [--seed 1] [--workers 2] [--members 1] [--out FILE]`
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { hostRandom } from "@leastaction/dynamics";
import { environment } from "../environment.ts";
import { killOften, type Tally } from "./kill-often.ts";
import { type Outcome, outcomeOf, type Question, runProgram, wordsFor } from "./killed-run.ts";
import { questionsIn, writeQuestions } from "./questions.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    workers: { type: "string", default: "2" },
    members: { type: "string", default: "1" },
    out: { type: "string", default: "experiments/stopped-runs/results.json" },
  },
});
const kills = Number(values.kills);
const seed = Number(values.seed);
const workers = Number(values.workers);

/** All kills of one question, by some processes at a time. */
async function killedOften(question: Question, label: string, wanted: number, firstKey: number) {
  const begin = performance.now();
  await runProgram(question.folder, wordsFor({ ...question, members: 1 }, `${label}-whole`), null);
  const ms = performance.now() - begin;
  const whole = outcomeOf(path.join(question.folder, `${label}-whole`));
  const size = { ms, lines: whole.metrics.length };
  const parts = Array.from({ length: workers }, (_, i) =>
    killOften(
      question,
      `${label}-${i}`,
      Math.ceil((wanted - i) / workers),
      whole,
      size,
      hostRandom(seed).fork(firstKey + i),
    ),
  );
  return { whole: summary(whole), ...sum(await Promise.all(parts)) };
}

function sum(parts: readonly Tally[]): Tally {
  const total = (count: (part: Tally) => number): number => parts.reduce((all, part) => all + count(part), 0);
  return {
    kills: {
      metrics: total((part) => part.kills.metrics),
      checkpoint: total((part) => part.kills.checkpoint),
      time: total((part) => part.kills.time),
    },
    runs: total(({ runs }) => runs),
    equal: total(({ equal }) => equal),
    faults: parts.flatMap(({ faults }) => faults),
  };
}

function summary({ metrics, models }: Outcome) {
  return { lines: metrics.length, model: models["model.safetensors"] };
}

const folder = mkdtempSync(path.join(tmpdir(), "leastaction-stopped-"));
try {
  writeQuestions(folder);
  const result: Record<string, unknown> = {};
  let key = 0;
  for (const [name, question] of Object.entries(questionsIn(folder, Number(values.members)))) {
    key += 1000;
    const wanted = name === "least squares" ? Math.floor(kills / 2) : Math.ceil(kills / 2);
    const found = await killedOften(question, name.replaceAll(" ", "-"), wanted, key);
    console.log(name, JSON.stringify(found, null, 1));
    result[name] = { words: question.words.join(" "), members: question.members, ...found };
  }
  const facts = { ...environment("stopped-runs"), seed, ...result };
  writeFileSync(values.out, `${JSON.stringify(facts, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
