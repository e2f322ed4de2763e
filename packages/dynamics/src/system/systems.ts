/**
 * The zoo: every system by its name.
 */

import { oscillator } from "./oscillator.ts";
import { pendulum } from "./pendulum.ts";
import type { System } from "./system.ts";

/** All systems, in the order they are listed. */
export const systems: readonly System[] = Object.freeze([pendulum, oscillator]);

/** The system of a name. */
export function systemNamed(name: string): System {
  const found = systems.find((system) => system.name === name);
  if (found !== undefined) return found;
  const names = systems.map((system) => system.name).join(", ");
  throw new RangeError(`Cannot find a system: expected one of ${names}, got ${name}\nChoose a name from the list.`);
}
