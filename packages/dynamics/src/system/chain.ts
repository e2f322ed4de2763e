/**
 * What chains of n particles on a line share: coordinates q1 … qn with momenta p1 … pn, mirror and picture.
 */

import type { Arithmetic, Value } from "./arithmetic.ts";
import { type SystemCoordinate, scaled } from "./coordinate.ts";
import type { Drawing, DrawnPoint } from "./drawing.ts";
import type { Symmetry } from "./system.ts";

/** q1 … qn with p1 … pn. */
export function chainCoordinates(n: number): readonly SystemCoordinate[] {
  return Array.from({ length: n }, (_, index) => scaled(`q${index + 1}`, "momentum", `p${index + 1}`));
}

/** The chain seen from its other end: q_i becomes -q_(n+1-i), and p_i likewise. */
export function mirror(n: number): Symmetry<never> {
  return Object.freeze({
    name: "mirror",
    meaning: "q_i becomes -q_(n+1-i), p_i becomes -p_(n+1-i)",
    continuous: false,
    map: <V>({ neg }: Arithmetic<V>, _parameters: unknown, state: readonly Value<V>[]) => {
      return [...state.slice(0, n).reverse(), ...state.slice(n).reverse()].map(neg);
    },
    timeFactor: (): number => 1,
    conserves: null,
    holds: (): boolean => true,
  });
}

/** Displacements upward over the places in the chain; ends that are held are drawn as anchors. */
export function chainDrawing(displacements: readonly number[], held: boolean): Drawing {
  const n = displacements.length;
  const bodies = displacements.map((y, index): DrawnPoint => ({ x: index + 1, y, role: "body" }));
  const ends: readonly DrawnPoint[] = [
    { x: 0, y: 0, role: "anchor" },
    { x: n + 1, y: 0, role: "anchor" },
  ];
  const points = held ? [...ends.slice(0, 1), ...bodies, ...ends.slice(1)] : bodies;
  const links = points.slice(1).map((_, index) => [index, index + 1] as const);
  return Object.freeze({ horizontal: "particle", vertical: "displacement", points, links });
}
