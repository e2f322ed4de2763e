/**
 * Problem C5: the motion of the five outer planets about the Sun; lengths in astronomical units, masses in that of the
 * Sun, time in 100 days.
 */
import type { Value } from "@leastaction/dynamics";
import type { Operations, Problem } from "./problem.ts";

const gravity = 2.95912208286;
const sun = 1.00000597682;
const masses = [0.000954786104043, 0.000285583733151, 0.0000437273164546, 0.0000517759138449, 0.00000277777777778];
const planets = masses.length;

/** Planet by planet: x, y, z. */
const positions = [
  3.42947415189, 3.35386959711, 1.35494901715, 6.6414554255, 5.97156957878, 2.18231499728, 11.2630437207, 14.6952576794,
  6.27960525067, -30.1552268759, 1.65699966404, 1.43785752721, -21.123835338, 28.4465098142, 15.3882659679,
];
const velocities = [
  -0.557160570446, 0.505696783289, 0.230578543901, -0.415570776342, 0.365682722812, 0.169143213293, -0.325325669158,
  0.189706021964, 0.087726532278, -0.024047625417, -0.287659532608, -0.117219543175, -0.176860753121, -0.216393453025,
  -0.014864789309,
];

/** 30 equations: positions, then velocities. */
export const fiveBodies: Problem = {
  name: "C5",
  title: "the five outer planets",
  start: [...positions, ...velocities],
  derivative: (operations, _t, y) => [...y.slice(3 * planets), ...accelerations(operations, y)],
};

function accelerations<V>(operations: Operations<V>, y: readonly Value<V>[]): Value<V>[] {
  const { add, sub, mul } = operations;
  const places = masses.map((_, j) => y.slice(3 * j, 3 * j + 3));
  const toSun = places.map((place) => perCube(operations, place));
  const between = (j: number, k: number): Value<V>[] =>
    (places[k] as Value<V>[]).map((coordinate, i) => sub(coordinate, places[j]?.[i] as Value<V>));
  // A pair has one distance.
  const pairs = masses.map((_, j) => masses.slice(0, j).map((_, k) => perCube(operations, between(j, k))));
  return places.flatMap((place, j) =>
    place.map((coordinate, i) => {
      const own = mul(-(sun + (masses[j] as number)), coordinate, toSun[j] as Value<V>);
      const others = masses.flatMap((mass, k) => {
        if (k === j) return [];
        const direct = mul(between(j, k)[i] as Value<V>, pairs[Math.max(j, k)]?.[Math.min(j, k)] as Value<V>);
        return [mul(mass, sub(direct, mul(places[k]?.[i] as Value<V>, toSun[k] as Value<V>)))];
      });
      return mul(gravity, add(own, ...others));
    }),
  );
}

/** 1 / |r|³. */
function perCube<V>({ add, mul, div, square, sqrt }: Operations<V>, r: readonly Value<V>[]): Value<V> {
  const distance = add(...r.map(square));
  return div(1, mul(distance, sqrt(distance)));
}
