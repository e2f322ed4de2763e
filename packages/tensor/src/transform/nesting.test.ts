/**
 * Each kind of control flow inside each other: values, gradients, tangents, batches and gradients of gradients are those of
 * the same function written without the outer and inner forms, and compiled ones are those of the reference.
 */
import { describe, expect, test } from "vitest";
import { compile } from "../compile.ts";
import { checkpoint } from "../library/checkpoint.ts";
import { scan, whileLoop } from "../library/control-flow.ts";
import { customJvp } from "../library/custom-jvp.ts";
import { customRoot } from "../library/custom-root.ts";
import { linearCall } from "../library/linear-call.ts";
import { cond, switchCase } from "../library/switch-case.ts";
import { cos, sin } from "../library/trigonometric.ts";
import { less } from "../ops/comparison.ts";
import { abs, add, div, mul, sub, tanh } from "../ops/elementwise.ts";
import { sum } from "../ops/reduction.ts";
import type { HostTensor } from "../pytree.ts";
import { reference } from "../target/reference/reference.ts";
import { wasm } from "../target/wasm/wasm.ts";
import { closureConvert } from "../trace/closure-convert.ts";
import { array, full, type Tensor } from "../trace/tensor.ts";
import { grad, jvp } from "./differentiate.ts";
import { vmap } from "./vmap.ts";

type Map = (x: Tensor) => Tensor;

/** A form of control flow around a map of vectors, and what it comes to without it. */
interface Form {
  readonly around: (inner: Map) => Map;
  readonly plain: (inner: Map) => Map;
  /** Reverse mode is refused by design. */
  readonly forwardOnly?: boolean;
}

const slope = array([0.6, -0.4, 0.9]);
/** Calls a map that may close over tensors from functions that must not. */
const opened = (
  inner: Map,
  x: Tensor,
): { readonly captures: readonly Tensor[]; readonly call: (c: readonly Tensor[], y: Tensor) => Tensor } => {
  const { captures, call } = closureConvert(inner, [x]);
  return { captures, call: (tensors, y) => call(tensors, y) as Tensor };
};

const forms: Readonly<Record<string, Form>> = {
  scan: {
    around: (inner) => (x) =>
      scan(
        (c: Tensor, row: Tensor) => [add(mul(0.5, inner(c)), row), {}],
        x,
        array([
          [0.1, 0.2, 0.3],
          [0.3, 0.1, -0.2],
        ]) as unknown as Tensor,
      )[0],
    plain: (inner) => (x) =>
      add(mul(0.5, inner(add(mul(0.5, inner(x)), array([0.1, 0.2, 0.3])))), array([0.3, 0.1, -0.2])),
  },
  while: {
    around: (inner) => (x) =>
      whileLoop(
        ({ turn }: { readonly turn: Tensor; readonly y: Tensor }) => less(turn, 2),
        ({ turn, y }) => ({ turn: add(turn, 1), y: mul(0.7, inner(y)) }),
        { turn: full([], 0, "int32"), y: x },
      ).y,
    plain: (inner) => (x) => mul(0.7, inner(mul(0.7, inner(x)))),
    forwardOnly: true,
  },
  cond: {
    around: (inner) => (x) =>
      cond(
        less(0, sum(x)),
        (y: Tensor) => inner(mul(y, slope)),
        (y: Tensor) => sin(inner(y)),
        x,
      ),
    plain: (inner) => (x) => inner(mul(x, slope)),
  },
  switch: {
    around: (inner) => (x) =>
      switchCase(full([], 1, "int32"), [tanh, (y: Tensor) => sub(inner(y), mul(y, slope)), inner], x),
    plain: (inner) => (x) => sub(inner(x), mul(x, slope)),
  },
  checkpoint: {
    around: (inner) => checkpoint((x: Tensor) => inner(sin(x))),
    plain: (inner) => (x) => inner(sin(x)),
  },
  customJvp: {
    around: (inner) => (x) => {
      const { captures, call } = opened(inner, x);
      return customJvp(
        (y: Tensor, c: readonly Tensor[]) => call(c, y),
        ([y, c], _, [dy, dc]) => jvp(((z: Tensor, d: readonly Tensor[]) => call(d, z)) as never, [y, c], [dy, dc])[1],
      )(x, captures);
    },
    plain: (inner) => inner,
  },
  customRoot: {
    // y + 0.05 tanh(y) = inner(x).
    around: (inner) => (x) =>
      customRoot(
        (y: Tensor, p: Tensor) => sub(add(y, mul(0.05, tanh(y))), inner(p)),
        (y: Tensor, p: Tensor) => {
          const right = inner(p);
          return whileLoop(
            (z: Tensor) => less(1e-15, sum(abs(sub(right, add(z, mul(0.05, tanh(z))))))),
            (z: Tensor) => sub(right, mul(0.05, tanh(z))),
            y,
          );
        },
      )(full([3], 0), x),
    plain: (inner) => (x) => {
      const right = inner(x);
      return Array.from({ length: 12 }).reduce<Tensor>((z) => sub(right, mul(0.05, tanh(z))), full([3], 0));
    },
  },
  linear: {
    // The map at x along slope, as a linear map of slope.
    around: (inner) => (x) => {
      const { captures, call } = opened(inner, x);
      return linearCall(
        ([y, c]: readonly [Tensor, readonly Tensor[]], v: Tensor) => mul(call(c, y), v),
        ([y, c]: readonly [Tensor, readonly Tensor[]], v: Tensor) => mul(call(c, y), v),
        [x, captures] as const,
        mul(x, slope),
      );
    },
    plain: (inner) => (x) => mul(inner(x), mul(x, slope)),
  },
};

const innermost: Map = (x) => add(mul(0.8, sin(x)), mul(0.3, cos(mul(x, slope))), div(x, 4));
const start = array([0.9, 0.3, 0.5]);
const several = array([...start.data, 0.2, 1.1, 0.4], [2, 3]);
const direction = array([0.5, -1, 0.8]);

/** What is compared. */
function results(f: Map, reversible: boolean): Readonly<Record<string, (x: Tensor) => Tensor>> {
  const scalar = (x: Tensor): Tensor => sum(mul(f(x), direction));
  const tangent =
    (g: Map): Map =>
    (x) =>
      jvp(g, [x], [direction])[1] as Tensor;
  const twiceForward = tangent(tangent(f));
  if (!reversible) return { value: f, "vmap of jvp of jvp": (x) => vmap(twiceForward)(rows(x)) };
  const gradient = grad(scalar);
  const twice = grad((x: Tensor) => sum(mul(gradient(x), direction)));
  const members: Map = (x) => vmap(twice)(rows(x));
  return { value: f, "jvp of jvp": twiceForward, "jvp of grad": tangent(gradient), "vmap of grad of grad": members };
}

/** Two members of a batch. */
const rows = (x: Tensor): Tensor => add(mul(0, x), several);

const run = (g: Map, target: ReturnType<typeof wasm>): number[] =>
  Array.from((compile(g, [start], target).callSync(start) as HostTensor).data);
describe.each(Object.keys(forms))("%s around", (outer) => {
  test.each(Object.keys(forms))("%s", (inner) => {
    const [a, b] = [forms[outer] as Form, forms[inner] as Form];
    const reversible = a.forwardOnly !== true && b.forwardOnly !== true;
    const found = results(a.around(b.around(innermost)), reversible);
    const wanted = results(a.plain(b.plain(innermost)), reversible);
    const expectClose = (values: readonly number[], plain: readonly number[], what: string): void => {
      plain.forEach((value, i) => {
        const error = Math.abs((values[i] as number) - value);
        expect(error, `${what}, ${i}`).toBeLessThanOrEqual(1e-11 * Math.max(1, Math.abs(value)));
      });
    };
    for (const name of Object.keys(found)) {
      const plain = run(wanted[name] as Map, reference());
      expectClose(run(found[name] as Map, reference()), plain, name);
      // What is compiled holds all the others.
      if (name.startsWith("vmap")) expectClose(run(found[name] as Map, wasm()), plain, `${name}, compiled`);
    }
  });
});
