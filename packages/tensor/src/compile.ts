/**
 * The one door from a function to something that runs.
 *
 * `compile` traces a function once for the types of its arguments and gives the program to a target. The result can be
 * called like a function, or it can keep its first argument, the state, inside the target: `load` it, `run` as often as
 * wanted, `read` it back. State that stays inside is never copied.
 */
import { TensorError } from "./errors.ts";
import type { KernelFacts } from "./lower/explain.ts";
import type { Profile } from "./lower/profile.ts";
import { showType } from "./program/infer.ts";
import type { Program } from "./program/program.ts";
import { arrangedLike, type HostTensor, isLeaf, type Leaf, leavesOf, type MapLeaves, withLeaves } from "./pytree.ts";
import { evaluateProgram } from "./target/reference/evaluate.ts";
import type { Executable, Target } from "./target/target.ts";
import { array } from "./trace/tensor.ts";
import { specLeaves, type TracedFunction, trace } from "./trace/trace.ts";

/** A tree with a host tensor at every leaf. */
export type Hosted<T> = MapLeaves<T, HostTensor>;

/** A compiled function; see `compile`. */
export interface Compiled<Result> {
  /** The program, before the target's own passes. */
  readonly program: Program;
  /** The function applied to these arguments: trees of host tensors or numbers. */
  call(...inputs: readonly unknown[]): Promise<Hosted<Result>>;
  /** As `call`; only on targets of the processor. */
  callSync(...inputs: readonly unknown[]): Hosted<Result>;
  /** Sets the state: the first argument. */
  load(state: unknown): void;
  /**
   * Runs the function on the state inside and the other arguments. The result replaces the state; if it is a pair
   * [state, report], its first part does and the report is returned.
   */
  run(...rest: readonly unknown[]): Promise<unknown>;
  /** As `run`; only on targets of the processor. */
  runSync(...rest: readonly unknown[]): unknown;
  /** The state inside, copied to the host. */
  read(): unknown;
  /** Behaves from now on as if it had run so often; call it after `load`, when a saved state is gone on from. */
  ranBefore(runs: number): void;
  /** Bytes that the target owns for this function. */
  bytes(): number;
  /** What runs, in words. */
  explain(): string;
  /** What runs, kernel by kernel: what each came from, its loops, calls, operations, bytes. */
  kernels(): readonly KernelFacts[];
  /**
   * Where the time of a run goes, kernel by kernel, measured on a copy: the state inside stays as it is.
   *
   * @param steps Runs to measure; default: as many as take a third of a second.
   * Errors: on a target that makes no kernels.
   */
  profile(steps?: number): Profile;
}

/**
 * A function made ready to run on a target.
 *
 * @param f A function of trees of tensors to a tree of tensors, without side effects; called once.
 * @param inputs For each parameter of `f` a tree of types (`{ dtype, shape }`), or values whose types are meant.
 * @param target Where it runs.
 * Errors: what tracing refuses; arguments of other types than compiled for; `load`/`run` of a function whose result
 * does not have the structure and types of its first argument.
 */
export function compile<Result>(
  f: (...inputs: never[]) => Result,
  inputs: readonly unknown[],
  target: Target,
): Compiled<Result> {
  const traced = trace(f, inputs);
  const { program } = traced;
  const pure = once(() => target.prepare(program, Array<null>(program.outputs.length).fill(null)));
  const state = once(() => stateful(traced, inputs, target));
  const result = (executable: Executable): Hosted<Result> =>
    withLeaves(
      traced.result,
      program.outputs.map((_, i) => executable.readOutput(i)),
    ) as Hosted<Result>;
  const write = (executable: Executable, values: readonly unknown[]): void =>
    writeAll(program, executable, inputs, values, 0);
  const started = (rest: readonly unknown[]): Stateful => {
    const inside = state();
    writeAll(program, inside.executable, inputs.slice(1), rest, inside.width);
    return inside;
  };
  return {
    program,
    call: async (...values) => {
      write(pure(), values);
      await pure().runAsync();
      return result(pure());
    },
    callSync: (...values) => {
      requireSynchronous(target);
      write(pure(), values);
      pure().run();
      return result(pure());
    },
    load: (value) => writeAll(program, state().executable, inputs.slice(0, 1), [value], 0),
    run: async (...rest) => {
      const inside = started(rest);
      await inside.executable.runAsync();
      return inside.report();
    },
    runSync: (...rest) => {
      requireSynchronous(target);
      const inside = started(rest);
      inside.executable.run();
      return inside.report();
    },
    read: () => {
      const { executable, width } = state();
      return withLeaves(
        inputs[0],
        Array.from({ length: width }, (_, i) => executable.readInput(i)),
      );
    },
    bytes: () => (pure.made() ? pure().bytes : 0) + (state.made() ? state().executable.bytes : 0),
    ...inspection(() => (state.made() ? state().executable : pure())),
  };
}

/** The ways to see and to steer what runs. */
function inspection(
  running: () => Executable,
): Pick<Compiled<unknown>, "ranBefore" | "explain" | "kernels" | "profile"> {
  return {
    ranBefore: (runs) => running().ranBefore?.(runs),
    explain: () => running().explain(),
    kernels: () => running().kernels(),
    profile: (steps) => running().profile(steps),
  };
}

/** The result of a function on host values, by the reference evaluator: for tests and a first look, not for speed. */
export function evaluate<Result>(f: (...inputs: never[]) => Result, ...inputs: readonly unknown[]): Hosted<Result> {
  const { program, result } = trace(f, inputs);
  return withLeaves(result, evaluateProgram(program, hostLeaves(inputs))) as Hosted<Result>;
}

interface Stateful {
  readonly executable: Executable;
  /** Number of leaves of the state. */
  readonly width: number;
  readonly report: () => unknown;
}

function stateful({ program, result }: TracedFunction<unknown>, inputs: readonly unknown[], target: Target): Stateful {
  const wanted = specLeaves(inputs[0]).map(showType);
  const paired = Array.isArray(result) && result.length === 2 && !isLeaf(result);
  const next = paired ? (result as unknown[])[0] : result;
  const found = specLeaves(next).map(showType);
  // Where each leaf of the state stands among the results, which may write their fields in another order.
  const numbered = withLeaves(
    next,
    found.map((_, i) => i),
  );
  const places = leavesOf(arrangedLike(inputs[0], numbered, "keep state")) as number[];
  if (wanted.some((type, i) => type !== found[places[i] as number])) {
    throw new TensorError(
      `Cannot keep state: expected a result (or the first of a pair) of the types of the first argument, ${wanted.join(", ")}, got ${found.join(", ")}`,
      "Return [state, report] with the state as it came in, or use call.",
    );
  }
  const width = wanted.length;
  const executable = target.prepare(
    program,
    program.outputs.map((_, i) => (i < width ? places.indexOf(i) : null)),
  );
  const report = (): unknown =>
    paired
      ? withLeaves(
          (result as unknown[])[1],
          program.outputs.slice(width).map((_, i) => executable.readOutput(width + i)),
        )
      : undefined;
  return { executable, width, report };
}

function hostLeaves(inputs: readonly unknown[]): HostTensor[] {
  return leavesOf(inputs).map((leaf) => (typeof leaf === "number" ? array(leaf) : (leaf as HostTensor)));
}

function writeAll(
  program: Program,
  executable: Executable,
  inputs: readonly unknown[],
  values: readonly unknown[],
  from: number,
): void {
  hostLeaves(arrangedLike(inputs, values, "run with these arguments") as unknown[]).forEach((value, i) => {
    const expected = program.inputs[from + i]?.type;
    if (expected === undefined || showType(expected) !== showType(value) || !("data" in value)) {
      throw new TensorError(
        `Cannot run: expected ${expected === undefined ? "no further argument" : showType(expected)} as leaf ${from + i} of the arguments, got ${describe(value)}`,
        "Pass values of the types that the function was compiled for; array(data, shape, dtype) makes them.",
      );
    }
    executable.write(from + i, value);
  });
}

function describe(leaf: Leaf): string {
  return "data" in leaf ? showType(leaf) : `${showType(leaf)} without values`;
}

function requireSynchronous(target: Target): void {
  if (target.synchronous) return;
  throw new TensorError(
    `Cannot run synchronously: expected a target of the processor, got ${target.name}`,
    "Use call or run and await the result.",
  );
}

function once<T>(make: () => T): (() => T) & { made: () => boolean } {
  let value: { readonly of: T } | null = null;
  const get = (): T => {
    value ??= { of: make() };
    return value.of;
  };
  return Object.assign(get, { made: () => value !== null });
}
