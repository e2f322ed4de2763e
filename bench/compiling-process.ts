/**
 * A process that compiles programs, set up as the command line sets itself up: V8 makes plain machine code of a
 * function at once, and waits longer before it optimises it. Compiling runs much code a few thousand times.
 */
import { setFlagsFromString } from "node:v8";

/** Sets this process up; before anything is compiled. */
export function beCompilingProcess(): void {
  setFlagsFromString("--always-sparkplug");
  setFlagsFromString("--interrupt-budget=1000000");
}
