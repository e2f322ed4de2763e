/**
 * The components of a system's state in order: coordinates, then rates. They are the columns of its data.
 */

import type { ObservedRole } from "../data/dataset.ts";
import type { System } from "./system.ts";

/** One component of a state. */
export interface StateColumn {
  readonly name: string;
  /** SI unit; "" for a number. */
  readonly unit: string;
  readonly role: ObservedRole;
  /** Whether it is an angle of which whole turns do not matter. */
  readonly periodic: boolean;
}

/** The components of the state. */
export function stateColumns({ coordinates }: Pick<System, "coordinates">): readonly StateColumn[] {
  const positions = coordinates.map(({ name, unit, periodic }): StateColumn => {
    return { name, unit, role: "position", periodic };
  });
  const rates = coordinates.flatMap(({ rate }) => (rate === null ? [] : { ...rate, periodic: false }));
  return [...positions, ...rates];
}
