/**
 * `npm run bench:members -- [--workers 2] [--rounds 3] [--steps 600] [--json FILE]`: the time of a fit of four members that
 * train side by side, as a ratio to one after another.
 *
 * The built command line fits four seeds of a network, in turn with one and with several workers within each round. What
 * both come to (every model, and the lines of the metrics but for their seconds) must be the same, byte for byte. The exit
 * status is 1 where it is not, or where two or more workers on as many processors gain less than the bar.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { simulate, systemNamed } from "@leastaction/dynamics";
import { describeMachine } from "./report/machine.ts";

/** Four members on two workers are to take so many times less. */
const gain = 1.5;

const { values } = parseArgs({
  options: {
    workers: { type: "string", default: "2" },
    rounds: { type: "string", default: "3" },
    steps: { type: "string", default: "600" },
    json: { type: "string" },
  },
});
const program = fileURLToPath(new URL("../../apps/cli/bin/leastaction.js", import.meta.url));
const asked = Number(values.workers);
const folder = mkdtempSync(path.join(tmpdir(), "leastaction-members-"));
const words = ["swing.csv", "--model", "neural-ode", "--seeds", "4", "--steps", values.steps, "--target", "wasm"];

/** One fit: s of the clock, and the digest of what it came to. */
function fitted(workers: number, run: string): { readonly seconds: number; readonly digest: string } {
  const begin = performance.now();
  const call = [program, "fit", ...words, "--workers", String(workers), "--out", run];
  const { status, stderr } = spawnSync(process.execPath, call, { cwd: folder, encoding: "utf8" });
  const seconds = (performance.now() - begin) / 1000;
  if (status !== 0) throw new Error(`fit ended with ${status}: ${stderr}`);
  return { seconds, digest: digestOf(path.join(folder, run)) };
}

function digestOf(run: string): string {
  const hash = createHash("sha256");
  const files = readdirSync(run, { recursive: true, encoding: "utf8" }).sort();
  for (const file of files.filter((name) => /^(model\.(json|safetensors)|metrics\.jsonl)$/.test(path.basename(name)))) {
    const text = readFileSync(path.join(run, file), "latin1");
    hash.update(file).update(file === "metrics.jsonl" ? text.replaceAll(/"elapsed":[\d.]+/g, "") : text);
  }
  return hash.digest("hex");
}

try {
  const options = { seed: 1, trajectories: 6, duration: 8, samples: 200, noise: 0.01 };
  writeFileSync(path.join(folder, "swing.csv"), simulate(systemNamed("pendulum"), options).text);
  fitted(1, "first");
  const counts = [1, asked];
  const seconds: Record<string, number[]> = Object.fromEntries(counts.map((count) => [count, []]));
  const digests = new Set<string>();
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const count of counts) {
      const run = fitted(count, `run-${round}-${count}`);
      seconds[count]?.push(run.seconds);
      digests.add(run.digest);
      console.log(`round ${round + 1}, ${count} at once: ${run.seconds.toFixed(1)} s`);
    }
  }
  const least = (count: number): number => Math.min(...(seconds[count] ?? []));
  const found = least(1) / least(asked);
  const sameBits = digests.size === 1;
  console.log(`${asked} at once: x${found.toFixed(2)}; what they come to is ${sameBits ? "the same" : "NOT THE SAME"}`);
  if (values.json !== undefined) {
    const facts = { date: new Date().toISOString().slice(0, 10), command: process.argv.slice(2).join(" ") };
    const result = {
      words: words.join(" "),
      members: 4,
      workers: asked,
      seconds,
      gain: found,
      sameBits,
      load: loadavg(),
    };
    writeFileSync(values.json, `${JSON.stringify({ ...facts, machine: describeMachine(), ...result }, null, 2)}\n`);
  }
  process.exitCode = sameBits && (availableParallelism() < asked || asked < 2 || found >= gain) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
