/**
 * Cases of special functions: each branch of its own, away from poles.
 */
import type { Shape } from "../shape.ts";
import { direct, numbers, type PrimitiveCase } from "./primitive-case.ts";

const shape: Shape = [2, 3];
const positive = numbers(shape, 0.3, 2.5);
const signed = numbers(shape, -1.9, 1.7);
const other = numbers(shape, 0.4, 1.8, 7);
const apart = numbers(shape, 2.6, 3.9, 3);

type Special = "erf" | "erfc" | "lgamma" | "digamma" | "polygamma" | "atan2";

/** The cases. */
export const functionCases: { readonly [P in Special]: readonly PrimitiveCase[] } = {
  erf: [direct("erf", {})(signed)],
  erfc: [direct("erfc", {})(signed), { ...direct("erfc", {})(apart), name: "erfc of larger numbers" }],
  lgamma: [
    direct("lgamma", {})(positive),
    { ...direct("lgamma", {})(numbers(shape, -1.8, -1.2)), name: "lgamma below 0" },
    { ...direct("lgamma", {})(numbers(shape, 5.5, 12.5)), name: "lgamma of larger numbers" },
  ],
  digamma: [
    direct("digamma", {})(positive),
    { ...direct("digamma", {})(numbers(shape, -1.8, -1.2)), name: "digamma below 0" },
    { ...direct("digamma", {})(numbers(shape, 5.5, 12.5)), name: "digamma of larger numbers" },
  ],
  polygamma: [
    direct("polygamma", { order: 1 })(apart),
    { ...direct("polygamma", { order: 2 })(numbers(shape, -1.7, -1.3)), name: "polygamma below 0" },
  ],
  atan2: [
    direct("atan2", {})(signed, other),
    { ...direct("atan2", {})(other, numbers(shape, -1.5, -0.3, 4)), name: "atan2 on the left" },
  ],
};
