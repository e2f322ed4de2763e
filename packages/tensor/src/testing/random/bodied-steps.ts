/**
 * How loops, calls and transforms are added to a growing sketch: each with a body that grows in the same way from the
 * values of its first turn, member or call.
 */
import { isFloat } from "../../dtype.ts";
import type { TensorType } from "../../program/program.ts";
import type { HostTensor } from "../../pytree.ts";
import { sizeOf } from "../../shape.ts";
import { array } from "../../trace/tensor.ts";
import { below, chance, pick } from "./draw.ts";
import { Growth, type Settings } from "./growth.ts";
import type { Sketch } from "./sketch.ts";

/** Adds random steps until there are about so many equations. */
export type GrowBody = (growth: Growth, size: number) => void;

/** How a step with a body is added. */
export type GrowBodied = (growth: Growth, growBody: GrowBody) => unknown;

function child(growth: Growth, inputs: readonly HostTensor[], settings: Settings = growth.settings): Growth {
  return new Growth(growth.draw, settings, inputs, Math.min(14, growth.room - 1), growth.depth + 1);
}

const sizeOfBody = (growth: Growth): number => 2 + below(growth.draw, growth.depth === 0 ? 6 : 3);

const several = (growth: Growth, least: number, most: number, choose: () => number | null): number[] =>
  Array.from({ length: least + below(growth.draw, most - least + 1) }, choose).filter((index) => index !== null);

const anyValue = (growth: Growth): number => growth.some(() => true) ?? growth.float();

/** Row `at` along axis 0. */
function rowOf({ dtype, shape, data }: HostTensor, at: number): HostTensor {
  const size = sizeOf(shape.slice(1));
  return { dtype, shape: shape.slice(1), data: data.slice(at * size, (at + 1) * size) };
}

/** What nobody reads, floats first; at most two of them, or the last value. */
function results(growth: Growth): number[] {
  const sinks = growth.sinks();
  const floats = sinks.filter((index) => isFloat(growth.type(index).dtype));
  const chosen = [...floats, ...sinks.filter((index) => !floats.includes(index))].slice(0, 2);
  return chosen.length === 0 ? [growth.count - 1] : chosen;
}

/** The next value of a part of a carry: of its type, and bounded. */
function nextOf(growth: Growth, carry: number): number | null {
  const type = growth.type(carry);
  const other = growth.use(growth.ofType(type));
  if (chance(growth.draw, 0.15)) return carry;
  if (!isFloat(type.dtype))
    return chance(growth.draw, 0.5) ? other : growth.plain(type.dtype === "bool" ? "xor" : "add", {}, carry, other);
  if (chance(growth.draw, 0.5)) return growth.plain("tanh", {}, other);
  const half = growth.constant(
    array(
      Array.from({ length: sizeOf(type.shape) }, () => 0.5),
      type.shape,
      type.dtype,
    ),
  );
  const sum = growth.plain("add", {}, carry, other);
  return sum === null ? null : growth.plain("mul", {}, sum, half);
}

/** The outputs of a loop's body that are its next carry; null where one could not be made. */
function nextCarry(growth: Growth, from: number, count: number): number[] | null {
  const next = Array.from({ length: count }, (_, i) => nextOf(growth, from + i));
  if (next.includes(null)) return null;
  // Two of one type change places now and then.
  const [a, b] = next as number[];
  const exchange =
    a !== undefined && b !== undefined && sameType(growth.type(a), growth.type(b)) && chance(growth.draw, 0.3);
  return exchange ? [b, a, ...(next.slice(2) as number[])] : (next as number[]);
}

const sameType = (a: TensorType, b: TensorType): boolean => a.dtype === b.dtype && a.shape.join() === b.shape.join();

function lengthOf(growth: Growth, bound: number): number {
  const known = growth.some(({ dtype, shape }) => dtype === "int32" && shape.length === 0);
  if (known !== null && chance(growth.draw, 0.4)) return known;
  return growth.constant(array([chance(growth.draw, 0.7) ? bound : below(growth.draw, bound + 2)], [], "int32"));
}

const scan: GrowBodied = (growth, growBody) => {
  const { draw } = growth;
  const leading = chance(draw, 0.75) ? growth.some(({ shape }) => shape.length > 0 && (shape[0] as number) <= 5) : null;
  const bound = leading === null ? 1 + below(draw, 5) : (growth.type(leading).shape[0] as number);
  const more = (): number | null => growth.some(({ shape }) => shape[0] === bound);
  const series = leading === null ? [] : [leading, ...several(growth, 0, 1, more)];
  const constants = several(growth, 0, 2, () => anyValue(growth));
  const carry = several(growth, series.length > 0 ? 0 : 1, 3, () =>
    chance(draw, 0.8) ? growth.float() : anyValue(growth),
  );
  const reverse = chance(draw, 0.35);
  const first = series.map((index) => rowOf(growth.value(index), reverse ? bound - 1 : 0));
  const body = child(growth, [...[...constants, ...carry].map((index) => growth.value(index)), ...first]);
  growBody(body, sizeOfBody(growth));
  const next = nextCarry(body, constants.length, carry.length);
  if (next === null) return null;
  const outputs = [...next, ...results(body).filter(() => carry.length === 0 || chance(draw, 0.7))];
  return growth.attempt({
    kind: "scan",
    bodies: [body.finish(outputs)],
    constants: constants.length,
    carry: carry.length,
    bound,
    reverse,
    inputs: [lengthOf(growth, bound), ...constants, ...carry, ...series],
  });
};

const whileLoop: GrowBodied = (growth, growBody) => {
  if (growth.settings.reversible) return null;
  const scalar: TensorType = { dtype: "int32", shape: [] };
  const known = growth.some(
    (type, index) => sameType(type, scalar) && Math.abs(growth.value(index).data[0] as number) < 6,
  );
  const limit = known ?? growth.constant(array([below(growth.draw, 5)], [], "int32"));
  const counter = growth.constant(array([0], [], "int32"));
  const constants = [limit, ...several(growth, 0, 2, () => anyValue(growth))];
  const carry = [...several(growth, 1, 2, () => growth.float()), counter];
  const inputs = [...constants, ...carry].map((index) => growth.value(index));
  const body = child(growth, inputs);
  growBody(body, sizeOfBody(growth));
  const next = nextCarry(body, constants.length, carry.length - 1);
  const step = body.constant(array([1], [], "int32"));
  const counted = body.plain("add", {}, inputs.length - 1, step);
  if (next === null || counted === null) return null;
  const less = { kind: "plain", primitive: "less", parameters: {}, inputs: [inputs.length - 1, 0] } as const;
  const condition: Sketch = { inputs: body.finish([]).inputs, steps: [less], outputs: [inputs.length] };
  return growth.attempt({
    kind: "while",
    bodies: [condition, body.finish([...next, counted])],
    constants: constants.length,
    inputs: [...constants, ...carry],
  });
};

const branches: GrowBodied = (growth, growBody) => {
  const known = growth.some(({ dtype, shape }) => dtype === "int32" && shape.length === 0);
  const at = known ?? growth.constant(array([below(growth.draw, 4) - 1], [], "int32"));
  const inputs = several(growth, 1, 3, () => (chance(growth.draw, 0.8) ? growth.float() : anyValue(growth)));
  const grown = (): Growth => {
    const body = child(
      growth,
      inputs.map((index) => growth.value(index)),
    );
    growBody(body, 1 + below(growth.draw, 3));
    return body;
  };
  const first = grown();
  const outputs = results(first);
  const types = outputs.map((output) => first.type(output));
  const others = Array.from({ length: 1 + below(growth.draw, 2) }, grown);
  const bodies = [first.finish(outputs), ...others.map((body) => body.finish(types.map((type) => body.ofType(type))))];
  return growth.attempt({ kind: "switch", bodies, inputs: [at, ...inputs] });
};

const call =
  (kind: "checkpoint" | "custom"): GrowBodied =>
  (growth, growBody) => {
    const inputs = several(growth, 1, 3, () => (chance(growth.draw, 0.8) ? growth.float() : anyValue(growth)));
    const body = child(
      growth,
      inputs.map((index) => growth.value(index)),
    );
    growBody(body, sizeOfBody(growth));
    return growth.attempt({ kind, bodies: [body.finish(results(body))], inputs });
  };

/** Floats to differentiate by, then other values. */
function differentiated(growth: Growth): { readonly inputs: number[]; readonly count: number } {
  const own = several(growth, 1, 2, () => growth.float());
  return { inputs: [...own, ...several(growth, 0, 2, () => anyValue(growth))], count: own.length };
}

const gradient: GrowBodied = (growth, growBody) => {
  const { inputs, count } = differentiated(growth);
  const settings = { ...growth.settings, reversible: true };
  const body = child(
    growth,
    inputs.map((index) => growth.value(index)),
    settings,
  );
  growBody(body, sizeOfBody(growth));
  const outputs = results(body);
  if (!outputs.some((index) => isFloat(body.type(index).dtype))) return null;
  return growth.attempt({ kind: "grad", bodies: [body.finish(outputs)], count, inputs });
};

const tangent: GrowBodied = (growth, growBody) => {
  const { inputs, count } = differentiated(growth);
  const body = child(
    growth,
    inputs.map((index) => growth.value(index)),
  );
  growBody(body, sizeOfBody(growth));
  const directions = inputs.slice(0, count).map((index) => growth.partner(index));
  return growth.attempt({
    kind: "jvp",
    bodies: [body.finish(results(body))],
    count,
    inputs: [...inputs, ...directions],
  });
};

const batch: GrowBodied = (growth, growBody) => {
  const leading = growth.some(({ shape }) => shape.length > 0 && (shape[0] as number) <= 5);
  if (leading === null) return null;
  const size = growth.type(leading).shape[0] as number;
  const others = several(growth, 0, 2, () => growth.some(({ shape }) => shape[0] === size));
  const shared = several(growth, 0, 2, () => anyValue(growth));
  const inputs = [leading, ...others, ...shared];
  const axes = inputs.map((_, i) => i <= others.length);
  const body = child(
    growth,
    inputs.map((index, i) => (axes[i] === true ? rowOf(growth.value(index), 0) : growth.value(index))),
  );
  growBody(body, sizeOfBody(growth));
  return growth.attempt({ kind: "vmap", bodies: [body.finish(results(body))], axes, inputs });
};

const chances: readonly (readonly [number, GrowBodied])[] = [
  [5, scan],
  [1, whileLoop],
  [2, branches],
  [2, call("checkpoint")],
  [2, call("custom")],
  [3, gradient],
  [2, tangent],
  [3, batch],
];
const deck = chances.flatMap(([weight, grow]) => Array.from({ length: weight }, () => grow));

/** Adds a loop, a call or a transform. */
export const bodiedStep: GrowBodied = (growth, growBody) => pick(growth.draw, deck)(growth, growBody);
