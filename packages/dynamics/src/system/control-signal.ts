/**
 * Signals that drive a system so that its answer can be learned: one value for each sample, held until the next one, as
 * a digital controller does.
 *
 * `chirp` sweeps the frequency from a fifth to three times that of the system's own motion; `steps` jumps to a new
 * level every half timescale or so; `random` is a sum of waves with random frequencies of the same range and phases.
 * All stay within the amplitude.
 */

import { hostMath } from "../host-math/host-math.ts";
import type { HostRandom } from "../random/host-random.ts";

/** The kinds of signals. */
export type ControlSignal = "chirp" | "steps" | "random";

/** All kinds, for messages and flags. */
export const controlSignals: readonly ControlSignal[] = Object.freeze(["chirp", "steps", "random"]);

const slowest = 0.2;
const fastest = 3;
const waves = 8;

/**
 * The values of a signal.
 * @param times [n] s, increasing
 * @param timescale s: of the system
 * @param amplitude the largest magnitude, in the control's unit
 * @returns [n]
 */
export function controlSignal(
  kind: ControlSignal,
  times: Float64Array,
  timescale: number,
  amplitude: number,
  random: HostRandom,
): readonly number[] {
  if (kind === "steps") return steps(times, timescale, amplitude, random);
  const signal = kind === "chirp" ? chirp(times, timescale, random) : noise(timescale, random);
  return Array.from(times, (t) => amplitude * signal(t));
}

function steps(times: Float64Array, timescale: number, amplitude: number, random: HostRandom): readonly number[] {
  let [level, until] = [0, Number.NEGATIVE_INFINITY];
  return Array.from(times, (t) => {
    if (t >= until) {
      level = amplitude * (2 * random.uniform() - 1);
      until = t + timescale * (0.25 + 0.5 * random.uniform());
    }
    return level;
  });
}

/** The phase is the integral of a frequency that rises linearly. */
function chirp(times: Float64Array, timescale: number, random: HostRandom): (t: number) => number {
  const [start, end] = [times[0] ?? 0, times.at(-1) ?? 1];
  const rise = (fastest - slowest) / (end - start || 1);
  const phase = random.uniform();
  return (t) => {
    const turns = (slowest * (t - start) + 0.5 * rise * (t - start) ** 2) / timescale;
    return hostMath.sin(2 * Math.PI * (turns + phase));
  };
}

function noise(timescale: number, random: HostRandom): (t: number) => number {
  const parts = Array.from({ length: waves }, () => {
    const frequency = (slowest + (fastest - slowest) * random.uniform()) / timescale;
    return { frequency, phase: random.uniform(), weight: 0.5 + random.uniform() };
  });
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  return (t) =>
    parts.reduce((sum, { frequency, phase, weight }) => {
      return sum + (weight / total) * hostMath.sin(2 * Math.PI * (frequency * t + phase));
    }, 0);
}
