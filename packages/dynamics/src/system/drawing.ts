/**
 * What a system looks like at a state, as data: points and links in a plane, for any picture that wants to draw it.
 */

/** A point of a drawing, in the units of its axes. */
export interface DrawnPoint {
  readonly x: number;
  readonly y: number;
  /** `body`: it moves with the state; `anchor`: it is fixed or holds a body. */
  readonly role: "body" | "anchor";
}

/** A system at one state, seen from a fixed direction. */
export interface Drawing {
  /** What the axes of the plane are, to the right and up. */
  readonly horizontal: string;
  readonly vertical: string;
  readonly points: readonly DrawnPoint[];
  /** Pairs of points, by index, with a rod or a spring between them. */
  readonly links: readonly (readonly [number, number])[];
}

/** One body without links: a particle in a plane, or the state of an abstract system. */
export function pointDrawing(horizontal: string, vertical: string, x: number, y: number): Drawing {
  const points: readonly DrawnPoint[] = [{ x, y, role: "body" }];
  return Object.freeze({ horizontal, vertical, points, links: [] });
}

/** Bodies in the plane, from [x1, y1, x2, y2 …]. */
export function bodiesDrawing(places: readonly number[]): Drawing {
  const points = Array.from({ length: places.length / 2 }, (_, body): DrawnPoint => {
    return { x: places[2 * body] as number, y: places[2 * body + 1] as number, role: "body" };
  });
  return Object.freeze({ horizontal: "x [m]", vertical: "y [m]", points, links: [] });
}

/** Rods of these lengths that hang on one another from an anchor at (x, 0), at these angles from hanging. */
export function rodsDrawing(angles: readonly number[], lengths: readonly number[], x = 0): Drawing {
  const points: DrawnPoint[] = [{ x, y: 0, role: "anchor" }];
  for (const [index, theta] of angles.entries()) {
    const { x: fromX, y: fromY } = points[index] as DrawnPoint;
    const rod = lengths[index] as number;
    points.push({ x: fromX + rod * Math.sin(theta), y: fromY - rod * Math.cos(theta), role: "body" });
  }
  const links = angles.map((_, index) => [index, index + 1] as const);
  return Object.freeze({ horizontal: "x [m]", vertical: "y [m]", points, links });
}
