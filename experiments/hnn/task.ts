/**
 * Tasks 1 and 2 of Greydanus, Dzamba, Yosinski, "Hamiltonian Neural Networks", NeurIPS 2019, arXiv:1906.01563: an ideal
 * spring and an ideal pendulum, with noise on the states and none on the derivatives.
 */
import { hostRandom } from "@leastaction/dynamics";

/** (q, p). */
export type State = readonly [number, number];

/** One of the two systems. */
export interface Task {
  readonly name: "spring" | "pendulum";
  /** Observations of a trajectory, evenly spaced over t in [0, 3]. */
  readonly points: number;
  /** Radius of the starts in the (q, p) plane. */
  readonly radius: readonly [number, number];
  readonly hamiltonian: (q: number, p: number) => number;
  readonly field: (q: number, p: number) => State;
  /** What the published evaluation calls energy: q² + p² for both systems. */
  readonly publishedEnergy: (q: number, p: number) => number;
  /**
   * By what factor the published evaluation stretches time from one trial to the next: 1 + 0.9 sigma on the spring. It
   * does so in place, on arrays shared by all trials, after the true motion was computed and before the models' was.
   */
  readonly stretch: number;
  /** Published energy errors (mean squared). */
  readonly published: { readonly network: number; readonly hamiltonian: number };
}

const circle = (q: number, p: number): number => q * q + p * p;

/** The two tasks. */
export const tasks: readonly Task[] = [
  {
    name: "spring",
    points: 30,
    radius: [0.1, 1],
    hamiltonian: circle,
    field: (q, p) => [2 * p, -2 * q],
    publishedEnergy: circle,
    stretch: 1.09,
    published: { network: 1.71e-1, hamiltonian: 3.84e-4 },
  },
  {
    name: "pendulum",
    points: 45,
    radius: [1.3, 2.3],
    hamiltonian: (q, p) => 3 * (1 - Math.cos(q)) + p * p,
    field: (q, p) => [2 * p, -3 * Math.sin(q)],
    publishedEnergy: circle,
    stretch: 1,
    published: { network: 4.15e-2, hamiltonian: 2.49e-2 },
  },
];

/** States with noise, and the exact derivatives at the states without: row-major [n, 2]. */
export interface DerivativeData {
  readonly count: number;
  readonly states: Float32Array;
  readonly derivatives: Float32Array;
}

const noise = 0.1;

/** The training data of a task: by default, as published, 25 trajectories from random directions. */
export function trainingData(task: Task, seed: number, trajectories = 25): DerivativeData {
  const random = hostRandom(seed).fork(1);
  const count = trajectories * task.points;
  const states = new Float32Array(2 * count);
  const derivatives = new Float32Array(2 * count);
  let at = 0;
  for (let trajectory = 0; trajectory < trajectories; trajectory++) {
    const [start] = startsInAnnulus(task, 1, random) as [State];
    for (const [q, p] of trajectoryFrom(task, start, 3, task.points)) {
      states[at] = q + noise * random.normal();
      states[at + 1] = p + noise * random.normal();
      derivatives.set(task.field(q, p), at);
      at += 2;
    }
  }
  return { count, states, derivatives };
}

/** Starts with the direction uniform and the radius uniform over the training annulus. */
export function startsInAnnulus(
  { radius: [low, high] }: Task,
  count: number,
  random: ReturnType<typeof hostRandom>,
): State[] {
  return Array.from({ length: count }, () => {
    const angle = 2 * Math.PI * random.uniform();
    const radius = low + (high - low) * random.uniform();
    return [radius * Math.cos(angle), radius * Math.sin(angle)] as const;
  });
}

/** Starts of the published evaluation: each coordinate ±U(0.2, 1), mostly inside the hole of the pendulum's annulus. */
export function publishedStarts(count: number, random: ReturnType<typeof hostRandom>): State[] {
  const coordinate = (): number => (random.uniform() < 0.5 ? -1 : 1) * (0.2 + 0.8 * random.uniform());
  return Array.from({ length: count }, () => [coordinate(), coordinate()] as const);
}

/** The true motion by classical Runge-Kutta with 200 steps between neighbouring points: error below 1e-9. */
export function trajectoryFrom(task: Task, start: State, duration: number, points: number): State[] {
  const substeps = 200;
  const h = duration / (points - 1) / substeps;
  const path: State[] = [start];
  let [q, p] = start;
  for (let i = 0; i < (points - 1) * substeps; i++) {
    const [a, b] = task.field(q, p);
    const [c, d] = task.field(q + (h / 2) * a, p + (h / 2) * b);
    const [e, f] = task.field(q + (h / 2) * c, p + (h / 2) * d);
    const [g, k] = task.field(q + h * e, p + h * f);
    q += (h / 6) * (a + 2 * c + 2 * e + g);
    p += (h / 6) * (b + 2 * d + 2 * f + k);
    if ((i + 1) % substeps === 0) path.push([q, p]);
  }
  return path;
}
