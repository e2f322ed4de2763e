/**
 * Shape rules of order along an axis, and of slices written over.
 */
import { sameShape } from "../shape.ts";
import type { TensorType } from "./program.ts";
import { convertRemedy, only, refuse, type ShapeRules } from "./shape-rule.ts";

/** The rules. */
export const sequenceShapes: Pick<ShapeRules, "argsort" | "updateSlice"> = {
  argsort: (_, inputs) => {
    const x = only("argsort", inputs);
    if (x.dtype === "bool" || x.shape.length === 0)
      refuse("argsort", "a numeric type and at least one axis", inputs, convertRemedy);
    return [{ dtype: "int32", shape: x.shape }];
  },
  updateSlice: ({ batch }, inputs) => {
    const [operand, update, start] = inputs;
    const without = ({ shape }: TensorType): number[] => shape.filter((_, axis) => axis !== batch);
    const valid =
      inputs.length === 3 &&
      operand !== undefined &&
      update !== undefined &&
      start?.dtype === "int32" &&
      operand.dtype === update.dtype &&
      operand.shape.length > batch &&
      operand.shape.length === update.shape.length &&
      (update.shape[batch] as number) <= (operand.shape[batch] as number) &&
      sameShape(without(operand), without(update)) &&
      sameShape(start.shape, operand.shape.slice(0, batch));
    if (!valid) {
      refuse(
        "updateSlice",
        `an operand, an update of its type but no longer along axis ${batch}, and int32 starts of its ${batch} leading extents`,
        inputs,
        convertRemedy,
      );
    }
    return [operand];
  },
};
