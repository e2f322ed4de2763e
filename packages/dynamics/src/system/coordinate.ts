/**
 * The coordinates of systems, by kind: an angle, a length, a plain number, each with its rate where the state holds one.
 */

import type { CoordinateKind } from "../data/dataset.ts";

/** What the state holds of a coordinate besides its value. */
export interface SystemRate {
  readonly role: "velocity" | "momentum";
  readonly name: string;
  /** SI unit; "" for a number. */
  readonly unit: string;
}

/** One generalized coordinate, in SI. */
export interface SystemCoordinate {
  readonly name: string;
  /** SI unit; "" for a number. */
  readonly unit: string;
  readonly kind: CoordinateKind;
  /** Whether a whole turn changes nothing. */
  readonly periodic: boolean;
  /** Null in a system of first order, whose state is its coordinates. */
  readonly rate: SystemRate | null;
}

/** An angle, rad, where a whole turn changes nothing, and its angular velocity, rad/s. */
export function angle(name: string, velocity: string): SystemCoordinate {
  const rate: SystemRate = { role: "velocity", name: velocity, unit: "rad/s" };
  return Object.freeze({ name, unit: "rad", kind: "angle", periodic: true, rate: Object.freeze(rate) });
}

/** A length, m, and its velocity, m/s. */
export function length(name: string, velocity: string): SystemCoordinate {
  const rate: SystemRate = { role: "velocity", name: velocity, unit: "m/s" };
  return Object.freeze({ name, unit: "m", kind: "length", periodic: false, rate: Object.freeze(rate) });
}

/** A length, m, and its momentum, kg m/s. */
export function lengthWithMomentum(name: string, momentum: string): SystemCoordinate {
  const rate: SystemRate = { role: "momentum", name: momentum, unit: "kg m/s" };
  return Object.freeze({ name, unit: "m", kind: "length", periodic: false, rate: Object.freeze(rate) });
}

/** A number without a dimension, and its velocity or momentum, in the system's own scale. */
export function scaled(name: string, role: SystemRate["role"], rateName: string): SystemCoordinate {
  const rate: SystemRate = { role, name: rateName, unit: "" };
  return Object.freeze({ name, unit: "", kind: "number", periodic: false, rate: Object.freeze(rate) });
}

/** A variable of a system of first order. */
export function variable(name: string, unit = ""): SystemCoordinate {
  return Object.freeze({ name, unit, kind: "number", periodic: false, rate: null });
}
