/**
 * The terms that an equation of motion may be made of: monomials of what is seen of a state, and the controls.
 *
 * A periodic coordinate is seen by its sine and cosine, any other by itself, and every velocity by itself, each in
 * units of its scale, so that coefficients are of order one. Monomials go up to the highest degree of which there are
 * at most 40; of a cosine only the first power enters, since its square is one minus that of the sine. Controls enter
 * alone. Rates are per second, whatever the clock of the data, as everywhere. Source: Brunton, Proctor, Kutz, 2016, "Discovering governing equations from data by sparse identification of
 * nonlinear dynamical systems", PNAS 113, equations 4 to 7.
 */

import type { Dataset } from "../data/dataset.ts";
import { fromSi, noUnit } from "../data/unit.ts";
import { hostMath } from "../host-math/host-math.ts";
import type { Arithmetic, Value } from "../system/arithmetic.ts";
import type { DatasetFacts } from "./model.ts";

/** A number seen of a state or a control; `index` counts coordinates, or controls. */
export interface Feature {
  readonly kind: "sine" | "cosine" | "position" | "velocity" | "drag" | "direction" | "control";
  readonly index: number;
}

/** A product of powers of features; the empty product is the constant. */
export type Term = readonly { readonly feature: Feature; readonly power: number }[];

/** What units and names terms are written in. */
export type Axes = Pick<Dataset, "coordinates" | "controls">;

/** A state and the controls at one time, SI, in some arithmetic. */
export interface Moment<V> {
  readonly positions: readonly Value<V>[];
  readonly velocities: readonly Value<V>[];
  readonly controls: readonly Value<V>[];
}

/** The speed, relative to the typical one, over which the direction of a motion turns: dry friction (`friction.ts`). */
const smoothing = 0.02;
const mostMonomials = 40;
const highestDegree = 3;

/** The terms that suit a data set, from the simple to the involved: the constant first, the highest powers last. */
export function candidateTerms({ coordinates, controls }: DatasetFacts): readonly Term[] {
  const features = coordinates.flatMap(({ periodic }, index): readonly Feature[] =>
    periodic
      ? [
          { kind: "sine", index },
          { kind: "cosine", index },
        ]
      : [{ kind: "position", index }],
  );
  const seen = [...features, ...coordinates.map((_, index): Feature => ({ kind: "velocity", index }))];
  let terms = monomials(seen, 1);
  for (let degree = 2; degree <= highestDegree; degree++) {
    const more = monomials(seen, degree);
    if (more.length <= mostMonomials) terms = more;
  }
  const alone = (kind: Feature["kind"], of: readonly unknown[]): readonly Term[] =>
    of.map((_, index) => [{ feature: { kind, index }, power: 1 }]);
  const simple = 1 + seen.length;
  return [
    ...terms.slice(0, simple),
    ...alone("control", controls),
    ...alone("drag", coordinates),
    ...alone("direction", coordinates),
    ...terms.slice(simple),
  ];
}

/** All products of up to `degree` features, by degree. */
function monomials(features: readonly Feature[], degree: number): readonly Term[] {
  let last: readonly (readonly number[])[] = [[]];
  const all: (readonly number[])[] = [[]];
  for (let size = 1; size <= degree; size++) {
    last = last.flatMap((chosen) =>
      features.flatMap((feature, at) => {
        const previous = chosen.at(-1) ?? 0;
        const isSquareOfCosine = feature.kind === "cosine" && chosen.includes(at);
        return at < previous || isSquareOfCosine ? [] : [[...chosen, at]];
      }),
    );
    all.push(...last);
  }
  return all.map((chosen) =>
    [...new Set(chosen)].map((at) => ({
      feature: features[at] as Feature,
      power: chosen.filter((other) => other === at).length,
    })),
  );
}

/** The value of a term, of order one. */
export function termValue<V>(arithmetic: Arithmetic<V>, term: Term, moment: Moment<V>, facts: DatasetFacts): Value<V> {
  const factors = term.flatMap(({ feature, power }) => {
    const value = featureValue(arithmetic, feature, moment, facts);
    return Array.from({ length: power }, () => value);
  });
  return arithmetic.mul(...factors);
}

function featureValue<V>(
  { sin, cos, sub, mul, div, abs, tanh }: Arithmetic<V>,
  { kind, index }: Feature,
  { positions, velocities, controls }: Moment<V>,
  facts: DatasetFacts,
): Value<V> {
  const q = positions[index] as Value<V>;
  if (kind === "sine") return sin(q);
  if (kind === "cosine") return cos(q);
  const scale = featureScale({ kind, index }, facts);
  if (kind === "position") return div(sub(q, originOf(index, facts)), scale);
  if (kind === "control") return div(controls[index] as Value<V>, scale);
  const v = div(velocities[index] as Value<V>, featureScale({ kind: "velocity", index }, facts));
  if (kind === "velocity") return v;
  return kind === "drag" ? mul(abs(v), v) : tanh(div(v, smoothing));
}

/** SI size of a feature that counts as one. */
function featureScale({ kind, index }: Feature, { coordinates, controls }: DatasetFacts): number {
  if (kind === "position") return coordinates[index]?.scale ?? 1;
  if (kind === "velocity") return coordinates[index]?.velocityScale ?? 1;
  if (kind === "drag") return (coordinates[index]?.velocityScale ?? 1) ** 2;
  if (kind === "control") return controls[index]?.scale || 1;
  return 1;
}

/** What a position is counted from, SI: 0, or the middle of a motion that is far from it. */
function originOf(index: number, { coordinates }: DatasetFacts): number {
  const { centre = 0, scale = 1 } = coordinates[index] ?? {};
  return Math.abs(centre) > 3 * scale ? Number(centre.toPrecision(3)) : 0;
}

/** By what a coefficient of a term is multiplied to be that of the term in the user's units. */
export function userFactor(term: Term, facts: DatasetFacts, axes: Axes): number {
  return term.reduce(
    (factor, { feature, power }) =>
      factor / hostMath.power(fromUnit(feature, featureScale(feature, facts), axes), power),
    1,
  );
}

/** An SI acceleration of a coordinate in the user's unit of position and seconds. */
export function userAcceleration(coordinate: number, value: number, { coordinates }: Axes): number {
  return fromSi(coordinates[coordinate]?.unit ?? noUnit, value);
}

/** An SI size of a feature in the user's units. */
function fromUnit({ kind, index }: Feature, size: number, { coordinates, controls }: Axes): number {
  const unit = (kind === "control" ? controls : coordinates)[index]?.unit ?? noUnit;
  if (kind === "sine" || kind === "cosine" || kind === "direction") return size;
  return fromSi(unit, kind === "drag" ? fromSi(unit, size) : size);
}

/** A term in the user's names: `sin(theta) theta'^2`; empty for the constant. */
export function termLabel(term: Term, facts: DatasetFacts, axes: Axes): string {
  return term
    .map(({ feature, power }) => `${featureLabel(feature, facts, axes)}${power === 1 ? "" : `^${power}`}`)
    .join(" ");
}

function featureLabel({ kind, index }: Feature, facts: DatasetFacts, { coordinates, controls }: Axes): string {
  const { name = "", unit } = coordinates[index] ?? {};
  if (kind === "sine") return `sin(${name})`;
  if (kind === "cosine") return `cos(${name})`;
  if (kind === "velocity") return `${name}'`;
  if (kind === "drag") return `|${name}'| ${name}'`;
  if (kind === "direction") return `sgn(${name}')`;
  if (kind === "control") return controls[index]?.name ?? "";
  const origin = originOf(index, facts);
  if (origin === 0 || unit === undefined) return name;
  const shown = Number(fromSi(unit, Math.abs(origin)).toPrecision(12));
  return `(${name} ${origin > 0 ? "-" : "+"} ${shown})`;
}

/** The unit of a term's coefficient in an acceleration, as text: `deg/s^2 per V`. */
export function coefficientUnit(term: Term, coordinate: number, { coordinates, controls }: Axes): string {
  const named = (symbol: string | undefined): string => (symbol === undefined || symbol === "" ? "1" : symbol);
  const unitOf = ({ kind, index }: Feature): string => {
    if (kind === "sine" || kind === "cosine" || kind === "direction") return "";
    const own = named((kind === "control" ? controls : coordinates)[index]?.unit.symbol);
    if (kind === "drag" && own !== "1") return `(${own}/s)^2`;
    return kind === "velocity" ? `${own}/s` : own;
  };
  const below = term.flatMap(({ feature, power }) => {
    const unit = unitOf(feature);
    if (unit === "" || unit === "1") return [];
    return [power === 1 ? unit : `(${unit})^${power}`];
  });
  const above = `${named(coordinates[coordinate]?.unit.symbol)}/s^2`;
  return below.length === 0 ? above : `${above} per ${below.join(" ")}`;
}
