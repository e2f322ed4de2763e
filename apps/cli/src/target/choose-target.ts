/**
 * `--target`: where programs run, and a line that says so.
 *
 * `auto` takes machine code for programs that run long where a compiler works, and WebAssembly for all else; what is
 * missing is told and is never a failure. Who asks for `native` gets it or an error.
 */
import { type CodeStore, type Target, wasm } from "@leastaction/tensor";
import { CommandError } from "../command-error.ts";
import { nativeWhenLong } from "./native-when-long.ts";

/** What may be asked for. */
export const targetNames = ["auto", "wasm", "native"] as const;
export type TargetName = (typeof targetNames)[number];

/** Where the programs of a call ran, for its record. */
export interface TargetRecord {
  readonly asked: TargetName;
  /** What ran; beside `wasm, then native`, `moved` counts the programs that were compiled to machine code. */
  readonly used: "wasm" | "native" | "wasm, then native";
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
 * Errors: `native` where no machine code can be made.
 */
export async function chooseTarget(
  asked: TargetName,
  tell: (line: string) => void,
  load: () => Promise<NativePackage> = () => import("@leastaction/native"),
): Promise<ChosenTarget> {
  if (asked === "wasm") return fixed(asked, "wasm", wasm({ store: await findStore(load) }), "as asked");
  const found = await findNative(load);
  if (asked === "native") {
    if (typeof found !== "string") return fixed(asked, "native", found.target, found.compiler);
    throw new CommandError(
      `Cannot use --target native: ${found}`,
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

function fixed(asked: TargetName, used: "wasm" | "native", target: Target, why: string): ChosenTarget {
  return { target, line: `target: ${used} (${why})\n`, record: () => ({ asked, used, moved: 0, why }) };
}

interface FoundNative {
  readonly target: Target;
  readonly compiler: string;
}

function moving(
  { target: second, compiler }: FoundNative,
  store: CodeStore | undefined,
  tell: (line: string) => void,
): ChosenTarget {
  let moved = 0;
  let why = compiler;
  const target = nativeWhenLong({
    first: wasm({ store }),
    second,
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
  if (ok) return { target: found.native(), compiler: reason };
  return reason.split("\n")[0]?.replace(/^Cannot [^:]*: /, "") ?? reason;
}
