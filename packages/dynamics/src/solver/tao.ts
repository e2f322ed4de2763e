/**
 * Tao's explicit symplectic integrators for Hamiltonians that are not separable: Tao, 2016, "Explicit symplectic
 * approximation of nonseparable Hamiltonians: algorithm and long time performance", equations 1 to 3,
 * doi:10.1103/PhysRevE.94.043303.
 *
 * The state (q, p) gets a copy (x, y), and H(q, y) + H(x, p) + omega (|q - x|² + |p - y|²) / 2 is split into its three
 * terms, each of which is solved exactly: the first moves x and p, the second q and y, the third turns the differences.
 * The step is symplectic in the doubled space; the state alone, which is what remains when the copy is forgotten,
 * follows the solution for long times when omega is large enough to bind the two and omega h stays small. Handed on is
 * the difference (x - q, y - p), which starts at zero. Time is a pair of clocks in the same way: H(q, y) sees the first
 * and moves the second.
 */
import { add, convert, cos, mul, neg, sin, sub, type Tensor, TensorError } from "@leastaction/tensor";
import { zerosOf, zipTensors } from "../nn/tensor-tree.ts";
import { hermiteDense, hermiteOrder, hermiteValues } from "./hermite-dense.ts";
import { combine } from "./linear-combination.ts";
import { type Halves, halvesOf, joinHalves } from "./phase-space.ts";
import type { Field, Solver, SolverStep, Structure } from "./solver.ts";
import { doubledForm } from "./symplectic-form.ts";
import { tripleJump } from "./yoshida4.ts";

/** Options of `tao`. */
export interface TaoOptions {
  /** Default 2. */
  readonly order?: 2 | 4;
  /**
   * The frequency that binds the copy to the state, 1/s; positive, default 10. Beyond the frequencies of the system,
   * and such that omega h stays below about 1: the error grows with it.
   */
  readonly omega?: number;
}

/** A state and what its copy is off by. */
interface Doubled {
  readonly state: Halves;
  readonly off: Halves;
}

/**
 * The solver of an order and an omega, for any Hamiltonian field of positions and momenta.
 * Errors: an omega that is not positive.
 */
export function tao({ order = 2, omega = 10 }: TaoOptions = {}): Solver {
  if (!(omega > 0)) {
    throw new TensorError(
      `Cannot make Tao's solver: expected a positive omega, got ${omega}`,
      "Start with ten times the largest frequency of the system and compare with twice as much.",
    );
  }
  const shares = order === 2 ? [1] : tripleJump;
  return Object.freeze({
    name: `tao${order}`,
    order,
    denseOrder: hermiteOrder(order, order === 4),
    fsal: false,
    implicit: false,
    symplectic: true,
    structure: Object.freeze<Structure>({ field: "any", space: "doubled", form: doubledForm }),
    symmetric: true,
    // Two neighbouring steps of a composition share one.
    evaluations: 3 * shares.length + 1,
    startEvaluations: 0,
    cites: ["doi:10.1103/PhysRevE.94.043303"],
    start: <Y>(_field: Field<Y>, _t: Tensor, y: Y): readonly Y[] => [zerosOf(y)],
    step: <Y>(field: Field<Y>, t: Tensor, h: Tensor, y: Y, [off]: readonly Y[]): SolverStep<Y> => {
      const rates: Rates = (share, halves) => halvesOf(field(timeAt(t, h, share), joinHalves(y, halves)));
      const end = composed(shares, omega, rates, h, { state: halvesOf(y), off: halvesOf(off) });
      const next = joinHalves(y, end.state);
      return {
        y: next,
        error: null,
        memory: [joinHalves(y, end.off)],
        dense: () => hermiteDense(field, { t, h, y, next }, hermiteValues(order, order === 4)),
      };
    },
  });
}

/** Rates of both halves at a share of the step. */
type Rates = (share: number, halves: Halves) => Halves;

function composed(shares: readonly number[], omega: number, rates: Rates, h: Tensor, start: Doubled): Doubled {
  let [z, done] = [start, 0];
  let atState = rates(0, stateWithCopiedMomenta(z));
  shares.forEach((share, i) => {
    const middle = done + share / 2;
    z = moveCopy(z, atState, h, share / 2);
    z = moveState(z, rates(middle, copyWithOwnMomenta(z)), h, share / 2);
    z = turn(z, mul(h, 2 * omega * share));
    z = moveState(z, rates(middle, copyWithOwnMomenta(z)), h, share / 2);
    done = i === shares.length - 1 ? 1 : done + share;
    atState = rates(done, stateWithCopiedMomenta(z));
    z = moveCopy(z, atState, h, share / 2);
  });
  return z;
}

/** (q, y), where H(q, y) is evaluated. */
function stateWithCopiedMomenta({ state, off }: Doubled): Halves {
  return { positions: state.positions, momenta: zipTensors(add, state.momenta, off.momenta) };
}

/** (x, p), where H(x, p) is evaluated. */
function copyWithOwnMomenta({ state, off }: Doubled): Halves {
  return { positions: zipTensors(add, state.positions, off.positions), momenta: state.momenta };
}

/** The flow of H(q, y): x and p move. */
function moveCopy({ state, off }: Doubled, { positions, momenta }: Halves, h: Tensor, share: number): Doubled {
  return {
    state: { ...state, momenta: combine(state.momenta, h, [share], [momenta]) },
    off: {
      positions: combine(off.positions, h, [share], [positions]),
      momenta: combine(off.momenta, h, [-share], [momenta]),
    },
  };
}

/** The flow of H(x, p): q and y move. */
function moveState({ state, off }: Doubled, { positions, momenta }: Halves, h: Tensor, share: number): Doubled {
  return {
    state: { ...state, positions: combine(state.positions, h, [share], [positions]) },
    off: {
      positions: combine(off.positions, h, [-share], [positions]),
      momenta: combine(off.momenta, h, [share], [momenta]),
    },
  };
}

/** The flow of the binding term: the differences turn by `angle`, the sums rest. */
function turn({ state, off }: Doubled, angle: Tensor): Doubled {
  const [c, s] = [cos(angle), sin(angle)];
  const rotated = (a: unknown, b: unknown, sine: Tensor): unknown =>
    zipTensors((u, w) => add(mul(u, convert(c, u.dtype)), mul(w, convert(sine, u.dtype))), a, b);
  const positions = rotated(off.positions, off.momenta, s);
  const momenta = rotated(off.momenta, off.positions, neg(s));
  const shifted = (own: unknown, before: unknown, after: unknown): unknown =>
    zipTensors((y, a, b) => add(y, mul(sub(a, b), 1 / 2)), own, before, after);
  return {
    state: {
      positions: shifted(state.positions, off.positions, positions),
      momenta: shifted(state.momenta, off.momenta, momenta),
    },
    off: { positions, momenta },
  };
}

function timeAt(t: Tensor, h: Tensor, share: number): Tensor {
  return share === 0 ? t : add(t, share === 1 ? h : mul(h, share));
}
