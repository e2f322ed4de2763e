/**
 * A made-up rig: a damped pendulum that a motor drives, recorded by an encoder.
 *
 * q'' = -w2 sin(q - q0) - c1 q' + gain u(t - delay) + bias. The motor's voltage is commanded in steps and recorded with
 * the angle 100 times a second; it acts after a delay that is no multiple of the sampling. The encoder gives degrees,
 * rounded to its counts, and that is all its noise. The truth is integrated by steps of at most 1 ms that end wherever the
 * voltage jumps.
 */
import { hostRandom } from "@leastaction/dynamics";

/** The constants of a rig; angles in rad. */
export interface Rig {
  /** 1/s²: g / l. */
  readonly w2: number;
  /** rad: where the encoder counts from. */
  readonly q0: number;
  /** 1/s. */
  readonly c1: number;
  /** rad/s² per volt. */
  readonly gain: number;
  /** rad/s². */
  readonly bias: number;
  /** s. */
  readonly delay: number;
  /** Counts of the encoder in a turn. */
  readonly counts: number;
}

/** Samples per second, s of each recording, and recordings. */
const rate = 100;
const duration = 5;
const recordings = 12;
/** V. */
const mostVolts = 6;

/** A random rig. */
export function randomRig(seed: number): Rig {
  const random = hostRandom(seed);
  const between = (low: number, high: number): number => low + (high - low) * random.uniform();
  return {
    w2: between(15, 60),
    q0: between(-0.06, 0.06),
    c1: between(0.05, 0.4),
    gain: between(0.8, 2.4),
    bias: between(-0.8, 0.8),
    delay: between(0.015, 0.025),
    counts: [1024, 2000, 4096][Math.floor(between(0, 3))] as number,
  };
}

/** The recordings of a rig as a table: `run`, `t [s]`, `enc [deg]`, `mot [V]`. */
export function recordRig(rig: Rig, seed: number): string {
  const random = hostRandom(seed).fork(7);
  const rows = ["run,t [s],enc [deg],mot [V]"];
  for (let run = 0; run < recordings; run++) {
    const volts = command(random);
    const start = { q: rig.q0 + 1.1 * (2 * random.uniform() - 1), v: 0 };
    const angles = motion(rig, volts, start);
    angles.forEach((angle, k) => {
      const degrees = (Math.round((angle * rig.counts) / (2 * Math.PI)) * 360) / rig.counts;
      rows.push(`run${run + 1},${k / rate},${degrees},${volts[k]}`);
    });
  }
  return rows.join("\n");
}

/** Volts at every sample: steps of random height, each for 0.1 to 0.6 s. */
function command(random: ReturnType<typeof hostRandom>): readonly number[] {
  const volts: number[] = [];
  while (volts.length <= duration * rate) {
    const level = Math.round(10 * mostVolts * (2 * random.uniform() - 1)) / 10;
    const length = Math.round(rate * (0.1 + 0.5 * random.uniform()));
    for (let i = 0; i < length; i++) volts.push(level);
  }
  return volts.slice(0, duration * rate + 1);
}

/** Angles at every sample. */
function motion(rig: Rig, volts: readonly number[], start: State): readonly number[] {
  const angles = [start.q];
  let state = start;
  for (let k = 1; k < volts.length; k++) {
    let now = (k - 1) / rate;
    const end = k / rate;
    while (now < end) {
      // What acts now was commanded a delay ago; before the first command it is the first.
      const index = Math.floor((now - rig.delay) * rate + 1e-9);
      const next = Math.min(end, (index + 1) / rate + rig.delay);
      const volt = volts[Math.max(0, index)] as number;
      state = integrated(rig, volt, state, next - now);
      now = next;
    }
    angles.push(state.q);
  }
  return angles;
}

interface State {
  readonly q: number;
  readonly v: number;
}

/** Classical Runge–Kutta steps of at most 1 ms. */
function integrated(rig: Rig, volt: number, start: State, length: number): State {
  const steps = Math.max(1, Math.ceil(length / 1e-3));
  const h = length / steps;
  const slope = ({ q, v }: State): State => ({
    q: v,
    v: -rig.w2 * Math.sin(q - rig.q0) - rig.c1 * v + rig.gain * volt + rig.bias,
  });
  const moved = (s: State, k: State, by: number): State => ({ q: s.q + by * k.q, v: s.v + by * k.v });
  let state = start;
  for (let i = 0; i < steps; i++) {
    const k1 = slope(state);
    const k2 = slope(moved(state, k1, h / 2));
    const k3 = slope(moved(state, k2, h / 2));
    const k4 = slope(moved(state, k3, h));
    state = moved(moved(moved(moved(state, k1, h / 6), k2, h / 3), k3, h / 3), k4, h / 6);
  }
  return state;
}
