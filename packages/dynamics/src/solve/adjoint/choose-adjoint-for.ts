/**
 * The automatic choice for a problem as it is given to `solve`, to be read before anything runs.
 */
import { type Traced, trace } from "@leastaction/tensor";
import { tsit5 } from "../../solver/tsit5.ts";
import type { SolveOptions } from "../options.ts";
import { problemOf } from "../problem.ts";
import { type AdjointChoice, type AdjointSizes, chooseAdjoint } from "./choose-adjoint.ts";
import { boundOf, sizesOf } from "./sizes.ts";

/**
 * What `adjoint: "auto"` takes for these options, and why.
 *
 * @param options as for `solve`; `args` may be on the host. Parameters count where they are `args` or traced
 * @param memoryBytes that a gradient may take; default 256 MiB
 * @example
 * const field = (_t: Tensor, y: Tensor, k: Tensor) => mul(y, neg(k));
 * const { adjoint, reason } = chooseAdjointFor({ field, t0: 0, t1: 1, y0: array([1]), args: array(0.5) });
 * adjoint; // => "forward"
 * reason; // => "2 directions cost forward no more than reverse mode, and keep nothing."
 */
export function chooseAdjointFor<Y, A = undefined>(
  options: Omit<SolveOptions<Y, A>, "args"> & { readonly args?: unknown },
  memoryBytes?: number,
): AdjointChoice {
  const { field, t0, t1, y0, args, solver = tsit5 } = options;
  let sizes: AdjointSizes | null = null;
  const look = (state: Traced<Y>, given: A): Traced<Y> => {
    sizes = sizesOf(problemOf<Traced<Y>, A>(field, state, given, { t0, t1 }, solver), boundOf(options));
    return state;
  };
  trace(look as (...inputs: never[]) => unknown, [y0, args ?? {}]);
  const found = sizes as unknown as AdjointSizes;
  return chooseAdjoint(memoryBytes === undefined ? found : { ...found, memoryBytes });
}
