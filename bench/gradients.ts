/**
 * `npm run bench:gradients -- [--rounds 30] [--json FILE]`: time and memory of every way to the gradient of a solution.
 *
 * First the methods side by side on a neural ODE with adaptive steps: milliseconds of processor time of a gradient, of the value alone,
 * bytes owned, the defect against the gradient of the equation, and that against the replay of the same steps. Then
 * `checkpointed` against `replay` as the number of equal steps grows: ratio of times, bytes, and the bound of
 * 2.2 sqrt(N) times a carry and what one step leaves. The exit status is 1 where a ratio exceeds 1.7 or bytes the bound.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type AdjointName, adjointNames } from "@leastaction/dynamics";
import { nativeAvailable } from "@leastaction/native";
import type { wasm } from "@leastaction/tensor";
import { adaptive, defectOf, equal, leastTimes, lossWith, prepare, prepareValue } from "./gradients/problem.ts";
import { describeMachine } from "./report/machine.ts";
import { targets } from "./targets.ts";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "30" }, json: { type: "string" } },
});
const rounds = Number(values.rounds);
const { ok, reason } = nativeAvailable();
if (!ok) console.log(`SKIPPED native: ${reason}`);
const names = ok ? ["wasm", "native"] : ["wasm"];
const timeBar = 1.7;
const rootFactor = 2.2;
const carryBytes = 2 * 8;

const methods = names.flatMap((target) => measureMethods(target));
const growth = names.flatMap((target) => measureGrowth(target));
if (values.json !== undefined) {
  const machine = describeMachine();
  writeFileSync(values.json, `${JSON.stringify({ machine, rounds, timeBar, rootFactor, methods, growth }, null, 2)}\n`);
}
process.exitCode = growth.every(({ ratio, bytes, bound }) => ratio <= timeBar && bytes <= bound) ? 0 : 1;

interface MethodRow {
  readonly target: string;
  readonly adjoint: AdjointName;
  readonly milliseconds: number;
  /** Of the value alone, by the same method's solution. */
  readonly valueMilliseconds: number;
  readonly bytes: number;
  /** Against the gradient of the equation. */
  readonly defect: number;
  /** Against the gradient by replay. */
  readonly fromReplay: number;
}

function measureMethods(target: string): MethodRow[] {
  const make = (): ReturnType<typeof wasm> => (targets[target] as () => ReturnType<typeof wasm>)();
  const tolerance = 1e-8;
  const truth = prepare(lossWith({ ...adaptive("replay", 1e-13), maxSteps: 8192 }), make()).gradient;
  const value = prepareValue(lossWith(adaptive("none", tolerance)), make());
  const kinds = adjointNames.filter((name) => name !== "none" && name !== "auto");
  const gradients = kinds.map((adjoint) => prepare(lossWith(adaptive(adjoint, tolerance)), make()));
  const [valueMilliseconds = 0, ...times] = leastTimes([value, ...gradients], rounds);
  console.log(
    `\n${target}, adaptive steps: ms of a gradient (the value alone ${valueMilliseconds.toPrecision(3)}), KiB, defects`,
  );
  return kinds.map((adjoint, i) => {
    const { bytes, gradient } = gradients[i] as (typeof gradients)[number];
    const row: MethodRow = {
      target,
      adjoint,
      milliseconds: times[i] as number,
      valueMilliseconds,
      bytes,
      defect: defectOf(gradient, truth),
      fromReplay: defectOf(gradient, gradients[0]?.gradient ?? []),
    };
    const cells = [
      row.milliseconds.toPrecision(3),
      (bytes / 1024).toFixed(0),
      row.defect.toExponential(1),
      row.fromReplay.toExponential(1),
    ];
    console.log(`  ${adjoint.padEnd(14)} ${cells.join("   ")}`);
    return row;
  });
}

interface GrowthRow {
  readonly target: string;
  readonly steps: number;
  readonly replayMilliseconds: number;
  readonly checkpointedMilliseconds: number;
  readonly ratio: number;
  readonly replayBytes: number;
  readonly bytes: number;
  /** What one step leaves, by the growth of the replay. */
  readonly stepBytes: number;
  readonly bound: number;
}

function measureGrowth(target: string): GrowthRow[] {
  const make = (): ReturnType<typeof wasm> => (targets[target] as () => ReturnType<typeof wasm>)();
  const counts = [256, 1024, 4096, 16_384];
  console.log(`\n${target}, equal steps: replay ms, checkpointed ms, ratio; KiB of both, bound`);
  const pairs = counts.map((steps) =>
    (["replay", "checkpointed"] as const).map((adjoint) => prepare(lossWith(equal(adjoint, steps)), make())),
  );
  const sizes = pairs.map(([replay]) => replay?.bytes ?? 0);
  const last = counts.length - 1;
  const stepBytes =
    ((sizes[last] as number) - (sizes[0] as number)) / ((counts[last] as number) - (counts[0] as number));
  // What does not grow with the steps: parameters, their gradient, one step of work.
  const fixed = (sizes[0] as number) - (counts[0] as number) * stepBytes;
  return counts.map((steps, i) => {
    const pair = pairs[i] as (typeof pairs)[number];
    const [replayMilliseconds = 0, checkpointedMilliseconds = 0] = leastTimes(pair, rounds);
    const row: GrowthRow = {
      target,
      steps,
      replayMilliseconds,
      checkpointedMilliseconds,
      ratio: checkpointedMilliseconds / replayMilliseconds,
      replayBytes: pair[0]?.bytes ?? 0,
      bytes: pair[1]?.bytes ?? 0,
      stepBytes,
      bound: fixed + rootFactor * Math.sqrt(steps) * (carryBytes + stepBytes),
    };
    const kilobytes = [row.replayBytes, row.bytes, row.bound].map((bytes) => (bytes / 1024).toFixed(0));
    const times = [replayMilliseconds, checkpointedMilliseconds, row.ratio].map((value) => value.toPrecision(3));
    console.log(`  ${String(steps).padStart(6)}   ${times.join("  ")}   ${kilobytes.join("  ")}`);
    return row;
  });
}
