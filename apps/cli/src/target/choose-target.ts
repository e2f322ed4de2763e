/**
 * `--target`: where programs run, and a line that says so.
 *
 * `auto` takes machine code for programs that run long where a compiler works, and WebAssembly for all else; what is
 * missing is told and is never a failure. Who asks for `native` gets it or an error. `native-fast` is machine code that fuses
 * multiplications with additions and takes functions of a lower accuracy: other bits, which depend on the machine.
 */
import { type CodeStore, type Target, wasm } from "@leastaction/tensor";
import { CommandError } from "../command-error.ts";
import { nativeWhenLong } from "./native-when-long.ts";

/** What may be asked for. */
export const targetNames = ["auto", "wasm", "native", "native-fast"] as const;
export type TargetName = (typeof targetNames)[number];

/** Where the programs of a call ran, for its record. */
export interface TargetRecord {
  readonly asked: TargetName;
  /** What ran; beside `wasm, then native`, `moved` counts the programs that were compiled to machine code. */
  readonly used: "wasm" | "native" | "native-fast" | "wasm, then native";
  readonly moved: number;
  /** The compiler of machine code, or why there was none. */
  readonly why: string;
}

/** A target with what to say about it. */
export interface ChosenTarget {
  readonly target: Target;
  /** For the terminal, with its end of line. */
  readonly line: string;
  /** As things stand: programs move while they run. */
  readonly record: () => TargetRecord;
}

type NativePackage = Pick<typeof import("@leastaction/native"), "fileStore" | "native" | "nativeAvailable">;

/**
 * @param tell Told, in a line, when machine code fails later than at the start.
 * @param load Gives the package of machine code, which may be missing.
 * Errors: `native` and `native-fast` where no machine code can be made.
 */
export async function chooseTarget(
  asked: TargetName,
  tell: (line: string) => void,
  load: () => Promise<NativePackage> = () => import("@leastaction/native"),
): Promise<ChosenTarget> {
  if (asked === "wasm") return fixed(asked, "wasm", wasm({ store: await findStore(load) }), "as asked");
  const found = await findNative(load);
  if (asked !== "auto") {
    if (typeof found !== "string") return fixed(asked, asked, found.make(asked), found.compiler);
    throw new CommandError(
      `Cannot use --target ${asked}: ${found}`,
      "Install GCC or Clang (Debian: apt install gcc) or name one in CC, or use --target wasm.",
      "no-native-target",
    );
  }
  if (typeof found !== "string") return moving(found, await findStore(load), tell);
  return fixed(asked, "wasm", wasm({ store: await findStore(load) }), `no machine code: ${found}`);
}

/** Where the programs of several threads ran, that of the call first. */
export function joinedRecord([first, ...others]: readonly [TargetRecord, ...TargetRecord[]]): TargetRecord {
  const moved = others.reduce((sum, each) => sum + each.moved, first.moved);
  const why = others.find((each) => each.why !== first.why)?.why ?? first.why;
  return { ...first, used: moved === 0 ? first.used : "wasm, then native", moved, why };
}

function fixed(asked: TargetName, used: Exclude<TargetName, "auto">, target: Target, why: string): ChosenTarget {
  return { target, line: `target: ${used} (${why})\n`, record: () => ({ asked, used, moved: 0, why }) };
}

interface FoundNative {
  readonly make: (name: "native" | "native-fast") => Target;
  readonly compiler: string;
}

function moving(
  { make, compiler }: FoundNative,
  store: CodeStore | undefined,
  tell: (line: string) => void,
): ChosenTarget {
  let moved = 0;
  let why = compiler;
  const target = nativeWhenLong({
    first: wasm({ store }),
    second: make("native"),
    onMove: () => {
      moved += 1;
    },
    onRefusal: (reason) => {
      why = reason;
      tell(`target: wasm from here on (${reason})\n`);
    },
  });
  return {
    target,
    line: `target: wasm, then native for programs that run long (${compiler})\n`,
    record: () => ({ asked: "auto", used: moved === 0 ? "wasm" : "wasm, then native", moved, why }),
  };
}

/** Where binaries are kept for the next call; nowhere if there is no private folder for them. */
async function findStore(load: () => Promise<NativePackage>): Promise<CodeStore | undefined> {
  try {
    return (await load()).fileStore();
  } catch {
    return undefined;
  }
}

/** The target of machine code, or why there is none, in one line. */
async function findNative(load: () => Promise<NativePackage>): Promise<FoundNative | string> {
  let found: NativePackage;
  try {
    found = await load();
  } catch (error) {
    return `expected @leastaction/native, got ${error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)}`;
  }
  const { ok, reason } = found.nativeAvailable();
  const make: FoundNative["make"] = (name) =>
    name === "native" ? found.native() : found.native({ contract: true, accuracy: "fast" });
  if (ok) return { make, compiler: reason };
  return reason.split("\n")[0]?.replace(/^Cannot [^:]*: /, "") ?? reason;
}
