/**
 * Expressions of the kernel language on arrays of lanes.
 */

import type { DType } from "../dtype.ts";
import { defect } from "../errors.ts";
import type { Address, Expression, Local, LoopVariable } from "./kernel.ts";
import { applyBinary, applyUnary, convertElement } from "./scalar.ts";

/** The state of one call of a kernel. */
export interface Frame {
  readonly view: DataView;
  readonly bases: readonly number[];
  readonly locals: Map<Local, readonly number[]>;
  readonly counters: Map<LoopVariable, number>;
}

type Lanes = readonly number[];
type Known = Map<Expression, Lanes>;

const bits = new DataView(new ArrayBuffer(8));

/** The lanes of an expression; `known` holds what has been computed in this statement. */
export function evaluateExpression(frame: Frame, expression: Expression, known: Known): Lanes {
  const before = known.get(expression);
  if (before !== undefined) return before;
  const lanes = compute(frame, expression, known);
  known.set(expression, lanes);
  return lanes;
}

/** The byte where an address starts. */
export function addressOf(frame: Frame, address: Address, known: Known): number {
  const dynamic = address.dynamic === undefined ? 0 : evaluateExpression(frame, address.dynamic, known)[0];
  const start = (frame.bases[address.base] as number) + address.offset + (dynamic as number);
  return address.terms.reduce((sum, { loop, stride }) => sum + stride * (frame.counters.get(loop) as number), start);
}

/** One element of memory. */
export function readElement(view: DataView, dtype: DType, at: number): number {
  switch (dtype) {
    case "float32":
      return view.getFloat32(at, true);
    case "float64":
      return view.getFloat64(at, true);
    case "uint32":
      return view.getUint32(at, true);
    case "int32":
    case "bool":
      return view.getInt32(at, true);
  }
}

export function writeElement(view: DataView, dtype: DType, at: number, value: number): void {
  if (dtype === "float32") view.setFloat32(at, value, true);
  else if (dtype === "float64") view.setFloat64(at, value, true);
  else view.setInt32(at, value, true);
}

function compute(frame: Frame, expression: Expression, known: Known): Lanes {
  const at = (operand: Expression): Lanes => evaluateExpression(frame, operand, known);
  const { lanes } = expression;
  switch (expression.kind) {
    case "number":
      return new Array<number>(lanes).fill(expression.value);
    case "local": {
      const value = frame.locals.get(expression.local);
      if (value === undefined)
        throw defect(`Cannot evaluate an expression: expected a value of ${expression.local.name}, got none yet`);
      return value;
    }
    case "index":
      return Array.from({ length: lanes }, (_, lane) => (frame.counters.get(expression.loop) as number) + lane);
    case "load":
      return loadLanes(frame, expression, known);
    case "unary":
      return at(expression.a).map((a) => applyUnary(expression.op, expression.a.dtype, a));
    case "binary": {
      const b = at(expression.b);
      return at(expression.a).map((a, lane) => applyBinary(expression.op, expression.a.dtype, a, b[lane] as number));
    }
    case "select": {
      const [a, b] = [at(expression.a), at(expression.b)];
      return at(expression.condition).map((condition, lane) => (condition === 0 ? b : a)[lane] as number);
    }
    case "convert":
      return at(expression.a).map((a) => convertElement(expression.a.dtype, expression.dtype, a));
    case "bitcast":
      return at(expression.a).map((a) => bitcastElement(expression.a.dtype, expression.dtype, a));
    case "highBits":
    case "lowBits":
      return at(expression.a).map((a) => half(a, expression.kind === "highBits" ? 4 : 0));
    case "fromBits": {
      const low = at(expression.low);
      return at(expression.high).map((high, lane) => join(high, low[lane] as number));
    }
    case "interleave": {
      const from = expression.half === "low" ? 0 : lanes / 2;
      const [a, b] = [at(expression.a), at(expression.b)];
      return Array.from({ length: lanes }, (_, lane) => (lane % 2 === 0 ? a : b)[from + (lane >> 1)] as number);
    }
    case "splat":
      return new Array<number>(lanes).fill(at(expression.a)[0] as number);
    case "horizontal":
      return [fold(at(expression.a), (a, b) => applyBinary(expression.op, expression.dtype, a, b))];
  }
}

function loadLanes(frame: Frame, load: Extract<Expression, { kind: "load" }>, known: Known): Lanes {
  const { access, dtype, lanes } = load;
  const start = addressOf(frame, load.address, known);
  const element = dtype === "float64" ? 8 : 4;
  const stride = access.kind === "strided" ? access.stride : access.kind === "splat" ? 0 : element;
  return Array.from({ length: lanes }, (_, lane) => readElement(frame.view, dtype, start + stride * lane));
}

function bitcastElement(from: DType, to: DType, a: number): number {
  writeElement(bits, from, 0, a);
  return readElement(bits, to, 0);
}

function half(a: number, at: number): number {
  bits.setFloat64(0, a, true);
  return bits.getInt32(at, true);
}

function join(high: number, low: number): number {
  bits.setInt32(0, low, true);
  bits.setInt32(4, high, true);
  return bits.getFloat64(0, true);
}

function fold(lanes: Lanes, combine: (a: number, b: number) => number): number {
  if (lanes.length === 1) return lanes[0] as number;
  const middle = lanes.length / 2;
  return combine(fold(lanes.slice(0, middle), combine), fold(lanes.slice(middle), combine));
}
