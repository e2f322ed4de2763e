/**
 * The closed set of primitives, by kind, with the parameters each one carries, and the programs made of them. Some
 * primitives (loops) hold programs, so the two define each other and stand in one file.
 *
 * Adding one: name it here with its parameters; the compiler then names every table that lacks a row (shape rule,
 * evaluator, jvp, transpose, batch, lowering). See `docs/recipes/add-a-primitive.md`.
 */
import type { DType, HostArray } from "../dtype.ts";
import type { Shape } from "../shape.ts";

/** One float in, one float out, by element. */
export const floatUnaries = [
  "sqrt",
  "exp",
  "expm1",
  "log",
  "log1p",
  "sin",
  "cos",
  "tanh",
  "erf",
  "erfc",
  "lgamma",
  "digamma",
  "floor",
  "ceil",
  "round",
] as const;
/** By element, of any numeric type. */
export const numericUnaries = ["neg", "abs", "sign"] as const;
/** Two of the same numeric type in, one out, by element. `div` of integers truncates; `rem` has the sign of the dividend. */
export const numericBinaries = ["add", "sub", "mul", "div", "rem", "max", "min"] as const;
/** Two of the same type in, `bool` out, by element. */
export const comparisons = ["less", "lessEqual", "equal", "notEqual"] as const;
/** On bits of int32, uint32, or truth values of bool. */
export const bitBinaries = ["and", "or", "xor"] as const;
/** On int32 and uint32; the second operand is the count, taken modulo 32; the right shift of int32 keeps the sign. */
export const shifts = ["shiftLeft", "shiftRight"] as const;
/** Over `axes`; the result of an empty `reduceMax` is -infinity, or the least integer. */
export const reductions = ["reduceSum", "reduceMax", "reduceMin"] as const;

/**
 * Whole algorithms. Each is one primitive to the transforms, with derivatives of its own; lowering opens it into the
 * others by its definition (`lower/define/`). Matrices are the last two axes, rows the last one; whatever leads is a batch.
 */
export const definedPrimitives = [
  "cumulativeSum",
  "fft",
  "cholesky",
  "triangularSolve",
  "lu",
  "linearSolve",
  "logDeterminant",
  "qr",
  "eigh",
  "svd",
] as const;

/**
 * Primitives that a program may do without, by dialect: their rules come with the operations that make them (`dialect/`), so
 * that a page loads no more of the language than it speaks. All others are the core. Shapes, meaning and kind of work of
 * all are known everywhere.
 */
export const dialects = {
  linearAlgebra: ["cholesky", "triangularSolve", "lu", "linearSolve", "logDeterminant", "qr"],
  spectral: ["eigh", "svd"],
  fourier: ["fft"],
  sequences: ["argsort", "updateSlice"],
  cumulative: ["cumulativeSum"],
  trigonometry: ["sin", "cos", "atan2"],
  specialFunctions: ["erf", "erfc", "lgamma", "digamma", "polygamma"],
  powers: ["pow"],
  logarithms: ["log", "log1p"],
  remainders: ["rem"],
  random: ["threefry"],
  calls: ["checkpoint", "custom", "linear"],
  loops: ["scan", "while", "switch"],
} as const;

export type DialectName = keyof typeof dialects;
export type PrimitiveOf<D extends DialectName> = (typeof dialects)[D][number];
export type CorePrimitive = Exclude<PrimitiveName, PrimitiveOf<DialectName>>;

export type DefinedPrimitive = (typeof definedPrimitives)[number];
export type FloatUnary = (typeof floatUnaries)[number];
export type NumericUnary = (typeof numericUnaries)[number];
export type NumericBinary = (typeof numericBinaries)[number];
export type Comparison = (typeof comparisons)[number];
export type BitBinary = (typeof bitBinaries)[number];
export type Shift = (typeof shifts)[number];
export type Reduction = (typeof reductions)[number];

type None = Readonly<Record<string, never>>;

type Plain = { readonly [P in FloatUnary | NumericUnary | NumericBinary | Comparison | BitBinary | Shift]: None };
type Reducing = { readonly [P in Reduction]: { readonly axes: readonly number[] } };

/** The parameters of each primitive. */
export interface Parameters extends Plain, Reducing {
  /** Bitwise complement, or logical not of bool. */
  readonly not: None;
  /** Elementwise power of floats as IEEE 754 `pow`. */
  readonly pow: None;
  /** The angle of the point (second operand, first operand), as IEEE 754 `atan2`. */
  readonly atan2: None;
  /** The derivative of digamma of an order from 1 to 20, by element of floats. */
  readonly polygamma: { readonly order: number };
  /** `select(condition, whenTrue, whenFalse)`, by element, all of one shape. */
  readonly select: None;
  /** To another element type; floats to integers truncate towards zero and saturate, NaN gives 0. */
  readonly convert: { readonly dtype: DType };
  /** Threefry-2x32 with 20 rounds, by element: inputs key0, key1, counter0, counter1, two uint32 results. */
  readonly threefry: None;
  /** Identity whose derivative is zero. */
  readonly stopGradient: None;
  /** Sum over all workers that run the same program; identity on one worker. */
  readonly allSum: None;
  /** 0, 1, 2, … along `axis`. No inputs. */
  readonly iota: { readonly dtype: DType; readonly shape: Shape; readonly axis: number };
  /** Input axis `i` becomes output axis `axes[i]` (increasing); the other output axes repeat. */
  readonly broadcast: { readonly shape: Shape; readonly axes: readonly number[] };
  readonly reshape: { readonly shape: Shape };
  /** Output axis `i` is input axis `permutation[i]`. */
  readonly transpose: { readonly permutation: readonly number[] };
  readonly reverse: { readonly axes: readonly number[] };
  /** Elements `start`, `start + stride`, … below `limit` of each axis. */
  readonly slice: {
    readonly start: readonly number[];
    readonly limit: readonly number[];
    readonly stride: readonly number[];
  };
  /** Zeros: `low` before, `high` after, `interior` between neighbours of each axis; all non-negative. */
  readonly pad: {
    readonly low: readonly number[];
    readonly high: readonly number[];
    readonly interior: readonly number[];
  };
  readonly concatenate: { readonly axis: number };
  /**
   * Sum of products over the `contract` axes, matched pairwise; `batch` axes run along. The result has the batch axes,
   * then the free axes of the left operand, then those of the right.
   */
  readonly dot: {
    readonly contract: readonly [readonly number[], readonly number[]];
    readonly batch: readonly [readonly number[], readonly number[]];
  };
  /**
   * `operand[B…, N, R…]`, int32 `indices[B…, I…]` to `[B…, I…, R…]`, with `batch` leading axes B. Indices are clamped
   * to 0 … N-1.
   */
  readonly gather: { readonly batch: number };
  /** The transpose of gather: `updates[B…, I…, R…]`, `indices[B…, I…]` are added into zeros `[B…, size, R…]`. */
  readonly scatterAdd: { readonly batch: number; readonly size: number };
  /** Lower L with L L^T = (A + A^T) / 2, zeros above the diagonal; NaN from the first pivot that is not positive. */
  readonly cholesky: None;
  /**
   * The X of A X = B, from A[..., n, n] and B[..., n, m]. Of A only the lower (or upper) triangle is read, and not its
   * diagonal if that is all ones (`unitDiagonal`).
   */
  readonly triangularSolve: { readonly lower: boolean; readonly unitDiagonal: boolean };
  /**
   * `operand[B…, N, R…]` plus what `scatterAdd` makes of `updates[B…, I…, R…]`, `indices[B…, I…]`. Lowering makes it of a
   * sum that a loop carries on, to which it adds in place.
   */
  readonly addAt: { readonly batch: number };
  /**
   * `operand[B…, N, R…]` with `update[B…, W, R…]` in the place of the W slices from int32 `start[B…]` on, with `batch`
   * leading axes B. Starts are clamped to 0 … N-W. In a loop that carries the operand on it is written in place.
   */
  readonly updateSlice: { readonly batch: number };
  /** Element i along `axis` is the sum of elements 0 … i of the operand; of i and all that follow, when `reverse`. */
  readonly cumulativeSum: { readonly axis: number; readonly reverse: boolean };
  /**
   * Real and imaginary parts [..., n] of sum over j of x[j] e^(-2 pi i j k / n), and e^(+…) when `inverse`; neither is
   * scaled.
   */
  readonly fft: { readonly inverse: boolean };
  /**
   * A[p] = L U with partial pivoting. Outputs: U on and above the diagonal with L below it (its diagonal is ones), int32 p,
   * and 1 / (|A| |A^-1|) in the 1-norm, whose derivative is zero by definition. The pivot is the first largest in
   * magnitude, NaN counted as infinite; a pivot of zero leaves zeros in L.
   */
  readonly lu: None;
  /** The X of A X = B, or of A^T X = B, from A[..., n, n] and B[..., n, m], by `lu` of A. */
  readonly linearSolve: { readonly transposed: boolean };
  /** The sign of det A (-1, 0 or 1) and ln |det A|, by `lu`. */
  readonly logDeterminant: None;
  /** A[m, n] = Q R with m >= n: orthonormal columns Q[m, n], upper R[n, n] with a diagonal that is not negative. */
  readonly qr: None;
  /**
   * The int32 positions that put each row along the last axis in order; equal elements keep theirs. -0 equals 0, NaN is
   * last whether the order ascends or descends.
   */
  readonly argsort: { readonly descending: boolean };
  /**
   * Eigenvalues [..., n] in ascending order and eigenvectors as columns [..., n, n] of (A + A^T) / 2. All NaN where an
   * entry is not finite.
   */
  readonly eigh: None;
  /**
   * U [..., n, k], singular values [..., k] in descending order and V^T [..., k, m] of A[..., n, m], k the smaller of n
   * and m. All NaN where an entry is not finite.
   */
  readonly svd: None;
  /**
   * Inputs: int32 scalar length (at most `bound`; more is cut to it), `constants` tensors, `carry` tensors, then
   * sequences with a leading axis of extent `bound`. The body maps (constants, carry, one slice of each sequence) to
   * (carry, one slice of each result). Outputs: the last carry, then the results stacked on a leading axis of extent
   * `bound`, zero where the loop did not run. `reverse` runs from length-1 down to 0.
   */
  readonly scan: {
    readonly body: Program;
    readonly constants: number;
    readonly carry: number;
    readonly bound: number;
    readonly reverse: boolean;
  };
  /**
   * Inputs: `conditionConstants` tensors, `bodyConstants` tensors, then the carry. `condition` maps (its constants,
   * carry) to a scalar bool, `body` (its constants, carry) to the next carry. Outputs: the last carry.
   */
  readonly while: {
    readonly condition: Program;
    readonly body: Program;
    readonly conditionConstants: number;
    readonly bodyConstants: number;
  };
  /**
   * Inputs: an int32 scalar, then operands. What the branch of that number computes from the operands, the nearest branch
   * where there is none of that number; the others do not run. All branches take and give the same types.
   */
  readonly switch: { readonly branches: readonly Program[] };
  /** What `body` computes. Its transpose computes `body` again from its inputs; nothing else is kept for it. */
  readonly checkpoint: { readonly body: Program };
  /**
   * What `body` computes, with a derivative of its own. One read from a file has none: it is that of the body where
   * `bodyDerives` says that it may be, else the equation cannot be differentiated.
   */
  readonly custom: {
    readonly body: Program;
    readonly derivative?: CustomDerivative;
    readonly bodyDerives?: boolean;
  };
  /**
   * What `body` computes from `residuals` tensors and then the tensors it is linear in. `transposed` maps the residuals
   * and one cotangent for each output to the cotangents of the latter; it may be made when first asked for. Of one that is
   * `onlyTransposed` the body says the types and must not run: there is no forward mode.
   */
  readonly linear: {
    readonly body: Program;
    readonly transposed: Program | (() => Program);
    readonly residuals: number;
    readonly onlyTransposed?: boolean;
  };
}

/**
 * The derivative of a `custom` equation for the inputs marked `nonzero`: a program from the inputs, the outputs, and the
 * tangents of the marked inputs, to the tangents of those outputs that the result marks.
 */
export type CustomDerivative = (nonzero: readonly boolean[]) => {
  readonly program: Program;
  readonly nonzero: readonly boolean[];
};

export type PrimitiveName = keyof Parameters;

/** What is known of a tensor before it has a value. */
export interface TensorType {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** A value that an equation or a program input defines; compared by identity. */
export interface Variable {
  readonly kind: "variable";
  readonly type: TensorType;
}

/** A tensor known while tracing: one number repeated over the shape, or an array in row-major order. */
export interface Constant {
  readonly kind: "constant";
  readonly type: TensorType;
  readonly value: number | HostArray;
}

/** What an equation can read. */
export type Atom = Variable | Constant;

/** One application of a primitive. */
export interface Equation<P extends PrimitiveName = PrimitiveName> {
  readonly primitive: P;
  readonly parameters: Parameters[P];
  readonly inputs: readonly Atom[];
  readonly outputs: readonly Variable[];
}

/** A function from tensors to tensors. */
export interface Program {
  readonly inputs: readonly Variable[];
  readonly equations: readonly Equation[];
  readonly outputs: readonly Atom[];
}
