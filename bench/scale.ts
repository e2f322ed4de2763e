/**
 * `npm run bench:scale -- [--json FILE] [--svg FILE]`: time of a training step as batch, width, depth and solver steps grow.
 *
 * Prints each point and, for each curve and target, the slope of time against arithmetic beyond the caches; writes the
 * points as JSON and the curves as a drawing. The exit status is 1 where a slope exceeds the bar.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { nativeAvailable } from "@leastaction/native";
import { describeMachine } from "./report/machine.ts";
import { curves } from "./scale/curves.ts";
import { scaledModel } from "./scale/models.ts";
import { plotOf } from "./scale/plot.ts";
import { beyondCaches, slopeOf } from "./scale/slope.ts";
import { timeStep } from "./scale/time-step.ts";
import { targets } from "./targets.ts";

const bar = 1.05;

const { values } = parseArgs({ options: { json: { type: "string" }, svg: { type: "string" } } });
const cacheBytes = lastCache();
const { ok, reason } = nativeAvailable();
if (!ok) console.log(`SKIPPED native: ${reason}`);
const names = ok ? ["native", "wasm"] : ["wasm"];

const measured = curves.map(({ extent, sizes }) => {
  console.log(`\n${extent}: milliseconds per step (GFLOP/s, MB owned)`);
  const rows = sizes.map((size) => {
    const model = scaledModel(size);
    const points = names.map((name) => ({ ...size, ...timeStep(model, targets[name]?.() as never) }));
    const cells = points.map(
      ({ operations, milliseconds, bytes }, i) =>
        `${names[i]} ${milliseconds.toPrecision(4)} (${((operations / milliseconds) * 1e-6).toPrecision(3)}, ${(bytes * 1e-6).toFixed(1)})`,
    );
    console.log(`  ${size[extent]}: ${cells.join("   ")}`);
    return points;
  });
  return names.map((target, column) => {
    const points = rows.map((row) => row[column] as NonNullable<(typeof row)[number]>);
    const beyond = beyondCaches(points, cacheBytes);
    const slope = slopeOf(beyond);
    console.log(
      `  slope on ${target}, last ${beyond.length}: ${slope.toFixed(3)} ${slope <= bar ? "" : "ABOVE THE BAR"}`,
    );
    return { extent, target, slope, points };
  });
});
const results = measured.flat();
const machine = describeMachine();
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ machine, cacheBytes, bar, curves: results }, null, 2)}\n`);
}
if (values.svg !== undefined) writeFileSync(values.svg, plotOf(results));
process.exitCode = results.every(({ slope }) => slope <= bar) ? 0 : 1;

/** Bytes of the largest cache of the first core; 32 MiB where the system does not tell. */
function lastCache(): number {
  const files = [2, 3, 4].map((index) => `/sys/devices/system/cpu/cpu0/cache/index${index}/size`).filter(existsSync);
  const kilobytes = files.map((file) => Number.parseInt(readFileSync(file, "utf8"), 10));
  return Math.max(...kilobytes, ...(files.length === 0 ? [32 * 1024] : [])) * 1024;
}
