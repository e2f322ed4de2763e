/**
 * A process that compiles programs, set up as the command line sets itself up: V8 waits longer before it optimises a
 * function. Compiling runs much code a few thousand times; see docs/performance.md.
 */
import { setFlagsFromString } from "node:v8";

/** Sets this process up; before anything is compiled. */
export function beCompilingProcess(): void {
  setFlagsFromString("--interrupt-budget=400000");
}
