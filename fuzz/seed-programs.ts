/** Good programs that between them use every kind of primitive, made by the library itself. */
import {
  add,
  checkpoint,
  concatenate,
  convert,
  cos,
  customJvp,
  div,
  exp,
  foldIn,
  full,
  grad,
  type Json,
  less,
  linearCall,
  matmul,
  max,
  mul,
  pad,
  pow,
  programToJson,
  randomKey,
  reshape,
  reverse,
  type Spec,
  scan,
  scatterAdd,
  select,
  sin,
  slice,
  sqrt,
  sub,
  sum,
  type Tensor,
  take,
  tanh,
  trace,
  transpose,
  uniform,
  vmap,
  whileLoop,
} from "@leastaction/tensor";

const vector: Spec = { dtype: "float64", shape: [4] };
const matrix: Spec = { dtype: "float64", shape: [4, 3] };
const count: Spec = { dtype: "int32", shape: [] };
const indices: Spec = { dtype: "int32", shape: [5] };

const network = (x: Tensor, w: Tensor): Tensor => sum(mul(0.5, tanh(add(matmul(x, w), 0.1))));
const makers: readonly (readonly [(...inputs: never[]) => unknown, readonly Spec[]])[] = [
  [(x: Tensor, w: Tensor) => [network(x, w), grad((y: Tensor) => network(y, w))(x)], [vector, matrix]],
  [(x: Tensor) => select(less(x, 0), sqrt(sub(1, x)), pow(exp(sin(x)), 1.5)), [vector]],
  [
    (x: Tensor) =>
      concatenate([reverse(slice(reshape(x, [2, 2]), 0, 0, 1), 1), pad(transpose(reshape(x, [2, 2])), 0, 1, 0)]),
    [vector],
  ],
  [(x: Tensor, at: Tensor) => [take(x, at), scatterAdd(take(x, at), at, 3), max(x)], [vector, indices]],
  [
    (x: Tensor, w: Tensor, n: Tensor) =>
      scan((y: Tensor, row: Tensor) => [add(mul(0.9, y), sum(row)), cos(y)] as const, x, w, { length: n }),
    [vector, matrix, count],
  ],
  [
    (x: Tensor) =>
      whileLoop(
        (y: Tensor) => less(sum(y), 50),
        (y: Tensor) => add(y, mul(y, y)),
        x,
      ),
    [vector],
  ],
  [(x: Tensor) => checkpoint((y: Tensor) => vmap((z: Tensor) => div(z, add(1, mul(z, z))))(y))(x), [vector]],
  [
    (x: Tensor) => [
      linearCall(
        (a: Tensor, y: Tensor) => mul(a, y),
        (a: Tensor, y: Tensor) => mul(a, y),
        exp(x),
        x,
      ),
      uniform(foldIn(randomKey(7), 1), [3]),
      convert(x, "int32"),
    ],
    [vector],
  ],
  [
    (x: Tensor) =>
      customJvp(
        (y: Tensor) => sin(y),
        ([y], _, [dy]) => mul(cos(y), dy),
      )(x),
    [vector],
  ],
  [() => full([2], 3), []],
];

/** The programs as JSON. */
export function seedPrograms(): readonly Json[] {
  return makers.map(([make, inputs]) => programToJson(trace(make, inputs).program));
}
