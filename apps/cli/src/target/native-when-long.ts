/**
 * A target that starts each program at once and moves those that run long to machine code.
 *
 * A C compiler takes 0.2 to 2 s for a program; most programs of a fit run for less than that in all. So a program starts
 * in WebAssembly, and when its runs add up to about `patience` ms of it, it is compiled and its tensors move: the cost is
 * never more than twice what the better choice would have cost. The moment is counted in operations, not in time: the
 * same call does the same on the same machine every time.
 */
import { type Executable, type KernelFacts, type Program, type Target, TensorError } from "@leastaction/tensor";

/** What moves, and what becomes of it. */
export interface Moving {
  /** Where programs start. */
  readonly first: Target;
  /** Where those that run long go. */
  readonly second: Target;
  /** ms that a program is expected to have run when it moves; default 2000. */
  readonly patience?: number;
  /** Told of each program that moved. */
  readonly onMove: () => void;
  /** Told once why no program will move any more. */
  readonly onRefusal: (reason: string) => void;
}

/** What WebAssembly takes for a million operations and for a call, in ms: typical of the programs of a fit. */
const typical = { millionOperations: 0.04, call: 0.0001 };

/** The target; programs are the same on it as on `first`, but for the order of sums. */
export function nativeWhenLong({ first, second, patience = 2000, onMove, onRefusal }: Moving): Target {
  let refused = false;
  const moved = (program: Program, donate: readonly (number | null)[], from: Executable): Executable | null => {
    if (refused) return null;
    try {
      const to = second.prepare(program, donate);
      program.inputs.forEach((_, input) => void to.write(input, from.readInput(input)));
      onMove();
      return to;
    } catch (error) {
      if (!(error instanceof TensorError)) throw error;
      refused = true;
      onRefusal(error.message.split("\n")[0] as string);
      return null;
    }
  };
  return {
    name: `${first.name}, then ${second.name}`,
    synchronous: first.synchronous && second.synchronous,
    prepare: (program, donate) => {
      let current = first.prepare(program, donate);
      const stay = Math.ceil(patience / expectedMs(current.kernels()));
      let left = stay;
      const next = (): Executable => {
        if (left === 0) current = moved(program, donate, current) ?? current;
        left -= 1;
        return current;
      };
      return {
        write: (input, value) => current.write(input, value),
        run: () => next().run(),
        runAsync: () => next().runAsync(),
        ranBefore: (runs) => {
          if (left >= 0) left = Math.max(0, stay - runs);
        },
        readInput: (input) => current.readInput(input),
        readOutput: (output) => current.readOutput(output),
        get bytes() {
          return current.bytes;
        },
        explain: () => current.explain(),
        kernels: () => current.kernels(),
        profile: (steps) => current.profile(steps),
      };
    },
  };
}

/** ms of a run, above zero. */
function expectedMs(kernels: readonly KernelFacts[]): number {
  const operations = kernels.reduce((sum, kernel) => sum + kernel.calls * kernel.operations, 0);
  const calls = kernels.reduce((sum, kernel) => sum + kernel.calls, 1);
  return (typical.millionOperations * operations) / 1e6 + typical.call * calls;
}
