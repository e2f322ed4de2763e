/**
 * A system of the zoo as a second-order field x'' = f(t, x, v), without control.
 *
 * Where the state holds momenta they are exchanged for velocities: v = A(x) p + b(x) is solved for p, and v is
 * differentiated along the motion. A system of first order has no such field, and one whose velocities are not linear in its
 * momenta is not exchanged here.
 */
import {
  array,
  concatenate,
  evaluate,
  full,
  jacobian,
  jvp,
  linearSolve,
  slice,
  sub,
  type Tensor,
  TensorError,
} from "@leastaction/tensor";
import type { SecondOrderField } from "../../diagnostic/helmholtz/second-order-field.ts";
import { hostRandom } from "../../random/host-random.ts";
import { parametersOf } from "../../system/parameters-of.ts";
import type { Parameters, System } from "../../system/system.ts";
import { systemField } from "../../system/system-field.ts";

/**
 * The accelerations of a system, in SI.
 * @param parameters its constants; defaults for those left out
 * @throws TensorError for a system of first order, and where velocities are not linear in the momenta
 */
export function fieldOfSystem(system: System, parameters: Parameters = {}): SecondOrderField {
  const { coordinates, controls } = system;
  const n = coordinates.length;
  const field = systemField(system, parameters);
  const rate = (t: Tensor, x: Tensor, rates: Tensor): Tensor =>
    controls.length === 0
      ? field(t, concatenate([x, rates]))
      : field(t, concatenate([x, rates]), full([controls.length], 0, x.dtype));
  const roles = coordinates.map((coordinate) => coordinate.rate?.role ?? null);
  if (roles.includes(null)) throw firstOrder(system);
  if (roles.every((role) => role === "velocity")) return (t, x, v) => slice(rate(t, x, v), 0, n);
  const velocity = (t: Tensor, x: Tensor, p: Tensor): Tensor => slice(rate(t, x, p), 0, 0, n);
  const affine = (t: Tensor, x: Tensor): readonly [Tensor, Tensor] => {
    const none = full([n], 0, x.dtype);
    return [jacobian((p) => velocity(t, x, p))(none), velocity(t, x, none)];
  };
  expectLinear(system, parameters, velocity, affine);
  return (t, x, v) => {
    const [matrix, rest] = affine(t, x);
    const p = linearSolve(matrix, sub(v, rest));
    const force = slice(rate(t, x, p), 0, n);
    return jvp((place: Tensor, momentum: Tensor) => velocity(t, place, momentum), [x, p], [v, force])[1];
  };
}

/** Tried at one drawn state: a law that is not linear is off by much there. */
function expectLinear(
  system: System,
  parameters: Parameters,
  velocity: (t: Tensor, x: Tensor, p: Tensor) => Tensor,
  affine: (t: Tensor, x: Tensor) => readonly [Tensor, Tensor],
): void {
  const n = system.coordinates.length;
  const start = system.sampleStart(hostRandom(0), parametersOf(system, parameters));
  const size = Math.max(...start.map(Math.abs));
  // Motions may begin at rest, where every law is linear.
  const [place, momenta] = [array(start.slice(0, n)), array(start.slice(n).map((value) => value + size))];
  const lost = (x: Tensor, p: Tensor): Tensor => {
    const t = full([], 0);
    const [matrix, rest] = affine(t, x);
    return sub(linearSolve(matrix, sub(velocity(t, x, p), rest)), p);
  };
  const off = evaluate(lost, place, momenta);
  if (Array.from(off.data as Float64Array).every((value) => Math.abs(value) <= 1e-9 * size)) return;
  throw new TensorError(
    `Cannot diagnose ${system.name}: expected velocities that are linear in the momenta, got others`,
    `Diagnose positions instead: leastaction simulate ${system.name} --positions-only --out motion.csv.`,
  );
}

function firstOrder({ name, coordinates }: System): TensorError {
  return new TensorError(
    `Cannot diagnose ${name}: expected a system of second order, got one of first order in ${coordinates.map((each) => each.name).join(", ")}`,
    "The question is asked of accelerations: name a system whose state holds velocities or momenta.",
  );
}
