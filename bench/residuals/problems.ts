/**
 * Loops of many turns whose gradients are measured: what a turn leaves beside its carry, and what share of the gradient is
 * the forward computation, decide what each policy of residuals brings.
 */
import {
  add,
  array,
  grad,
  type HostTensor,
  jvp,
  matmul,
  mul,
  type ScanResiduals,
  scan,
  sin,
  square,
  sum,
  type Tensor,
  tanh,
} from "@leastaction/tensor";

/** A loop with parameters. */
export interface Problem {
  readonly name: string;
  readonly parameters: Readonly<Record<string, HostTensor>>;
  /** The loss after so many turns. */
  readonly loss: (turns: number, residuals: ScanResiduals) => Loss;
}

type Loss = (parameters: Problem["parameters"]) => Tensor;

/** Numbers in [low, high]: multiples of the golden ratio modulo 1. */
function numbers(shape: readonly number[], low: number, high: number, start = 0): HostTensor {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const data = Float64Array.from({ length: size }, (_, i) => {
    return low + (high - low) * (((i + start + 1) * 0.6180339887498949) % 1);
  });
  return array(data, shape);
}

function problem<P extends Problem["parameters"]>(
  name: string,
  parameters: P,
  start: HostTensor,
  step: (parameters: { readonly [K in keyof P]: Tensor }, y: Tensor) => Tensor,
): Problem {
  const loss = (turns: number, residuals: ScanResiduals): Loss => {
    return (given) => {
      const turn = (y: Tensor) => [step(given as unknown as { [K in keyof P]: Tensor }, y), {}] as const;
      return sum(square(scan(turn, start as unknown as Tensor, {}, { bound: turns, residuals })[0]));
    };
  };
  return { name, parameters, loss };
}

const units = 64;

/** y = tanh(y W + b): a turn is one product, its gradient two more. */
const recurrent = problem(
  "recurrent network, 64 units",
  { W: numbers([units, units], -0.12, 0.12), b: numbers([units], -0.5, 0.5, 3) },
  numbers([units], -1, 1, 5),
  ({ W, b }, y) => tanh(add(matmul(y, W), b)),
);

const width = 16;
const h = 0.01;

/** A step of the classical Runge-Kutta method: most of the gradient is the forward computation, four times 16 tanh. */
const neuralOde = problem(
  "neural ODE, 2-16-2, RK4",
  { W1: numbers([2, width], -1, 1), b: numbers([width], -0.5, 0.5, 3), W2: numbers([width, 2], -1, 1, 9) },
  numbers([2], -1, 1, 5),
  ({ W1, b, W2 }, y) => {
    const field = (z: Tensor): Tensor => matmul(tanh(add(matmul(z, W1), b)), W2);
    const k1 = field(y);
    const k2 = field(add(y, mul(h / 2, k1)));
    const k3 = field(add(y, mul(h / 2, k2)));
    const k4 = field(add(y, mul(h, k3)));
    return add(y, mul(h / 6, add(add(k1, k4), mul(2, add(k2, k3)))));
  },
);

/** The least work that a turn can have. */
const map = problem("four sine maps", { w: numbers([4], 0.5, 1) }, numbers([4], -1, 1, 5), ({ w }, y) =>
  sin(add(mul(w, y), mul(y, y))),
);

/** All of them; the first is held to bars. */
export const problems: readonly Problem[] = [recurrent, neuralOde, map];

/** The gradient of a loss, and its derivative along the parameters themselves. */
export function derivativesOf(loss: Loss): readonly [Loss, Loss] {
  const gradient = grad(loss as never) as unknown as Loss;
  const second: Loss = (parameters) => jvp(gradient as never, [parameters], [parameters])[1] as Tensor;
  return [gradient, second];
}
