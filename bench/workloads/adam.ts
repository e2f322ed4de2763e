/**
 * Adam over named parameters, as a user would write it: Kingma, Ba, 2015, algorithm 1, arXiv:1412.6980.
 *
 * Rate 1e-3, decays 0.9 and 0.999, epsilon 1e-8. The number of updates is part of the state, in the element type of the
 * parameters (exact far beyond any run here); 1 - beta^t is taken by expm1, without cancellation.
 */
import { add, div, expm1, type HostTensor, mul, neg, sqrt, type Tensor } from "@leastaction/tensor";
import { type Named, type Precision, scalar, tensorOf } from "./workload.ts";

/** Moments and count. */
export interface AdamState<Leaf> {
  readonly mean: Named<Leaf>;
  readonly meanSquare: Named<Leaf>;
  readonly count: Leaf;
}

/** The state before the first update. */
export function adamStart(parameters: Named<HostTensor>, dtype: Precision): AdamState<HostTensor> {
  const zeros = mapNamed(parameters, ({ data, shape }) =>
    tensorOf(
      Array.from(data, () => 0),
      shape,
      dtype,
    ),
  );
  return { mean: zeros, meanSquare: zeros, count: scalar(0, dtype) };
}

/** One update; `decay` times the parameter is added to the gradient first. */
export function adamUpdate(
  parameters: Named<Tensor>,
  gradient: Named<Tensor>,
  { mean, meanSquare, count }: AdamState<Tensor>,
  decay: number,
): { parameters: Named<Tensor>; adam: AdamState<Tensor> } {
  const next = add(count, 1);
  const rate = div(1e-3, complementOfPower(0.9, next));
  const rootScale = div(1, sqrt(complementOfPower(0.999, next)));
  const slope = mapNamed(gradient, (g, name) => (decay === 0 ? g : add(g, mul(decay, of(parameters, name)))));
  const m = mapNamed(slope, (g, name) => add(mul(0.9, of(mean, name)), mul(0.1, g)));
  const v = mapNamed(slope, (g, name) => add(mul(0.999, of(meanSquare, name)), mul(0.001, g, g)));
  const moved = mapNamed(parameters, (p, name) =>
    add(p, neg(div(mul(rate, of(m, name)), add(mul(rootScale, sqrt(of(v, name))), 1e-8)))),
  );
  return { parameters: moved, adam: { mean: m, meanSquare: v, count: next } };
}

/** 1 - beta^count. */
function complementOfPower(beta: number, count: Tensor): Tensor {
  return neg(expm1(mul(Math.log(beta), count)));
}

function mapNamed<A, B>(tree: Named<A>, f: (leaf: A, name: string) => B): Named<B> {
  return Object.fromEntries(Object.entries(tree).map(([name, leaf]) => [name, f(leaf, name)]));
}

function of<Leaf>(tree: Named<Leaf>, name: string): Leaf {
  return tree[name] as Leaf;
}
