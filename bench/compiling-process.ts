/**
 * A process that compiles programs, set up as the command line sets itself up: V8 makes plain machine code of a
 * function at once, and waits longer before it optimises it. Compiling runs much code a few thousand times. (From Node 22 on V8 waits in another way, without the flag.)
 */
import process from "node:process";
import { setFlagsFromString } from "node:v8";

/** Sets this process up; before anything is compiled. */
export function beCompilingProcess(): void {
  setFlagsFromString("--always-sparkplug");
  if (Number.parseInt(process.versions.node, 10) < 22) setFlagsFromString("--interrupt-budget=1000000");
}
