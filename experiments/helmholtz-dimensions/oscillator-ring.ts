/**
 * Rings of n oscillators, each tied to the next by a spring that softens when stretched, in curved coordinates: alike but for
 * how the springs act on their two ends.
 *
 * - "mutual": force and reaction. The Lagrangian has the kinetic energy sum m_i x_i'² / 2.
 * - "reversed": every second oscillator is pushed where it would be pulled. There is a Lagrangian still, in which those
 *   have negative mass: g is indefinite.
 * - "one-sided": the spring acts on one end 9 times as strongly as on the other. On an open chain masses in the ratio 9
 *   would make up for that; around a ring they cannot, so there is no Lagrangian. (With springs that do not soften
 *   the field would be linear, and have one.)
 *
 * Coordinates q with x_1 = q_1, x_i = q_i + bend q_(i-1)² / 2, so that g depends on the place.
 */
import { hostRandom, type MetricField, type SecondOrderField, solveOnGrid } from "@leastaction/dynamics";
import {
  add,
  array,
  at,
  concatenate,
  convert,
  div,
  evaluate,
  type HostTensor,
  jacobian,
  matmul,
  mul,
  slice,
  square,
  stack,
  sub,
  type Tensor,
  tanh,
  transpose,
  vmap,
} from "@leastaction/tensor";

/** How the springs act. */
export type Coupling = "mutual" | "reversed" | "one-sided";

/** A ring. */
export interface OscillatorRing {
  readonly dimensions: number;
  readonly field: SecondOrderField;
  /** Its metric; of a one-sided ring that of the mutual one, which is none. */
  readonly metric: MetricField;
}

const spring = 0.5;
const softening = 1.5;
const bend = 0.3;
const onesidedness = 0.8;

/** A ring whose masses (0.5 to 2) and stiffnesses (0.5 to 1.5) are drawn. */
export function oscillatorRing(n: number, coupling: Coupling, seed: number): OscillatorRing {
  const random = hostRandom(seed).fork(n);
  const indices = Array.from({ length: n }, (_, i) => i);
  const mass = indices.map(() => 0.5 + 1.5 * random.uniform());
  const stiffness = indices.map(() => 0.5 + random.uniform());
  const sign = indices.map((i) => (coupling === "reversed" && i % 2 === 1 ? -1 : 1));
  const share = coupling === "one-sided" ? onesidedness : 0;
  const entry = (all: readonly Tensor[], i: number): Tensor => all[(i + n) % n] as Tensor;
  const entries = (vector: Tensor): Tensor[] => indices.map((i) => at(vector, i));
  const place = (q: readonly Tensor[]): Tensor[] =>
    q.map((each, i) => (i === 0 ? each : add(each, mul(bend / 2, square(entry(q, i - 1))))));

  const field: SecondOrderField = (_t, position, velocity) => {
    const [q, v] = [entries(position), entries(velocity)];
    const x = place(q);
    const pull = x.map((each, i) => div(tanh(mul(softening, sub(entry(x, i + 1), each))), softening));
    const accelerations: Tensor[] = [];
    for (const i of indices) {
      const springs = sub(mul(1 + share, entry(pull, i)), mul(1 - share, entry(pull, i - 1)));
      const force = sub(mul((sign[i] as number) * spring, springs), mul(stiffness[i] as number, entry(x, i)));
      const straight = div(force, mass[i] as number);
      const before = (all: readonly Tensor[]): Tensor => entry(all, i - 1);
      const curved = (): Tensor => mul(bend, add(square(before(v)), mul(before(q), before(accelerations))));
      accelerations.push(i === 0 ? straight : sub(straight, curved()));
    }
    return stack(accelerations);
  };
  const metric: MetricField = (_t, position) => {
    const slope = jacobian((q) => stack(place(entries(q))))(position);
    const masses = convert(array(indices.map((i) => (sign[i] as number) * (mass[i] as number))), position.dtype);
    return matmul(mul(transpose(slope), masses), slope);
  };
  return { dimensions: n, field, metric };
}

/** Motions of 4 time units from places and velocities of normal size 0.7: float64 [motions, times, 1 + 2 n]. */
export function ringMotions(
  { dimensions: n, field }: OscillatorRing,
  motions: number,
  times: number,
  seed: number,
): HostTensor {
  const random = hostRandom(seed).fork(1000 + n);
  const starts = Array.from({ length: motions }, () => Array.from({ length: 2 * n }, () => 0.7 * random.normal()));
  const grid = Array.from({ length: times }, (_, k) => (4 * k) / (times - 1));
  const motion = (y0: Tensor): Tensor =>
    solveOnGrid({
      field: (t, y: Tensor) => {
        const [x, v] = [slice(y, 0, 0, n), slice(y, 0, n, 2 * n)];
        return concatenate([v, field(t, x, v)]);
      },
      times: grid,
      y0,
      substeps: 4,
    });
  const states = evaluate(vmap(motion), array(starts));
  const rows = starts.map((_, motionIndex) =>
    grid.map((t, k) => {
      const from = (motionIndex * times + k) * 2 * n;
      return [t, ...Array.from(states.data.slice(from, from + 2 * n), Number)];
    }),
  );
  return array(rows);
}
