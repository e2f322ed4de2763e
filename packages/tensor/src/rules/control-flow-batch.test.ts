import { expect, it } from "vitest";
import {
  add,
  array,
  evaluate,
  full,
  grad,
  type HostTensor,
  log,
  mul,
  neg,
  scan,
  sqrt,
  sum,
  switchCase,
  type Tensor,
  vmap,
} from "../index.ts";

type Inputs = { readonly weight: Tensor; readonly starts: Tensor; readonly scales: Tensor; readonly lengths: Tensor };

/** Per member: y <- y - weight scale sqrt(y) log(y / x_i), as often as its length says. */
const loss = ({ weight, starts, scales, lengths }: Inputs): Tensor => {
  const one = (start: Tensor, scale: Tensor, length: Tensor): Tensor => {
    const body = (y: Tensor, x: Tensor): readonly [Tensor, Tensor] => {
      const next = mul(y, neg(mul(weight, scale, sqrt(y), log(mul(y, x)))));
      return [next, next];
    };
    const [end, all] = scan(body, start, array([0.5, 0.25, 0.125]) as never, { length });
    return mul(end, sum(all));
  };
  return sum(vmap(one)(starts, scales, lengths));
};

const gradientOf = (starts: readonly number[], scales: readonly number[], lengths: readonly number[]) => {
  const inputs = { starts: array([...starts]), scales: array([...scales]), lengths: array(Int32Array.from(lengths)) };
  const derivative = (weight: Tensor, floats: Pick<Inputs, "starts" | "scales">): unknown =>
    grad((x: Pick<Inputs, "weight" | "starts" | "scales">) => loss({ ...x, lengths: inputs.lengths as never }))({
      weight,
      ...floats,
    });
  const { starts: y0, scales: factors } = inputs;
  return evaluate(derivative, array(0.3) as never, { starts: y0, scales: factors } as never) as unknown as Record<
    "weight" | "starts" | "scales",
    HostTensor
  >;
};

it("keeps what ended members would compute out of the gradients of what members share", () => {
  const alone = gradientOf([0.2, 0.4], [1, 2], [3, 1]);
  const found = gradientOf([Number.NaN, 0.2, -1, 0.4, 0.3], [1, 1, 1, 2, Number.NaN], [0, 3, 0, 1, 0]);
  expect(found.weight.data[0]).toBeCloseTo(alone.weight.data[0] as number, 14);
  const [first, second] = alone.starts.data as Float64Array;
  // A member that never starts hands its start on: here it is multiplied by the sum of no results.
  expect(Array.from(found.starts.data)).toEqual([0, first, 0, second, 0]);
  const [one, two] = alone.scales.data as Float64Array;
  expect(Array.from(found.scales.data)).toEqual([0, one, 0, two, 0]);
});

it("keeps the parts of the carry that are of all members apart from those of each", () => {
  const powers = (x: Tensor, length: Tensor): Tensor => {
    const body = ([y, shared, own]: readonly [Tensor, Tensor, Tensor]) =>
      [[mul(y, x), mul(shared, 2), add(own, shared)] as const, []] as const;
    const [[y, shared, own]] = scan(body, [x, full([], 1), full([], 0)] as readonly [Tensor, Tensor, Tensor], [], {
      length,
      bound: 4,
    });
    return add(mul(100, shared), y, own);
  };
  const found = evaluate(
    vmap(powers) as never,
    array([2, 3, 5]),
    array(Int32Array.of(1, 0, 3)),
  ) as unknown as HostTensor;
  // 100 2^n + x^(n + 1) + 2^n - 1.
  expect(Array.from(found.data)).toEqual([200 + 4 + 1, 100 + 3 + 0, 800 + 625 + 7]);
});

it("lends a branch what members that take it have, so that no other spoils a gradient", () => {
  const chosen = (weight: Tensor, xs: Tensor): Tensor => {
    const one = (x: Tensor, index: Tensor): Tensor =>
      switchCase(index, [(y: Tensor) => sqrt(mul(weight, y)), (y: Tensor) => mul(weight, y), (y: Tensor) => log(y)], x);
    return sum(vmap(one)(xs, array(Int32Array.of(1, 0, 1, 2)) as never));
  };
  const slopes = evaluate(
    (weight: Tensor, xs: Tensor) =>
      grad((both: { w: Tensor; x: Tensor }) => chosen(both.w, both.x))({ w: weight, x: xs }),
    array(4),
    array([-1, 1, -3, 0.5]),
  ) as unknown as { readonly w: HostTensor; readonly x: HostTensor };
  // d/dw (sqrt(w) - w - 3 w + ln 0.5), and w, 1 / sqrt(w) / 2 · w, w, 1 / x.
  expect(slopes.w.data[0]).toBeCloseTo(0.25 - 4, 14);
  expect(Array.from(slopes.x.data)).toEqual([4, 1, 4, 2]);
});
