/**
 * Our targets: copies run in a scan, so that one call of the host holds many small products.
 */
import { add, contract, full, type HostTensor, scan, type Target, type Tensor, trace } from "@leastaction/tensor";
import { type Contestant, squaresOf, timed } from "./contestant.ts";
import { operandsOf, type Shape } from "./shape.ts";

/** A shape on one of our targets. */
export function startOurs(shape: Shape, target: Target): Contestant {
  const { dtype, rows, sums, columns, copies, transposed } = shape;
  const [left, right] = operandsOf(shape);
  const operands: readonly HostTensor[] = [
    { dtype, shape: [copies, ...(transposed[0] ? [sums, rows] : [rows, sums])], data: left },
    { dtype, shape: [copies, ...(transposed[1] ? [columns, sums] : [sums, columns])], data: right },
  ];
  const { program } = trace((a: Tensor, b: Tensor) => products(shape, a, b), operands);
  const executable = target.prepare(program, [null]);
  operands.forEach((value, i) => {
    executable.write(i, value);
  });
  executable.run();
  return {
    round: async (times) => timed(times, () => executable.run()),
    check: () => squaresOf(executable.readOutput(0).data),
    stop: () => undefined,
  };
}

function products({ dtype, rows, columns, transposed, accumulate }: Shape, a: Tensor, b: Tensor): Tensor {
  const axes = { contract: [[transposed[0] ? 0 : 1], [transposed[1] ? 1 : 0]] } as const;
  const product = ([x, y]: readonly Tensor[]): Tensor => contract(x as Tensor, y as Tensor, axes);
  if (accumulate) {
    const zero = full([rows, columns], 0, dtype);
    return scan((sum: Tensor, pair: readonly Tensor[]) => [add(sum, product(pair)), []] as const, zero, [a, b])[0];
  }
  return scan((none: Tensor, pair: readonly Tensor[]) => [none, product(pair)] as const, full([], 0), [a, b])[1];
}
