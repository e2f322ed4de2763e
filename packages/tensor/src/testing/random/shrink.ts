/**
 * A smaller program that fails in the same way: results dropped, steps cut off or passed by, calls opened, bodies
 * emptied, extents shortened, as long as something still goes wrong.
 */
import { isFloat } from "../../dtype.ts";
import type { TensorType } from "../../program/program.ts";
import type { HostTensor } from "../../pytree.ts";
import { sizeOf } from "../../shape.ts";
import { evaluateProgram } from "../../target/reference/evaluate.ts";
import { array } from "../../trace/tensor.ts";
import type { RandomSketch } from "./random-sketch.ts";
import { bodiesOf, programOf, resultTypes, runSketch, type Sketch, type Step, sizeOfSketch } from "./sketch.ts";

/** Whether a program still fails. */
export type Fails = (candidate: RandomSketch) => boolean;

/** The smallest failing program found within some seconds. */
export function shrink(start: RandomSketch, fails: Fails, seconds = 60): RandomSketch {
  const end = performance.now() + 1000 * seconds;
  let best = pruned(start);
  let smaller: RandomSketch | undefined = best;
  while (smaller !== undefined && performance.now() < end) {
    best = smaller;
    smaller = undefined;
    for (const candidate of candidates(best)) {
      const next = attempt(candidate);
      if (next === undefined || weight(next) >= weight(best) || !fails(next)) continue;
      smaller = next;
      break;
    }
  }
  return best;
}

/** What is to become less: equations above all, then results, inputs and elements. */
function weight({ sketch, inputs }: RandomSketch): number {
  const results = sketch.steps.reduce(
    (total, step) => total + bodiesOf(step).reduce((n, { outputs }) => n + outputs.length, 0),
    0,
  );
  const elements = inputs.reduce((total, { data }) => total + data.length, 0);
  const constants = sketch.steps.reduce(
    (total, step) => total + (step.kind === "constant" ? step.value.data.length : 0),
    0,
  );
  return 1e4 * sizeOfSketch(sketch) + 100 * (results + sketch.outputs.length + inputs.length) + elements + constants;
}

function attempt(make: () => RandomSketch): RandomSketch | undefined {
  try {
    return pruned(make());
  } catch {
    return undefined;
  }
}

/** Without steps and inputs that no result needs. */
function pruned({ sketch, inputs }: RandomSketch): RandomSketch {
  const needed = new Set(sketch.outputs);
  const widths = widthsOf(sketch);
  const starts = startsOf(sketch, widths);
  const kept = sketch.steps.map(() => false);
  for (let i = sketch.steps.length - 1; i >= 0; i--) {
    const start = starts[i] as number;
    kept[i] = Array.from({ length: widths[i] as number }, (_, k) => start + k).some((value) => needed.has(value));
    if (kept[i] === true) for (const input of (sketch.steps[i] as Step).inputs) needed.add(input);
  }
  const keptInputs = inputs.map((_, i) => needed.has(i) || inputs.length === 1);
  const numbers = new Map<number, number>();
  inputs.forEach((_, i) => {
    if (keptInputs[i] === true) numbers.set(i, numbers.size);
  });
  const steps = sketch.steps.flatMap((step, i) => {
    if (kept[i] !== true) return [];
    const renamed = { ...step, inputs: step.inputs.map((input) => numbers.get(input) as number) };
    for (let k = 0; k < (widths[i] as number); k++) numbers.set((starts[i] as number) + k, numbers.size);
    return [renamed];
  });
  return {
    sketch: {
      inputs: sketch.inputs.filter((_, i) => keptInputs[i] === true),
      steps,
      outputs: sketch.outputs.map((output) => numbers.get(output) as number),
    },
    inputs: inputs.filter((_, i) => keptInputs[i] === true),
  };
}

/** The types of all values of a sketch. */
const typesOf = (sketch: Sketch): TensorType[] => [...sketch.inputs, ...resultTypes(sketch).flat()];

/** How many results each step has. */
const widthsOf = (sketch: Sketch): number[] => resultTypes(sketch).map(({ length }) => length);

/** The number of the first result of each step. */
function startsOf(sketch: Sketch, widths: readonly number[]): number[] {
  let next = sketch.inputs.length;
  return widths.map((width) => {
    next += width;
    return next - width;
  });
}

function* candidates(of: RandomSketch): Generator<() => RandomSketch> {
  const { sketch, inputs } = of;
  const { outputs } = sketch;
  if (outputs.length > 1) {
    for (const output of outputs) yield () => ({ inputs, sketch: { ...sketch, outputs: [output] } });
  }
  const types = typesOf(sketch);
  const widths = widthsOf(sketch);
  const starts = startsOf(sketch, widths);
  for (let i = 0; i < sketch.steps.length; i++) {
    const step = sketch.steps[i] as Step;
    const range = Array.from({ length: widths[i] as number }, (_, k) => (starts[i] as number) + k);
    if (step.kind !== "constant") {
      yield () => cutOff(of, range);
      for (const before of earlier(types, range)) yield () => ({ inputs, sketch: renamed(sketch, new Map([before])) });
    }
    if (step.kind === "checkpoint" || step.kind === "custom")
      yield () => ({ inputs, sketch: opened(sketch, i, range) });
    if (step.kind === "scan" || step.kind === "vmap" || step.kind === "checkpoint" || step.kind === "custom") {
      const first = step.kind === "scan" ? step.carry : 0;
      for (const result of range.slice(first)) yield () => ({ inputs, sketch: narrowed(sketch, i, range, result) });
    }
    const bodies = bodiesOf(step);
    for (const [b, body] of bodies.entries()) {
      for (const smaller of smallerBodies(body)) {
        yield () => {
          const changed = { ...step, bodies: bodies.map((one, k) => (k === b ? smaller() : one)) } as unknown as Step;
          return { inputs, sketch: { ...sketch, steps: sketch.steps.with(i, changed) } };
        };
      }
    }
  }
  yield* shorter(of);
}

/** Pairs of a value and an earlier one of its type. */
function earlier(types: readonly TensorType[], range: readonly number[]): (readonly [number, number])[] {
  const [first] = range;
  return range.flatMap((value) => {
    const before = types.findIndex((type, k) => k < (first as number) && sameType(type, types[value] as TensorType));
    return before < 0 ? [] : [[value, before] as const];
  });
}

const sameType = (a: TensorType, b: TensorType): boolean => a.dtype === b.dtype && a.shape.join() === b.shape.join();

function renamed(sketch: Sketch, names: ReadonlyMap<number, number>): Sketch {
  const rename = (value: number): number => names.get(value) ?? value;
  return {
    ...sketch,
    steps: sketch.steps.map((step) => ({ ...step, inputs: step.inputs.map(rename) })),
    outputs: sketch.outputs.map(rename),
  };
}

/** The results of a step become inputs, with the values they have. */
function cutOff({ sketch, inputs }: RandomSketch, range: readonly number[]): RandomSketch {
  const values = evaluateProgram(programOf(sketch.inputs, runSketch({ ...sketch, outputs: range })), inputs);
  const own = sketch.inputs.length;
  const shift = (value: number): number => (value < own ? value : value + range.length);
  const moved = (value: number): number => (range.includes(value) ? own + range.indexOf(value) : shift(value));
  return {
    inputs: [...inputs, ...values],
    sketch: {
      inputs: [...sketch.inputs, ...values.map(({ dtype, shape }) => ({ dtype, shape }))],
      steps: sketch.steps.map((step) => ({ ...step, inputs: step.inputs.map(moved) })),
      outputs: sketch.outputs.map(moved),
    },
  };
}

/** Without a result of a step that nobody reads. */
function narrowed(sketch: Sketch, at: number, range: readonly number[], result: number): Sketch {
  const read = [...sketch.outputs, ...sketch.steps.flatMap((step) => step.inputs)];
  if (range.length === 1 || read.includes(result)) throw new Error("It is needed.");
  const names = new Map(read.filter((value) => value > result).map((value) => [value, value - 1]));
  const step = sketch.steps[at] as Step;
  const [body] = bodiesOf(step) as readonly [Sketch];
  const outputs = body.outputs.filter((_, k) => k !== result - (range[0] as number));
  const smaller = { ...step, bodies: [keepInputs({ ...body, outputs })] } as unknown as Step;
  return renamed({ ...sketch, steps: sketch.steps.with(at, smaller) }, names);
}

/** A call replaced by its body. */
function opened(sketch: Sketch, at: number, range: readonly number[]): Sketch {
  const step = sketch.steps[at] as Step;
  const body = bodiesOf(step)[0] as Sketch;
  const start = range[0] as number;
  const inner = (value: number): number =>
    value < body.inputs.length ? (step.inputs[value] as number) : start + value - body.inputs.length;
  const more = widthsOf(body).reduce((total, width) => total + width, 0);
  const outer = (value: number): number => {
    if (value < start) return value;
    const result = range.indexOf(value);
    return result < 0 ? value - range.length + more : inner(body.outputs[result] as number);
  };
  const bodySteps = body.steps.map((one) => ({ ...one, inputs: one.inputs.map(inner) }));
  const after = sketch.steps.slice(at + 1).map((one) => ({ ...one, inputs: one.inputs.map(outer) }));
  return {
    ...sketch,
    steps: [...sketch.steps.slice(0, at), ...bodySteps, ...after],
    outputs: sketch.outputs.map(outer),
  };
}

/** Bodies with the same inputs and the same types of results, but less in between. */
function* smallerBodies(body: Sketch): Generator<() => Sketch> {
  const types = typesOf(body);
  const widths = widthsOf(body);
  const starts = startsOf(body, widths);
  for (let i = body.steps.length - 1; i >= 0; i--) {
    const step = body.steps[i] as Step;
    const range = Array.from({ length: widths[i] as number }, (_, k) => (starts[i] as number) + k);
    for (const before of earlier(types, range)) yield () => keepInputs(renamed(body, new Map([before])));
    if (step.kind !== "constant" && range.length === 1) {
      const value = halves(types[range[0] as number] as TensorType);
      yield () => keepInputs({ ...body, steps: body.steps.with(i, { kind: "constant", value, inputs: [] }) });
    }
    for (const [b, inner] of bodiesOf(step).entries()) {
      for (const smaller of smallerBodies(inner)) {
        yield () => {
          const bodies = bodiesOf(step).map((one, k) => (k === b ? smaller() : one));
          return { ...body, steps: body.steps.with(i, { ...step, bodies } as unknown as Step) };
        };
      }
    }
  }
}

/** Pruned, but with all inputs. */
function keepInputs(body: Sketch): Sketch {
  const all = body.inputs.map((_, i) => i);
  const inputs = body.inputs.map(halves);
  const { sketch } = pruned({ sketch: { ...body, outputs: [...body.outputs, ...all] }, inputs });
  return { ...sketch, outputs: sketch.outputs.slice(0, body.outputs.length) };
}

function halves({ dtype, shape }: TensorType): HostTensor {
  return array(
    Array.from({ length: sizeOf(shape) }, () => (isFloat(dtype) ? 0.5 : 1)),
    shape,
    dtype,
  );
}

/** All axes of one extent made shorter. */
function* shorter({ sketch, inputs }: RandomSketch): Generator<() => RandomSketch> {
  const extents = new Set(sketch.inputs.flatMap(({ shape }) => shape));
  for (const extent of extents) {
    for (const less of [1, 2, extent - 1].filter((n) => n > 0 && n < extent)) {
      yield () => ({
        sketch: shortened(sketch, extent, less),
        inputs: inputs.map((input) => shortTensor(input, extent, less)),
      });
    }
  }
}

function shortened(sketch: Sketch, extent: number, less: number): Sketch {
  const list = (shape: readonly number[]): number[] => shape.map((n) => (n === extent ? less : n));
  const short = (step: Step): Step => {
    if (step.kind === "constant") return { ...step, value: shortTensor(step.value, extent, less) };
    if (step.kind === "case") throw new Error("A case has its own shapes.");
    const bodies = bodiesOf(step).map((body) => shortened(body, extent, less));
    if (step.kind !== "plain") {
      const bound = step.kind === "scan" && step.bound === extent ? { bound: less } : {};
      return { ...step, bodies, ...bound } as unknown as Step;
    }
    const { shape, limit, start } = step.parameters as Record<string, number[] | undefined>;
    const parameters = {
      ...step.parameters,
      ...(shape !== undefined && { shape: list(shape) }),
      ...(limit !== undefined && { limit: list(limit), start: start?.map((n) => Math.min(n, less - 1)) }),
    };
    return { ...step, parameters };
  };
  return {
    inputs: sketch.inputs.map(({ dtype, shape }) => ({ dtype, shape: list(shape) })),
    steps: sketch.steps.map(short),
    outputs: sketch.outputs,
  };
}

function shortTensor({ dtype, shape, data }: HostTensor, extent: number, less: number): HostTensor {
  const short = shape.map((n) => (n === extent ? less : n));
  return array(Array.from(data).slice(0, sizeOf(short)), short, dtype);
}
