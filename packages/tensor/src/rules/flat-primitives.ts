/**
 * Primitives whose results have derivative zero wherever they have one: piecewise constant, or not of floats.
 */

/** Their names. */
export const flatPrimitives = [
  "floor",
  "ceil",
  "round",
  "sign",
  "less",
  "lessEqual",
  "equal",
  "notEqual",
  "and",
  "or",
  "xor",
  "not",
  "shiftLeft",
  "shiftRight",
  "threefry",
  "iota",
  "stopGradient",
  "argsort",
] as const;

export type FlatPrimitive = (typeof flatPrimitives)[number];
