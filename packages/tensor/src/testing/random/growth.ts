/**
 * A sketch that grows step by step, with the value of everything in it: a step is kept when its results are finite, not
 * large, and not beside a jump, so that random programs compute something that can be compared.
 */
import { isFloat } from "../../dtype.ts";
import type { TensorType } from "../../program/program.ts";
import type { HostTensor } from "../../pytree.ts";
import { sameShape, sizeOf } from "../../shape.ts";
import { evaluateProgram } from "../../target/reference/evaluate.ts";
import { array } from "../../trace/tensor.ts";
import { below, chance, type Draw, pick } from "./draw.ts";
import { bodiesOf, type Plain, programOf, runStep, type Sketch, type Step, sizeOfSketch } from "./sketch.ts";

/** What a program may hold. */
export interface Settings {
  /** Reverse mode must work: no `while`. */
  readonly reversible: boolean;
  /** Differences must give the derivative: no `stopGradient`, float64 alone. */
  readonly smooth: boolean;
  /** The element type of most floats. */
  readonly dtype: "float32" | "float64";
}

const largestSize = 160;
const largestValue = 100;

/** The sketch under construction. */
export class Growth {
  readonly draw: Draw;
  readonly settings: Settings;
  /** Bodies around this one. */
  readonly depth: number;
  readonly #inputs: readonly HostTensor[];
  readonly #steps: Step[] = [];
  readonly #values: HostTensor[];
  readonly #used = new Set<number>();
  #size = 0;
  readonly #limit: number;

  constructor(draw: Draw, settings: Settings, inputs: readonly HostTensor[], limit: number, depth = 0) {
    this.draw = draw;
    this.settings = settings;
    this.depth = depth;
    this.#inputs = inputs;
    this.#values = [...inputs];
    this.#limit = limit;
  }

  /** Equations so far; see `sizeOfSketch`. */
  get size(): number {
    return this.#size;
  }

  /** How many more equations there may be. */
  get room(): number {
    return this.#limit - this.#size;
  }

  value(index: number): HostTensor {
    return this.#values[index] as HostTensor;
  }

  type(index: number): TensorType {
    const { dtype, shape } = this.value(index);
    return { dtype, shape };
  }

  get count(): number {
    return this.#values.length;
  }

  /** Adds a step if its results are fit to be used. */
  attempt(step: Step): readonly number[] | null {
    const size = step.kind === "constant" ? 0 : 1 + bodiesOf(step).reduce((n, body) => n + sizeOfSketch(body), 0);
    if (size > this.room) return null;
    const inputs = step.inputs.map((input) => this.value(input));
    const results = step.kind === "constant" ? [step.value] : evaluated(this.draw, step, inputs);
    if (results === null) return null;
    for (const input of step.inputs) this.#used.add(input);
    this.#steps.push(step);
    this.#size += size;
    this.#values.push(...results);
    return results.map((_, i) => this.#values.length - results.length + i);
  }

  /** The first result of a primitive. */
  plain(primitive: Plain, parameters: object, ...inputs: readonly number[]): number | null {
    return this.attempt({ kind: "plain", primitive, parameters, inputs })?.[0] ?? null;
  }

  constant(value: HostTensor): number {
    return (this.attempt({ kind: "constant", value, inputs: [] }) as readonly number[])[0] as number;
  }

  /** A constant of random numbers. */
  random({ dtype, shape }: TensorType): number {
    return this.constant(randomTensor(this.draw, { dtype, shape }));
  }

  /** A value that fits, later ones rather than earlier; null where there is none. */
  some(fits: (type: TensorType, index: number) => boolean): number | null {
    const fitting = this.#values.flatMap((_, index) => (fits(this.type(index), index) ? [index] : []));
    if (fitting.length === 0) return null;
    const unused = fitting.filter((index) => !this.#used.has(index));
    if (unused.length > 0 && chance(this.draw, 0.6)) return pick(this.draw, unused);
    return pick(this.draw, fitting.slice(chance(this.draw, 0.5) ? -8 : 0));
  }

  float(): number {
    return this.some(({ dtype }) => isFloat(dtype)) ?? this.random({ dtype: this.settings.dtype, shape: [] });
  }

  /** A value of exactly this type: one that is there, or one made for it. */
  ofType(type: TensorType, mayBe: (index: number) => boolean = () => true): number {
    const same = this.some(
      (other, index) => other.dtype === type.dtype && sameShape(other.shape, type.shape) && mayBe(index),
    );
    if (same !== null && chance(this.draw, 0.85)) return same;
    return this.#made(type) ?? this.random(type);
  }

  /** From another value: its shape cut to one number, or its short shape repeated. */
  #made({ dtype, shape }: TensorType): number | null {
    if (!isFloat(dtype)) return null;
    const fitting = this.some(
      (other) => other.dtype === dtype && fitsAtEnd(other.shape, shape) && other.shape.length < shape.length,
    );
    if (fitting !== null) return this.#broadcast(fitting, shape);
    const from = this.some((other) => other.dtype === dtype && other.shape.length > 0);
    if (from === null) return null;
    const axes = this.value(from).shape.map((_, axis) => axis);
    const total = this.plain("reduceSum", { axes }, from);
    const bounded = total === null ? null : this.plain("tanh", {}, total);
    return bounded === null ? null : this.#broadcast(bounded, shape);
  }

  #broadcast(from: number, shape: readonly number[]): number | null {
    const own = this.value(from).shape;
    if (own.length === shape.length) return sameShape(own, shape) ? from : null;
    return this.plain("broadcast", { shape, axes: own.map((_, axis) => axis + shape.length - own.length) }, from);
  }

  /** Another value of the type of `index`, itself now and then. */
  partner(index: number): number {
    const type = this.type(index);
    if (chance(this.draw, 0.15)) return this.random(type);
    return this.ofType(type, (other) => other !== index || chance(this.draw, 0.1));
  }

  /** Values that no step reads. */
  sinks(): number[] {
    return this.#values.flatMap((_, index) => (index >= this.#inputs.length && !this.#used.has(index) ? [index] : []));
  }

  /** As if a step read it. */
  use(index: number): number {
    this.#used.add(index);
    return index;
  }

  /** The sketch so far. */
  finish(outputs: readonly number[]): Sketch {
    return {
      inputs: this.#inputs.map(({ dtype, shape }) => ({ dtype, shape })),
      steps: this.#steps,
      outputs,
    };
  }
}

/** Whether `shape` broadcasts to `whole` by new axes in front. */
function fitsAtEnd(shape: readonly number[], whole: readonly number[]): boolean {
  return shape.every((extent, axis) => extent === whole[axis + whole.length - shape.length]);
}

/** Random values: floats in -1.5 … 1.5, small integers, large uint32 now and then, truth values. */
export function randomTensor(draw: Draw, { dtype, shape }: TensorType): HostTensor {
  const wide = chance(draw, 0.3);
  const one = (): number => {
    if (isFloat(dtype)) return 3 * draw() - 1.5;
    if (dtype === "bool") return below(draw, 2);
    if (dtype === "int32") return wide ? below(draw, 2000) - 1000 : below(draw, 9) - 2;
    return wide ? below(draw, 2 ** 32) : below(draw, 40);
  };
  return array(Array.from({ length: sizeOf(shape) }, one), shape, dtype);
}

/** The results of a step, or null where they are not fit. */
function evaluated(draw: Draw, step: Step, inputs: readonly HostTensor[]): readonly HostTensor[] | null {
  const program = programOf(inputs, (tensors) => runStep(step, tensors));
  if (program.outputs.some(({ type }) => sizeOf(type.shape) > largestSize)) return null;
  const results = evaluateProgram(program, inputs);
  const isFit = ({ dtype, data }: HostTensor): boolean =>
    !isFloat(dtype) || data.every((value: number) => Math.abs(value) <= largestValue);
  if (!results.every(isFit)) return null;
  if (step.kind === "plain" && steady.has(step.primitive)) return results;
  for (let turn = 0; turn < 2; turn++) {
    const moved = evaluateProgram(
      program,
      inputs.map((input) => nudged(draw, input)),
    );
    if (!results.every((result, i) => isNear(result, moved[i] as HostTensor))) return null;
  }
  return results;
}

/** They move no more than what they are given. */
const steady: ReadonlySet<string> = new Set(
  (
    "neg abs add sub mul max min sin cos tanh select stopGradient allSum iota broadcast reshape transpose reverse slice " +
    "pad concatenate gather dot scatterAdd reduceSum reduceMax reduceMin and or xor not shiftLeft shiftRight"
  ).split(" "),
);

const nudge = 1e-5;

function nudged(draw: Draw, input: HostTensor): HostTensor {
  if (!isFloat(input.dtype)) return input;
  return array(
    Array.from(input.data, (value) => value + nudge * (2 * draw() - 1) * Math.max(0.1, Math.abs(value))),
    input.shape,
    input.dtype,
  );
}

/** Not moved by more than some thousand times the nudge; integers not at all. */
function isNear({ dtype, data }: HostTensor, moved: HostTensor): boolean {
  if (!isFloat(dtype)) return data.every((value: number, i: number) => value === moved.data[i]);
  const largest = Array.from(data).reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return data.every(
    (value: number, i: number) => Math.abs(value - (moved.data[i] as number)) <= 2000 * nudge * largest,
  );
}
