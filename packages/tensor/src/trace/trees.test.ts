/**
 * Trees through every transform: fields in any order, their types kept, what is no tree refused.
 */
import { describe, expect, it } from "vitest";
import {
  add,
  and,
  array,
  checkpoint,
  closureConvert,
  compile,
  cond,
  customJvp,
  evaluate,
  foldIn,
  full,
  grad,
  type HostTensor,
  jvp,
  less,
  linearCall,
  mul,
  normal,
  randomKey,
  reference,
  scan,
  sin,
  sub,
  type Tensor,
  valueAndGrad,
  vjp,
  vmap,
  wasm,
  whileLoop,
} from "../index.ts";
import { messageOf } from "../testing/message-of.ts";

interface State {
  readonly q: Tensor;
  readonly v: Tensor;
}
const start = { q: 1, v: 10 };
/** The same step with its fields in the other order. */
const turn = ({ q, v }: State): State => ({ v: sub(v, q), q: add(q, mul(0.5, v)) });
const expected = { q: 6, v: 9 };
const numbers = (tree: unknown): Record<string, number> =>
  Object.fromEntries(
    Object.entries(tree as Record<string, HostTensor>).map(([key, { data }]) => [key, Number(data[0])]),
  );

describe("fields written in another order", () => {
  it("mean the same to loops", () => {
    const once = (state: State): State =>
      scan((carry: State) => [turn(carry), {}] as const, state, {}, { bound: 1 })[0];
    expect(numbers(evaluate(once, start))).toEqual(expected);
    const loop = (state: State): State =>
      whileLoop(
        ({ state: { q } }) => less(q, 5),
        (carry) => ({ state: turn(carry.state) }),
        { state },
      ).state;
    expect(numbers(evaluate(loop, start))).toEqual(expected);
    const branch = (state: State): State => cond(less(state.q, 5), turn, (same: State) => same, state);
    expect(numbers(evaluate(branch, start))).toEqual(expected);
    expect(numbers(evaluate(branch, { v: 1, q: 7 }))).toEqual({ q: 7, v: 1 });
  });

  it("mean the same to derivatives", () => {
    const energy = ({ q, v }: State): Tensor => add(mul(3, q), mul(5, v));
    const along = (state: State): Tensor => jvp(energy, [state], [{ v: 1, q: 0 }])[1] as Tensor;
    expect(evaluate(along, start).data[0]).toBe(5);
    const pulled = (state: State): unknown => vjp(turn, state).pullback({ q: 1, v: 0 })[0];
    expect(numbers(evaluate(pulled, start))).toEqual({ q: 1, v: 0.5 });
    const ruled = customJvp(
      (state: State): State => ({ q: state.q, v: state.v }),
      (_primals, _result, [t]) => ({ v: t.v, q: mul(2, t.q) }),
    );
    const twice = (state: State): Tensor => {
      const { q, v } = ruled(state);
      return add(mul(3, q), mul(5, v));
    };
    expect(numbers(evaluate(grad(twice), start))).toEqual({ q: 6, v: 5 });
    const scaled = (state: State): Tensor => {
      const doubled = (_: object, { q, v }: State): State => ({ q: mul(2, q), v });
      const transposed = (_: object, { q, v }: State): State => ({ v, q: mul(2, q) });
      const { q, v } = linearCall(doubled, transposed, {}, state);
      return add(mul(3, q), mul(5, v));
    };
    expect(numbers(evaluate(grad(scaled), start))).toEqual({ q: 6, v: 5 });
  });

  it.each([reference(), wasm()])("mean the same to compiled functions", (target) => {
    const compiled = compile(turn, [start], target);
    expect(numbers(compiled.callSync({ v: 10, q: 1 }))).toEqual(expected);
    compiled.load({ v: 10, q: 1 });
    compiled.runSync();
    expect(compiled.read()).toEqual({ q: array(6), v: array(9) });
    compiled.runSync();
    expect(numbers(compiled.read())).toEqual({ q: 10.5, v: 3 });
  });

  it("mean the same to converted closures", () => {
    const f = (state: State): Tensor => {
      const { call, captures } = closureConvert((x: State) => sub(x.q, x.v), [state]);
      return call(captures, { v: state.v, q: state.q } as never) as Tensor;
    };
    expect(evaluate(f, start).data[0]).toBe(-9);
  });
});

describe("trees", () => {
  it("keep their structure and its type through every transform", () => {
    type Model = {
      readonly layers: readonly { readonly w: Tensor }[];
      readonly pair: readonly [Tensor, { b: Tensor }];
    };
    const model = { layers: [{ w: 2 }, { w: 3 }], pair: [5, { b: 7 }] } as const;
    const loss = ({ layers, pair: [a, { b }] }: Model): Tensor =>
      layers.reduce((product, { w }) => mul(product, w), mul(a, b));
    const result = evaluate(
      ((m: Model) => {
        // The types are asserted by being used: what is no tensor at a place does not compile.
        const [value, gradient] = valueAndGrad(loss)(m);
        const first: Tensor = (gradient.layers[0] as { w: Tensor }).w;
        const last: Tensor = gradient.pair[1].b;
        const kept = checkpoint((x: Model) => x)(m);
        const same: readonly [Tensor, { b: Tensor }] = kept.pair;
        return { value, first, last, gradient, same };
      }) as never,
      model,
    ) as unknown as { value: HostTensor; gradient: unknown; same: unknown };
    const leaf = (x: number): HostTensor => array(x);
    expect(result.value).toEqual(leaf(210));
    expect(result.gradient).toEqual({ layers: [{ w: leaf(105) }, { w: leaf(70) }], pair: [leaf(42), { b: leaf(30) }] });
    expect(result.same).toEqual([leaf(5), { b: leaf(7) }]);
  });

  it("are refused where they differ, with the place", () => {
    const refused = (next: (state: State) => unknown): string =>
      messageOf(() =>
        evaluate((s: State) => scan((c: State) => [next(c) as State, {}], s, {}, { bound: 2 })[0], start),
      );
    expect(refused(({ q }) => ({ q }))).toContain("Cannot keep the carry of a scan: expected { q, v }, got { q }");
    expect(refused(({ q, v }) => ({ q, w: v }))).toContain("expected { q, v }, got { q, w }");
    expect(refused(({ q, v }) => ({ q, v: [v] }))).toContain("expected a tensor at .v, got an array of 1");
    expect(messageOf(() => compile(turn, [start], reference()).callSync({ q: 1 }))).toContain(
      "Cannot run with these arguments: expected { q, v } at [0], got { q }",
    );
    expect(messageOf(() => compile(turn, [start], reference()).callSync())).toContain(
      "expected an array of 1, got an array of 0",
    );
  });

  it("are made of plain objects", () => {
    class Point {
      readonly q = 1;
    }
    for (const [odd, name] of [
      [new Map([["q", 1]]), "a Map"],
      [Promise.resolve(1), "a Promise"],
      [new Point(), "a Point"],
      [new Float64Array(2), "a Float64Array"],
      [{ q: null }, "null"],
    ] as const) {
      expect(messageOf(() => evaluate((x: unknown) => x as Tensor, odd))).toContain(`got ${name}`);
      expect(messageOf(() => evaluate((() => odd) as never))).toContain(`got ${name}`);
    }
  });
});

describe("vmap", () => {
  it("takes an axis for each branch of an argument, and nests", () => {
    const f = (p: { w: Tensor; x: readonly [Tensor, Tensor] }, k: Tensor): Tensor => add(mul(p.w, p.x[0], p.x[1]), k);
    const inputs = { w: 2, x: [array([1, 2, 3]), array([[1, 10, 100]])] };
    const over = vmap(f, [{ w: null, x: [0, -1] }, null]);
    expect(evaluate(over, inputs, 1).data).toEqual(Float64Array.of(3, 41, 601));
    const table = vmap((a: Tensor) => vmap((b: Tensor) => sub(a, b))(array([0, 1, 2]) as never));
    expect(evaluate(table, array([10, 20])).data).toEqual(Float64Array.of(10, 9, 8, 20, 19, 18));
    expect(messageOf(() => evaluate(vmap(f, [{ v: 0 }]), inputs, 1))).toContain(
      "expected axes for w, x, got some for v",
    );
    expect(messageOf(() => evaluate(vmap(sin, [2]), array([1, 2])))).toContain("got 2");
  });

  it("gives each member its own random numbers from its own key", () => {
    const draw = (key: Tensor): Tensor => normal(key, [3]);
    const one = (seed: number): HostTensor => evaluate(() => draw(foldIn(randomKey(7), seed)));
    const all = evaluate(() =>
      vmap((i: Tensor) => draw(foldIn(randomKey(7), i)))(array([0, 1, 5], [3], "uint32") as never),
    );
    expect(Array.from(all.data)).toEqual([0, 1, 5].flatMap((seed) => Array.from(one(seed).data)));
  });

  it.each([reference(), wasm()])("lets loops of members end by themselves, and a NaN harms no other", (target) => {
    const halvings = (n: Tensor): Tensor =>
      whileLoop(
        ({ x, turns }) => and(less(1, x), less(turns, 60)),
        ({ x, turns }) => ({ turns: add(turns, 1), x: mul(0.5, x) }),
        { x: n, turns: full([], 0) },
      ).turns;
    const run = compile(vmap(halvings), [array([1, 1, 1, 1, 1])], target);
    expect(
      Array.from(run.callSync(array([1, 2, Number.NaN, 1024, Number.POSITIVE_INFINITY])).data as Float64Array),
    ).toEqual([0, 1, 0, 10, 60]);
  });
});
