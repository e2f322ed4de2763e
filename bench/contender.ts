/**
 * A system under measurement: a child process that answers in lines.
 *
 * It prints one line of facts when it is ready (first step, what it owns, how long the first call took). Then each line
 * `steps repeats` on its input makes it restart from the start parameters and run that many steps, `repeats` times, and
 * answer {"ms": per step, "loss": of the last step}; of a workload that only solves, a step is one solve and has no loss. Between requests it waits without using the processor, so that rounds of several systems can
 * alternate. C, Python and our own side all speak this way.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** What a system that trains says when it is ready. */
export interface Facts extends SystemFacts {
  readonly loss: number;
  readonly gradientNorm: number;
}

/** What any system says when it is ready. */
export interface SystemFacts {
  /** Bytes owned for the step; null where the system cannot tell. */
  readonly bytes: number | null;
  /** Tracing, compiling and the first run, in ms. */
  readonly firstCallMs: number;
  readonly dtype: "float32" | "float64";
  readonly threads: number;
  /** Arithmetic of one step and the machine's bare multiply-add rate, where the system states them. */
  readonly flops?: number;
  readonly peakGflops?: number;
}

/** A command and its arguments. */
export type Command = readonly [string, ...string[]];

/** Variables of the environment. */
export type Environment = Readonly<Record<string, string>>;

/** What a system says after a round. */
export interface Answer {
  /** Milliseconds per step. */
  readonly ms: number;
  /** Loss of the last step: the same in every round. Absent where nothing is trained. */
  readonly loss?: number;
}

/** A running system. */
export interface Contender<F extends SystemFacts = Facts> {
  readonly facts: F;
  /** `repeats` runs of `steps` steps, each from the start parameters. */
  round(steps: number, repeats: number): Promise<Answer>;
  /** Ends the process. */
  stop(): void;
}

/** Starts a system and waits until it is ready. Errors: the process ends or answers something else. */
export async function startContender<F extends SystemFacts = Facts>(
  [file, ...args]: Command,
  environment: Environment = {},
): Promise<Contender<F>> {
  const child = spawn(file, args, { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...environment } });
  const complaints: string[] = [];
  child.stderr.on("data", (text: Buffer) => complaints.push(text.toString()));
  const failed = new Promise<never>((_, reject) => {
    child.on("error", reject);
    child.on("close", (code) =>
      reject(
        new Error(
          `Cannot measure: expected an answer from ${[file, ...args].join(" ")}, got exit status ${code}\n${complaints.join("").trim()}`,
        ),
      ),
    );
  });
  failed.catch(() => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<unknown> => {
    const line = await Promise.race([lines.next(), failed]);
    return line.done === true ? failed : JSON.parse(line.value);
  };
  const facts = (await answer()) as F;
  return {
    facts,
    round: async (steps, repeats) => {
      child.stdin.write(`${steps} ${repeats}\n`);
      return (await answer()) as Answer;
    },
    stop: () => child.stdin.end(),
  };
}
