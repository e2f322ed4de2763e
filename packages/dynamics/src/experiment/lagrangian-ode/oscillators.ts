/**
 * The data of the experiment `lagrangian-ode`: two equal oscillators, started at 1 with a scatter of 0.1 and a tenth of
 * that place as velocity, so that the velocity is a function of the place.
 */
import { hostMath } from "../../host-math/host-math.ts";
import { type HostRandom, hostRandom } from "../../random/host-random.ts";
import { frequency, type LagrangianOdeSizes } from "./settings.ts";

/** Starts as they are and as they are measured, row-major [N, 2]. */
export interface OscillatorStarts {
  readonly exact: Float64Array;
  readonly measured: Float64Array;
}

/** Measured positions, row-major [N, T, 2]. */
export interface OscillatorData {
  readonly times: readonly number[];
  readonly positions: Float64Array;
}

/** Data to train on. */
export function trainingOscillators(sizes: LagrangianOdeSizes, seed: number): OscillatorData {
  const random = hostRandom(seed).fork(1);
  const { times, positions } = motionsOf(drawnStarts(sizes.trajectories, random), sizes);
  const deviation = sizes.noise * meanSize(positions);
  return { times, positions: positions.map((x) => x + deviation * random.normal()) };
}

/** Starts to test from; their noise is that of whole trajectories. */
export function testOscillators(sizes: LagrangianOdeSizes, seed: number): OscillatorStarts {
  const random = hostRandom(seed).fork(2);
  const exact = drawnStarts(sizes.testStarts, random);
  const deviation = sizes.noise * meanSize(motionsOf(exact, sizes).positions);
  return { exact, measured: exact.map((x) => x + deviation * random.normal()) };
}

function drawnStarts(count: number, random: HostRandom): Float64Array {
  return Float64Array.from({ length: 2 * count }, () => 1 + 0.1 * random.normal());
}

function motionsOf(starts: Float64Array, { times: count }: LagrangianOdeSizes): OscillatorData {
  const times = Array.from({ length: count }, (_, k) => k / (count - 1));
  const positions = new Float64Array(starts.length * count);
  starts.forEach((x, i) => {
    times.forEach((t, k) => {
      const at = (Math.floor(i / 2) * count + k) * 2 + (i % 2);
      positions[at] = x * hostMath.cos(frequency * t) + (Math.abs(x) / 10 / frequency) * hostMath.sin(frequency * t);
    });
  });
  return { times, positions };
}

function meanSize(values: Float64Array): number {
  return values.reduce((total, x) => total + Math.abs(x), 0) / values.length;
}
