/**
 * Programs of any length, to see how the time to compile them grows: each family makes more of the same.
 *
 * They cover what unrolling, nesting and differentiating do to a program: chains, independent results, reductions,
 * small products, slices, loops one after the other, within one another and with many carries, derivatives of
 * derivatives. Most are gradients, since that is what is compiled.
 */
import {
  add,
  at,
  div,
  exp,
  full,
  grad,
  jvp,
  matmul,
  max,
  mul,
  neg,
  type Spec,
  scan,
  sin,
  stack,
  sub,
  sum,
  sumOfSquares,
  type Tensor,
  tanh,
  vmap,
} from "@leastaction/tensor";

/** A program of a family: a function, and the types of its arguments. */
export interface Member {
  readonly f: (...inputs: never[]) => unknown;
  readonly inputs: readonly unknown[];
}

/** More of the same: the number of equations is linear in `length`. */
export type Family = (length: number) => Member;

const vector = (...shape: number[]): Spec => ({ dtype: "float32", shape });
const member = (f: Member["f"], ...inputs: unknown[]): Member => ({ f, inputs });
const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
const total = (terms: readonly Tensor[]): Tensor => terms.reduce((sum, term) => add(sum, term));

interface Network<Leaf> {
  readonly W1: Leaf;
  readonly b1: Leaf;
  readonly W2: Leaf;
  readonly b2: Leaf;
}

const network = (inputs: number, units: number, outputs: number): Network<Spec> => {
  return { W1: vector(inputs, units), b1: vector(units), W2: vector(units, outputs), b2: vector(outputs) };
};

function apply({ W1, b1, W2, b2 }: Network<Tensor>, x: Tensor): Tensor {
  return add(matmul(tanh(add(matmul(x, W1), b1)), W2), b2);
}

/** Three kinds of elementwise work in turn. */
function mixed(x: Tensor, c: Tensor, length: number): Tensor {
  return range(length).reduce((y, i) => (i % 3 === 0 ? sin(y) : i % 3 === 1 ? mul(y, c) : add(y, x)), x);
}

function rungeKutta(f: (y: Tensor) => Tensor, y: Tensor): Tensor {
  const k1 = f(y);
  const k2 = f(add(y, mul(0.05, k1)));
  const k3 = f(add(y, mul(0.05, k2)));
  const k4 = f(add(y, mul(0.1, k3)));
  return add(y, mul(0.1 / 6, add(add(k1, mul(2, k2)), add(mul(2, k3), k4))));
}

/** A scan in a scan in a scan: `length` equations in the innermost, one more for each around it. */
function nested(x: Tensor, c: Tensor, depth: number, length: number): Tensor {
  if (depth === 0) return mixed(x, c, length);
  const [last] = scan((y: Tensor) => [add(nested(y, c, depth - 1, length), c), {}], x, {}, { bound: 3 });
  return last;
}

const descend = (x: Tensor, y: Tensor): Tensor => sub(y, mul(0.1, grad((q: Tensor) => sum(sin(mul(q, x))))(y)));

/** Every family, by the name in reports. */
export const families: Readonly<Record<string, Family>> = {
  chain: (n) => member((x: Tensor, c: Tensor) => mixed(x, c, n), vector(64), vector(64)),
  "chain, gradient": (n) =>
    member(
      grad((x: Tensor, c: Tensor) => sum(mixed(x, c, n))),
      vector(64),
      vector(64),
    ),
  "scalars, gradient": (n) =>
    member(
      grad((x: Tensor) => {
        let [q, p] = [at(x, 0), at(x, 1)];
        for (let i = 0; i < n; i++) {
          p = sub(p, mul(0.01, sin(q)));
          q = add(q, mul(0.01, p));
        }
        return add(q, p);
      }),
      vector(2),
    ),
  "independent results": (n) =>
    member(
      (xs: Tensor[]) => xs.map((x, i) => range(4).reduce((y) => add(mul(y, 0.5 + i), tanh(y)), x)),
      range(n).map(() => vector(16)),
    ),
  "lengths of all kinds": (n) =>
    member(
      (xs: Tensor[]) => xs.map((x, i) => range(4).reduce((y) => add(mul(y, 0.5 + i), tanh(y)), x)),
      range(n).map((i) => vector(8 + i)),
    ),
  "reductions, gradient": (n) =>
    member(
      grad((x: Tensor) => sum(range(n).reduce((y) => sin(add(mul(y, sum(y)), x)), x))),
      vector(64),
    ),
  "softmax, gradient": (n) => {
    const softmax = (y: Tensor): Tensor => {
      const e = exp(sub(y, max(y)));
      return div(e, sum(e));
    };
    return member(
      grad((x: Tensor) => sum(range(n).reduce((y) => add(x, softmax(y)), x))),
      vector(32),
    );
  },
  "parameters, gradient": (n) =>
    member(
      grad((xs: Tensor[]) => total(xs.map((x) => sumOfSquares(sin(x))))),
      range(n).map((i) => vector(8 + (i % 40))),
    ),
  "products (RK4 of a network)": (n) =>
    member(
      (p: Network<Tensor>, y: Tensor) => range(n).reduce((z) => rungeKutta((x) => apply(p, x), z), y),
      network(6, 16, 6),
      vector(8, 6),
    ),
  "products, gradient": (n) =>
    member(
      grad((p: Network<Tensor>, y: Tensor) =>
        sumOfSquares(range(n).reduce((z) => rungeKutta((x) => apply(p, x), z), y)),
      ),
      network(6, 16, 6),
      vector(8, 6),
    ),
  "Hamiltonian, gradient": (n) =>
    member(
      grad((p: Network<Tensor>, start: Tensor) => {
        const field = (z: Tensor): Tensor => {
          const slope = grad((s: Tensor) => sum(apply(p, s)))(z);
          return stack([at(slope, 1), neg(at(slope, 0))]);
        };
        return sumOfSquares(range(n).reduce((z) => add(z, mul(0.1, field(z))), start));
      }),
      network(2, 16, 1),
      vector(2),
    ),
  "slices, gradient": (n) =>
    member(
      grad((x: Tensor) => range(n).reduce((y, i) => add(mul(y, 0.9), sin(at(x, i))), full([], 0, "float32"))),
      vector(n),
    ),
  "stack and take apart": (n) =>
    member((x: Tensor) => {
      const whole = stack(range(n).map((i) => sin(mul(x, i))));
      return total(range(n).map((i) => mul(at(whole, i), x)));
    }, vector(8)),
  "loops in a row, gradient": (n) =>
    member(
      grad((p: Network<Tensor>, y: Tensor) => {
        const turn = (z: Tensor): [Tensor, object] => [tanh(apply(p, z)), {}];
        return sumOfSquares(range(n).reduce((z) => scan(turn, z, {}, { bound: 5 })[0], y));
      }),
      network(8, 8, 8),
      vector(16, 8),
    ),
  "long body, gradient": (n) =>
    member(
      grad((c: Tensor, x: Tensor) => sum(nested(x, c, 1, n))),
      vector(16),
      vector(16),
    ),
  "many carries, gradient": (n) =>
    member(
      grad((xs: Tensor[]) => {
        const turn = (c: Tensor[]): [Tensor[], object] => [c.map((x, i) => add(sin(x), c[i - 1] ?? 0)), {}];
        return sum(scan(turn, xs, {}, { bound: 5 })[0][n - 1] as Tensor);
      }),
      range(n).map(() => vector(8)),
    ),
  "loops within loops, gradient": (n) =>
    member(
      grad((c: Tensor, x: Tensor) => sum(nested(x, c, 4, n))),
      vector(8),
      vector(8),
    ),
  "gradient within, gradient": (n) =>
    member(
      grad((x: Tensor) => sum(range(n).reduce((y) => descend(x, y), x))),
      vector(8),
    ),
  "vmap of vmap of jvp of gradient": (n) => {
    const slope = grad((x: Tensor) => sum(mixed(x, x, n)));
    const along = (x: Tensor): Tensor => jvp(slope, [x], [x])[1];
    return member(vmap(vmap(along)), vector(3, 4, 5));
  },
  "third derivative": (n) => {
    const along =
      (f: (x: Tensor) => Tensor) =>
      (x: Tensor): Tensor =>
        sum(mul(grad(f)(x), x));
    return member(grad(along(along((x: Tensor) => sum(mixed(x, x, n))))), vector(8));
  },
};
