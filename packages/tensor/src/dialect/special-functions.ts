/**
 * The error function, the logarithm of the gamma function and its derivatives.
 */

import { isFloat } from "../dtype.ts";
import { digamma } from "../kernel/functions/digamma.ts";
import { erf, erfc } from "../kernel/functions/erf.ts";
import { lgamma } from "../kernel/functions/lgamma.ts";
import { polygamma } from "../kernel/functions/polygamma.ts";
import type { Expression } from "../kernel/kernel.ts";
import { functionOf } from "../lower/point-row.ts";
import { exp, mul, neg } from "../ops/elementwise.ts";
import type { Parameters } from "../program/primitive.ts";
import { convertRemedy, floatUnary, only, refuse } from "../program/shape-rule.ts";
import { elementwise } from "../rules/batched.ts";
import { one, scale, unary } from "../rules/tangents.ts";
import { emitOne } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";
import type { Dialect } from "./dialect.ts";

/** The dialect. */
export const specialFunctions: Dialect<"specialFunctions"> = {
  needs: [],
  infer: {
    erf: floatUnary("erf"),
    erfc: floatUnary("erfc"),
    lgamma: floatUnary("lgamma"),
    digamma: floatUnary("digamma"),
    polygamma: ({ order }, inputs) => {
      const x = only("polygamma", inputs);
      if (!isFloat(x.dtype)) refuse("polygamma", "a float type", inputs, convertRemedy);
      if (!Number.isInteger(order) || order < 1 || order > 20)
        refuse("polygamma", "an order from 1 to 20", `${order}`, "Order 0 is digamma.");
      return [x];
    },
  },
  jvp: {
    erf: unary("erf", (x) => mul(2 / Math.sqrt(Math.PI), exp(neg(mul(x, x))))),
    erfc: unary("erfc", (x) => mul(-2 / Math.sqrt(Math.PI), exp(neg(mul(x, x))))),
    lgamma: unary("lgamma", (x) => emitOne("digamma", {}, [x])),
    digamma: unary("digamma", (x) => emitOne("polygamma", { order: 1 }, [x])),
    polygamma: ({ order }, [x], [t]) =>
      one(
        emitOne("polygamma", { order }, [x as Tensor]),
        scale(t, () => emitOne("polygamma", { order: order + 1 }, [x as Tensor])),
      ),
  },
  transpose: {
    erf: "nonlinear",
    erfc: "nonlinear",
    lgamma: "nonlinear",
    digamma: "nonlinear",
    polygamma: "nonlinear",
  },
  batch: {
    erf: elementwise("erf"),
    erfc: elementwise("erfc"),
    lgamma: elementwise("lgamma"),
    digamma: elementwise("digamma"),
    polygamma: elementwise("polygamma"),
  },
  lowering: {
    erf: { point: functionOf(erf) },
    erfc: { point: functionOf(erfc) },
    lgamma: { point: functionOf(lgamma) },
    digamma: { point: functionOf(digamma) },
    polygamma: {
      point: (block, inputs, parameters) => {
        const { order } = parameters as Parameters["polygamma"];
        return functionOf((inner, x) => polygamma(inner, x as Expression, order))(block, inputs, parameters);
      },
    },
  },
};
