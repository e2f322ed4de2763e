/**
 * What a solver is: one step of a numerical integrator, as a pure traced function.
 *
 * In: a field y' = f(t, y), a time and a step (float64 scalars, the step negative for backward time), a state that is
 * any tree of tensors, and what the last step handed on. Out: the next state, an error estimate where there is one,
 * what is handed on, and the dense output of the step as a polynomial. The record declares what the solver can do;
 * nothing is inferred from the code. A step keeps no state of its own, so it can be differentiated, batched, compiled.
 */
import type { Tensor } from "@leastaction/tensor";
import type { SymplecticForm } from "./symplectic-form.ts";

/** The right-hand side y' = f(t, y); `t` is a float64 scalar, the result has the structure and types of `y`. */
export type Field<Y> = (t: Tensor, y: Y) => Y;

/** The result of one step. */
export interface SolverStep<Y> {
  readonly y: Y;
  /** Estimate of the local error of `y`; null when the solver has none. */
  readonly error: Y | null;
  /**
   * The square of the size of the error where that is not the norm of `error` alone, but comes from several estimates;
   * `squaredNorm` measures one of them in units of the tolerance.
   */
  readonly squaredError?: (squaredNorm: (error: Y) => Tensor) => Tensor;
  /**
   * What the next step starts from, when this one is accepted: slopes or differences, which do not change with the
   * origin of the state.
   */
  readonly memory: readonly Y[];
  /**
   * Coefficients c_0, c_1, … of the dense output y(t + theta h) = sum_j c_j theta^j for theta in 0 .. 1. May evaluate
   * the field again; nothing is computed when it is not called.
   */
  readonly dense: () => readonly Y[];
}

/**
 * What a step takes the field for. With halves of the state, positions and momenta (`halvesOf`): `separable`: q' = g(t,
 * p), p' = f(t, q), of H = T(p) + V(q) when it is Hamiltonian; `quadratic`: the same with q' = M⁻¹ p, M constant;
 * `second-order`: q' = v, v' = f(t, q); `any`: no restriction.
 */
export type FieldForm = "any" | "separable" | "quadratic" | "second-order";

/** What a solver takes for granted about the field, and what it keeps in return. */
export interface Structure {
  readonly field: FieldForm;
  /**
   * Where the step is a map: on the state (`canonical`), or on the state and what a copy of it is off by, which is
   * handed on as `memory[0]` (`doubled`); the projector from the doubled space to the state is then to forget the copy.
   */
  readonly space: "canonical" | "doubled";
  /** The 2-form a step of constant length keeps in that space when the field is Hamiltonian; null when none. */
  readonly form: SymplecticForm | null;
}

/** A one-step solver with its declared properties. */
export interface Solver {
  readonly name: string;
  /** Global error is O(h^order). */
  readonly order: number;
  /** The error estimate shrinks as h^(embeddedOrder + 1); absent when there is none. */
  readonly embeddedOrder?: number;
  /**
   * The dense output of one step has an error of O(h^(denseOrder + 1)); over many steps it is as accurate as the
   * solution when denseOrder is order - 1 or more.
   */
  readonly denseOrder: number;
  /** Whether the last evaluation of a step is the first of the next. */
  readonly fsal: boolean;
  readonly implicit: false;
  /** Whether the step of a Hamiltonian field is a symplectic map: exactly when `structure` has a form. */
  readonly symplectic: boolean;
  /** Absent when nothing is assumed and nothing kept. */
  readonly structure?: Structure;
  /** Whether the step of -h undoes that of h; absent: no. */
  readonly symmetric?: boolean;
  /**
   * Evaluations of the field in a step, not counting those of `start`. Splittings use one half of each, a force or a
   * velocity; the other half is not computed.
   */
  readonly evaluations: number;
  /** Evaluations of the field in `start`. */
  readonly startEvaluations: number;
  readonly cites: readonly string[];
  /** What the first step is handed. */
  readonly start: <Y>(field: Field<Y>, t: Tensor, y: Y) => readonly Y[];
  /** One step from `t` to `t + h`. */
  readonly step: <Y>(field: Field<Y>, t: Tensor, h: Tensor, y: Y, memory: readonly Y[]) => SolverStep<Y>;
}
