/**
 * `node --expose-gc memory-growth.js TARGET [keep]`: what 10,000 training steps add to the memory of a process.
 *
 * Prints one line: bytes added to the heap, to array buffers and to the resident set, garbage collected before and after,
 * the code warm; of three rounds the least, since what a step leaves behind shows in every round, and what the engine of
 * JavaScript does in its own time does not. With `keep` every step leaves 16 bytes in a buffer of their own: so much is
 * seen where something does stay.
 */
import { scaledModel } from "./scale/models.ts";
import { targets } from "./targets.ts";
import { compileStep } from "./workloads/workload.ts";

const steps = 10_000;
const [name = "", keep] = process.argv.slice(2);
const target = targets[name];
const collect = globalThis.gc;
if (target === undefined || collect === undefined) {
  console.error(`Cannot measure: expected a target and --expose-gc, got ${name} and ${typeof collect}`);
  process.exit(2);
}

const { workload } = scaledModel({ batch: 16, width: 16, depth: 1, steps: 0 });
const { compiled, start } = compileStep(workload, "float32", target());
const kept: unknown[] = [];
compiled.load(start);
const warmUp = 2;
const rounds = Array.from({ length: warmUp + 3 }, growth).slice(warmUp);
const least = (of: (round: ReturnType<typeof growth>) => number): number => Math.min(...rounds.map(of));
console.log(
  JSON.stringify({
    heap: least(({ heap }) => heap),
    arrayBuffers: least(({ arrayBuffers }) => arrayBuffers),
    resident: least(({ resident }) => resident),
  }),
);

function growth(): { heap: number; arrayBuffers: number; resident: number } {
  const before = used();
  run();
  const after = used();
  return {
    heap: after.heapUsed - before.heapUsed,
    arrayBuffers: after.arrayBuffers - before.arrayBuffers,
    resident: after.rss - before.rss,
  };
}

function run(): void {
  for (let step = 0; step < steps; step++) {
    compiled.runSync();
    if (keep !== undefined) kept.push(new ArrayBuffer(16));
  }
}

function used(): NodeJS.MemoryUsage {
  for (let turn = 0; turn < 3; turn++) collect?.();
  return process.memoryUsage();
}
