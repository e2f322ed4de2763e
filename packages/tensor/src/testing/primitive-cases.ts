/**
 * At least one case for every primitive: a function that uses it, and arguments away from kinks. The contract suites
 * (derivatives, batching, targets against the reference) run over this table; it is total, so that a primitive that is
 * added without a case does not compile.
 */
import type { DType } from "../dtype.ts";
import { checkpoint } from "../library/checkpoint.ts";
import { mapSlices, scan, whileLoop } from "../library/control-flow.ts";
import { customJvp } from "../library/custom-jvp.ts";
import { linearCall } from "../library/linear-call.ts";
import { cos, sin } from "../library/trigonometric.ts";
import { less } from "../ops/comparison.ts";
import { matmul } from "../ops/contraction.ts";
import { add, mul, stopGradient, sub, tanh } from "../ops/elementwise.ts";
import { sum } from "../ops/reduction.ts";
import type { PrimitiveName } from "../program/primitive.ts";
import type { HostTensor } from "../pytree.ts";
import type { Shape } from "../shape.ts";
import { emit } from "../trace/builder.ts";
import { array, full, type Tensor } from "../trace/tensor.ts";
import { functionCases } from "./function-cases.ts";
import { linearAlgebraCases } from "./linear-algebra-cases.ts";
import { direct, numbers, type PrimitiveCase } from "./primitive-case.ts";
import { sequenceCases } from "./sequence-cases.ts";
import { spectralCases } from "./spectral-cases.ts";
import { switchCases } from "./switch-cases.ts";

export { numbers, type PrimitiveCase } from "./primitive-case.ts";

function integers(shape: Shape, dtype: DType, low: number, high: number): HostTensor {
  return array(Array.from(numbers(shape, low, high + 1).data, Math.floor), shape, dtype);
}

function truths(shape: Shape): HostTensor {
  return array(
    Array.from(numbers(shape, 0, 1).data, (x) => (x > 0.5 ? 1 : 0)),
    shape,
    "bool",
  );
}

const shape: Shape = [2, 3];
const positive = numbers(shape, 0.3, 2.5);
const signed = numbers(shape, -1.9, 1.7);
const other = numbers(shape, 0.4, 1.8, 7);
const apart = numbers(shape, 2.6, 3.9, 3);
const words = integers(shape, "uint32", 0, 2 ** 32 - 1);
const counts = integers(shape, "int32", 1, 9);
const smallInts = integers(shape, "int32", -9, 9);

const unary = (primitive: "sqrt" | "exp" | "log" | "tanh", x: HostTensor): PrimitiveCase[] => [
  direct(primitive, {})(x),
];
const pairOf = (primitive: "add" | "sub" | "mul" | "div" | "max" | "min" | "rem"): PrimitiveCase[] => [
  direct(primitive, {})(signed, other),
  { ...direct(primitive, {})(smallInts, counts), name: `${primitive} of integers` },
];
const comparing = (primitive: "less" | "lessEqual" | "equal" | "notEqual"): PrimitiveCase[] => [
  direct(primitive, {})(signed, other),
  { ...direct(primitive, {})(smallInts, counts), name: `${primitive} of integers` },
];
const bitwise = (primitive: "and" | "or" | "xor"): PrimitiveCase[] => [
  direct(primitive, {})(smallInts, counts),
  {
    ...direct(primitive, {})(truths(shape), truths([3, 2]) as never),
    inputs: [truths(shape), truths(shape)],
    name: `${primitive} of bool`,
  },
];
const reducing = (primitive: "reduceSum" | "reduceMax" | "reduceMin"): PrimitiveCase[] => [
  direct(primitive, { axes: [0] })(signed),
  { ...direct(primitive, { axes: [1] })(numbers([4, 19], -1, 2)), name: `${primitive} over the last axis` },
  { ...direct(primitive, { axes: [0, 1] })(signed), name: `${primitive} over all` },
];

const recurrence = (reverse: boolean, length?: number): PrimitiveCase => ({
  name: `scan${reverse ? " in reverse" : ""}${length === undefined ? "" : ` of run-time length ${length}`}`,
  inputs: [
    numbers([2], 0.2, 0.9),
    numbers([2], 0.4, 0.8, 5),
    numbers([5, 2], -0.7, 0.7),
    ...(length === undefined ? [] : [array([length], [], "int32")]),
  ],
  apply: (weight, start, series, count) => {
    const step = (carry: Tensor, x: Tensor): readonly [Tensor, Tensor] => {
      const next = tanh(add(mul(weight as Tensor, carry), sin(x)));
      return [next, mul(next, x)];
    };
    const options = { reverse, ...(count === undefined ? {} : { length: count }) };
    return scan(step, start as Tensor, series as Tensor, options) as Tensor[];
  },
});

const nestedScan: PrimitiveCase = {
  name: "scan in a scan",
  inputs: [numbers([], 0.5, 0.9), numbers([3, 4], -0.8, 0.8)],
  apply: (weight, table) => [
    mapSlices(
      (row: Tensor) =>
        scan(
          (carry: Tensor, x: Tensor) => [add(mul(carry, weight as Tensor), sin(mul(x, carry))), {}] as const,
          full([], 0.3, row.dtype),
          row,
        )[0],
      table as Tensor,
    ),
  ],
};

const whileCase: PrimitiveCase = {
  name: "while",
  inputs: [numbers([], 0.3, 0.6), numbers([2], 0.5, 0.9)],
  forwardOnly: true,
  apply: (rate, start) => {
    const end = whileLoop(
      ({ steps }) => less(steps, 5),
      ({ x, steps }) => ({ x: add(x, mul(rate as Tensor, sin(sub(1, x)))), steps: add(steps, 1) }),
      { x: start as Tensor, steps: full([], 0, "int32") },
    );
    return [end.x];
  },
};

const whileOfEachMember: PrimitiveCase = {
  name: "while with its own number of turns",
  inputs: [numbers([], 0.51, 0.53)],
  forwardOnly: true,
  apply: (start) => [
    whileLoop(
      (x: Tensor) => less(sum(x), 3),
      (x: Tensor) => mul(x, x, 0.5, add(x, 5)),
      start as Tensor,
    ),
  ],
};

const loopsInCheckpoint: PrimitiveCase = {
  name: "checkpoint of a scan in a scan",
  inputs: [numbers([2], 0.4, 0.9), numbers([2], 0.3, 0.6, 2), numbers([3, 4, 2], -0.8, 0.8)],
  apply: (weight, start, table) => {
    const step = (carry: Tensor, x: Tensor): readonly [Tensor, Tensor] => {
      const next = tanh(add(mul(weight as Tensor, carry), sin(x)));
      return [next, mul(next, x)];
    };
    const row = checkpoint((carry: Tensor, xs: Tensor) => scan(step, carry, xs));
    return scan((carry: Tensor, xs: Tensor) => row(carry, xs), start as Tensor, table as Tensor) as Tensor[];
  },
};

/** Its rule says what the body does not: that it is the sine, for a body with the derivative of nothing at all. */
const sineByRule = customJvp(
  (x: Tensor) => stopGradient(sin(x)),
  ([x], _, [t]) => mul(t, cos(x)),
);

const customInLoop: PrimitiveCase = {
  name: "custom in a scan",
  inputs: [numbers([2], 0.2, 0.9), numbers([3, 2], -0.7, 0.7)],
  apply: (start, series) =>
    scan(
      (carry: Tensor, x: Tensor) => [add(mul(0.5, carry), sineByRule(mul(x, carry))), sineByRule(x)] as const,
      start as Tensor,
      series as Tensor,
    ) as Tensor[],
};

/** x (1 + w)^3 by a loop that cannot be reversed, and the same loop as its transpose. */
const growth = (w: Tensor, x: Tensor): Tensor =>
  whileLoop(
    ({ turn }) => less(turn, 3),
    ({ value, turn }) => ({ value: add(value, mul(w, value)), turn: add(turn, 1) }),
    { value: x, turn: full([], 0, "int32") },
  ).value;

const linearLoop: PrimitiveCase = {
  name: "linear by a while",
  inputs: [signed],
  apply: (x) => [linearCall(growth, growth, full(shape, 0.3, (x as Tensor).dtype), mul(x as Tensor, x as Tensor))],
};

/** u and v, of unlike shapes, to m u + v, and back. */
const linearOfTwo: PrimitiveCase = {
  name: "linear in two",
  inputs: [numbers([3, 2], -1, 1), numbers([2], 0.2, 1, 4), numbers([3], 0.1, 0.9, 2)],
  apply: (matrix, u, v) => [
    linearCall(
      (m: Tensor, x: { readonly u: Tensor; readonly v: Tensor }) => add(matmul(m, x.u), x.v),
      (m: Tensor, ct: Tensor) => ({ u: matmul(ct, m), v: ct }),
      matrix as Tensor,
      { u: sin(u as Tensor), v: mul(v as Tensor, v as Tensor) },
    ),
  ],
};

/** The cases, by primitive. */
export const primitiveCases: { readonly [P in PrimitiveName]: readonly PrimitiveCase[] } = {
  sqrt: unary("sqrt", positive),
  exp: unary("exp", signed),
  expm1: [direct("expm1", {})(signed)],
  log: unary("log", positive),
  log1p: [direct("log1p", {})(positive)],
  sin: [direct("sin", {})(signed)],
  cos: [direct("cos", {})(signed)],
  tanh: unary("tanh", signed),
  ...functionCases,
  floor: [direct("floor", {})(signed)],
  ceil: [direct("ceil", {})(signed)],
  round: [direct("round", {})(signed)],
  neg: [direct("neg", {})(signed), { ...direct("neg", {})(smallInts), name: "neg of integers" }],
  abs: [direct("abs", {})(signed), { ...direct("abs", {})(smallInts), name: "abs of integers" }],
  sign: [direct("sign", {})(signed), { ...direct("sign", {})(smallInts), name: "sign of integers" }],
  add: pairOf("add"),
  sub: pairOf("sub"),
  mul: pairOf("mul"),
  div: pairOf("div"),
  rem: [...pairOf("rem"), { ...direct("rem", {})(apart, other), name: "rem with a quotient" }],
  max: pairOf("max"),
  min: pairOf("min"),
  pow: [direct("pow", {})(positive, signed), { ...direct("pow", {})(apart, other), name: "pow of larger bases" }],
  less: comparing("less"),
  lessEqual: comparing("lessEqual"),
  equal: comparing("equal"),
  notEqual: comparing("notEqual"),
  and: bitwise("and"),
  or: bitwise("or"),
  xor: bitwise("xor"),
  not: [direct("not", {})(smallInts), { ...direct("not", {})(truths(shape)), name: "not of bool" }],
  shiftLeft: [
    direct("shiftLeft", {})(smallInts, counts),
    { ...direct("shiftLeft", {})(words, words), name: "shiftLeft of uint32" },
  ],
  shiftRight: [
    direct("shiftRight", {})(smallInts, counts),
    { ...direct("shiftRight", {})(words, words), name: "shiftRight of uint32" },
  ],
  select: [
    direct("select", {})(truths(shape), signed, other),
    { ...direct("select", {})(truths(shape), smallInts, counts), name: "select of integers" },
  ],
  convert: [
    direct("convert", { dtype: "float64" })(signed),
    { ...direct("convert", { dtype: "int32" })(numbers(shape, -9, 9)), name: "convert to int32" },
    { ...direct("convert", { dtype: "uint32" })(numbers(shape, -9, 2 ** 33)), name: "convert to uint32" },
    { ...direct("convert", { dtype: "float64" })(words), name: "convert from uint32" },
    { ...direct("convert", { dtype: "float64" })(truths(shape)), name: "convert from bool" },
    { ...direct("convert", { dtype: "bool" })(smallInts), name: "convert to bool" },
  ],
  threefry: [direct("threefry", {})(words, words, integers(shape, "uint32", 0, 99), words)],
  stopGradient: [{ ...direct("stopGradient", {})(signed), derivativeIsZero: true }],
  allSum: [direct("allSum", {})(signed)],
  iota: [
    {
      name: "iota",
      inputs: [signed],
      apply: (x) => [mul(x as Tensor, emit("iota", { dtype: (x as Tensor).dtype, shape, axis: 1 }, [])[0] as Tensor)],
    },
    { name: "iota of integers", inputs: [], apply: () => emit("iota", { dtype: "int32", shape: [3, 5], axis: 0 }, []) },
  ],
  reduceSum: [
    ...reducing("reduceSum"),
    { ...direct("reduceSum", { axes: [1] })(smallInts), name: "reduceSum of integers" },
  ],
  reduceMax: [
    ...reducing("reduceMax"),
    { ...direct("reduceMax", { axes: [1] })(smallInts), name: "reduceMax of integers" },
  ],
  reduceMin: [...reducing("reduceMin"), { ...direct("reduceMin", { axes: [0] })(words), name: "reduceMin of uint32" }],
  broadcast: [
    direct("broadcast", { shape: [4, 2, 3], axes: [1, 2] })(signed),
    {
      ...direct("broadcast", { shape: [2, 5, 3], axes: [0, 1, 2] })(numbers([2, 1, 3], -1, 1)),
      name: "broadcast of an axis of 1",
    },
    { ...direct("broadcast", { shape: [2, 3], axes: [] })(numbers([], 0.2, 0.9)), name: "broadcast of a scalar" },
  ],
  reshape: [direct("reshape", { shape: [3, 2] })(signed)],
  transpose: [
    direct("transpose", { permutation: [2, 0, 1] })(numbers([2, 3, 4], -1, 1)),
    { ...direct("transpose", { permutation: [1, 0] })(signed), name: "transpose of a matrix" },
  ],
  reverse: [
    direct("reverse", { axes: [1] })(signed),
    { ...direct("reverse", { axes: [0, 1] })(signed), name: "reverse of both axes" },
  ],
  slice: [
    direct("slice", { start: [0, 1], limit: [2, 3], stride: [1, 1] })(signed),
    {
      ...direct("slice", { start: [1, 0], limit: [7, 5], stride: [3, 2] })(numbers([7, 5], -1, 1)),
      name: "slice with strides",
    },
  ],
  pad: [
    direct("pad", { low: [1, 0], high: [0, 2], interior: [0, 0] })(signed),
    { ...direct("pad", { low: [0, 1], high: [1, 0], interior: [2, 1] })(signed), name: "pad between neighbours" },
  ],
  concatenate: [
    direct("concatenate", { axis: 1 })(signed, other, numbers([2, 2], -1, 1)),
    { ...direct("concatenate", { axis: 0 })(signed, numbers([1, 3], 0, 1)), name: "concatenate along axis 0" },
  ],
  dot: [
    direct("dot", { contract: [[1], [0]], batch: [[], []] })(signed, numbers([3, 5], -1, 1)),
    {
      ...direct("dot", { contract: [[0], [1]], batch: [[], []] })(numbers([17, 9], -1, 1), numbers([11, 17], -1, 1)),
      name: "dot with both transposed",
    },
    {
      ...direct("dot", {
        contract: [
          [2, 1],
          [0, 2],
        ],
        batch: [[0], [1]],
      })(numbers([2, 3, 4], -1, 1), numbers([4, 2, 3, 5], -1, 1)),
      name: "dot with batch and two contracted axes",
    },
    {
      ...direct("dot", { contract: [[], []], batch: [[], []] })(numbers([3], -1, 1), numbers([2], -1, 1)),
      name: "dot as an outer product",
    },
    {
      ...direct("dot", { contract: [[0], [0]], batch: [[], []] })(numbers([33], -1, 1), numbers([33], -1, 1)),
      name: "dot of vectors",
    },
    {
      ...direct("dot", { contract: [[1], [0]], batch: [[], []] })(smallInts, integers([3, 2], "int32", -5, 5)),
      name: "dot of integers",
    },
  ],
  gather: [
    direct("gather", { batch: 0 })(numbers([4, 3], -1, 1), array([3, 0, 0, 9, -2], [5], "int32")),
    {
      ...direct("gather", { batch: 1 })(numbers([2, 4, 3], -1, 1), array([3, 0, 1, 1], [2, 2], "int32")),
      name: "gather with batch",
    },
  ],
  scatterAdd: [
    direct("scatterAdd", { batch: 0, size: 4 })(numbers([5, 3], -1, 1), array([3, 0, 0, 9, -2], [5], "int32")),
    {
      ...direct("scatterAdd", { batch: 1, size: 4 })(numbers([2, 2, 3], -1, 1), array([3, 3, 1, 0], [2, 2], "int32")),
      name: "scatterAdd with batch",
    },
  ],
  ...sequenceCases,
  ...linearAlgebraCases,
  ...spectralCases,
  scan: [
    recurrence(false),
    recurrence(true),
    recurrence(false, 3),
    recurrence(true, 3),
    recurrence(false, 0),
    nestedScan,
  ],
  while: [whileCase, whileOfEachMember],
  switch: switchCases,
  checkpoint: [
    {
      name: "checkpoint",
      inputs: [signed, other],
      apply: (x, y) => [
        checkpoint((a: Tensor, b: Tensor) => mul(sin(mul(a, b)), y as Tensor))(x as Tensor, y as Tensor),
      ],
    },
    loopsInCheckpoint,
  ],
  custom: [{ name: "custom", inputs: [signed], apply: (x) => [sineByRule(x as Tensor)] }, customInLoop],
  linear: [
    {
      name: "linear",
      inputs: [numbers([3, 2], -1, 1), numbers([2], -1, 1, 4)],
      apply: (matrix, x) => [
        linearCall(
          (a: Tensor, v: Tensor) => matmul(a, v),
          (a: Tensor, ct: Tensor) => matmul(ct, a),
          matrix as Tensor,
          sin(x as Tensor),
        ),
      ],
    },
    linearLoop,
    linearOfTwo,
  ],
};

/** All cases in one list. */
export const allCases: readonly PrimitiveCase[] = Object.values(primitiveCases).flat();
