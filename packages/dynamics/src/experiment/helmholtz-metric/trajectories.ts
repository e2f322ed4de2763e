/**
 * The data of the experiment: noisy trajectories of a system, as points (t, x, v) at which the metric is measured.
 *
 * In: a system, a stream of random numbers, a count. Out: points in single precision. Trajectories are integrated by DOP853
 * in double precision, rtol = atol = 1e-9, many at once in one compiled program. The noise is normal, with a standard
 * deviation of a twentieth of the mean size of the data, on positions and on velocities.
 */
import { array, compile, concatenate, slice, specOf, type Target, type Tensor, vmap, wasm } from "@leastaction/tensor";
import type { HostRandom } from "../../random/host-random.ts";
import { solve } from "../../solve/solve.ts";
import { statusCodes } from "../../solve/status.ts";
import { dop853 } from "../../solver/dop853.ts";
import type { MetricSystem } from "./metric-system.ts";

/** Points of trajectories. */
export interface MetricTrajectories {
  /** t, x1, x2, v1, v2 of each point of each trajectory, one after another: [count, samples, 5]. */
  readonly points: Float32Array;
  readonly count: number;
  readonly samples: number;
  /** Starts that were drawn again, because their motions left the region of the system. */
  readonly redrawn: number;
}

/** Numbers of a point. */
export const pointSize = 5;
const tolerance = 1e-9;
const noiseShare = 0.05;
/** Trajectories in one call of the compiled program. */
const together = 64;
/** t, then pairs of x and of v. */
const [xAt, vAt] = [1, 3];

/** A source of trajectories of `samples` points each (default: those of the system); its program is compiled once. */
export function trajectorySource(
  system: MetricSystem,
  { samples = system.samples, target = wasm() }: { readonly samples?: number; readonly target?: Target } = {},
): (random: HostRandom, count: number) => Promise<MetricTrajectories> {
  const times = Float64Array.from({ length: samples }, (_, k) => (system.duration * k) / (samples - 1));
  const integrate = integrator(system, times, target);
  const trajectorySize = samples * pointSize;
  return async (random, count) => {
    const points = new Float32Array(count * trajectorySize);
    const starts = random.fork(1);
    let done = 0;
    let redrawn = 0;
    while (done < count) {
      const states = await integrate(Array.from({ length: together }, () => system.drawStart(starts)));
      for (const own of states) {
        if (done === count) break;
        if (own === null) redrawn += 1;
        else fill(points.subarray(trajectorySize * done, trajectorySize * ++done), times, own);
      }
    }
    addNoise(points, random.fork(2), system.noise === "by-component");
    return { points, count, samples, redrawn };
  };
}

type Starts = readonly ReturnType<MetricSystem["drawStart"]>[];

/** States [samples, 4] of each start, or null where the motion leaves the region of the system. */
function integrator(
  system: MetricSystem,
  times: Float64Array,
  target: Target,
): (starts: Starts) => Promise<readonly (Float64Array | null)[]> {
  const one = (y0: Tensor): { readonly states: Tensor; readonly status: Tensor } => {
    const field = (t: Tensor, y: Tensor): Tensor => {
      const [x, v] = [slice(y, 0, 0, 2), slice(y, 0, 2, 4)];
      return concatenate([v, system.field(t, x, v)]);
    };
    const { states, status } = solve({
      field,
      t0: 0,
      t1: system.duration,
      y0,
      solver: dop853,
      rtol: tolerance,
      atol: tolerance,
      saveAt: { times: array(times) },
      maxSteps: 256,
      adjoint: "none",
    });
    return { states, status };
  };
  const batch = array(new Float64Array(together * 4), [together, 4]);
  const program = compile(vmap(one) as (y0: never) => { states: Tensor; status: Tensor }, [specOf(batch)], target);
  const size = times.length * 4;
  return async (starts) => {
    const rows = Float64Array.from(starts.flatMap(({ x, v }) => [...x, ...v]));
    const { states, status } = await program.call(array(rows, [together, 4]));
    return starts.map((_, member) => {
      const own = (states.data as Float64Array).slice(size * member, size * (member + 1));
      const isWhole = status.data[member] === statusCodes.success;
      const { limit } = system;
      return isWhole && (limit === null || own.every((value) => Math.abs(value) <= limit)) ? own : null;
    });
  };
}

function fill(into: Float32Array, times: Float64Array, states: Float64Array): void {
  for (const [k, t] of times.entries()) {
    into[k * pointSize] = t;
    for (let i = 0; i < 4; i++) into[k * pointSize + 1 + i] = states[4 * k + i] as number;
  }
}

/** Normal noise on positions and velocities; its size from each column apart, or from both positions or velocities. */
function addNoise(points: Float32Array, random: HostRandom, byComponent: boolean): void {
  const groups = byComponent
    ? [1, 2, 3, 4].map((column) => [column])
    : [xAt, vAt].map((column) => [column, column + 1]);
  for (const columns of groups) {
    let sum = 0;
    for (const column of columns) {
      for (let i = column; i < points.length; i += pointSize) sum += Math.abs(points[i] as number);
    }
    const deviation = (noiseShare * sum * pointSize) / (points.length * columns.length);
    for (const column of columns) {
      for (let i = column; i < points.length; i += pointSize) {
        points[i] = (points[i] as number) + deviation * random.normal();
      }
    }
  }
}
