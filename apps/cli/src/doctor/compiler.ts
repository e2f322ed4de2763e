/** Machine code: a C compiler that works, with what loads its libraries. */
import type { Finding } from "./finding.ts";

type NativePackage = Pick<typeof import("@leastaction/native"), "nativeAvailable">;

/** @param load gives the package of machine code, which may be missing */
export async function compilerFinding(
  load: () => Promise<NativePackage> = () => import("@leastaction/native"),
): Promise<Finding> {
  const { ok, reason } = await load().then(
    (found) => found.nativeAvailable(),
    () => ({ ok: false, reason: "@leastaction/native is not installed" }),
  );
  const found = reason.split("\n")[0] ?? "";
  return {
    name: "C compiler",
    state: ok ? "ok" : "poor",
    needed: false,
    found: ok ? found : found.replace(/^Cannot [^:]*: /, ""),
    purpose: "makes machine code of programs that run long: three to six times the speed of WebAssembly",
    remedy: ok ? null : remedyOf(reason),
    facts: { works: ok, vectorBytes: Number(/vectors of (\d+) bytes/.exec(reason)?.[1] ?? 0) || null },
  };
}

function remedyOf(reason: string): string {
  if (reason.startsWith("Cannot keep compiled code")) return "Make the code cache work, which stands below.";
  return `Install one: ${installers[process.platform] ?? "GCC or Clang"}; or name one in CC.`;
}

const installers: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: "apt install gcc on Debian, dnf install gcc on Fedora",
  darwin: "xcode-select --install",
  win32: "Clang of LLVM, or use WSL",
};
