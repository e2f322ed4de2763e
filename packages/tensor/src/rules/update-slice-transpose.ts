/**
 * The transpose rule of slices written over.
 */
import { zeros } from "../ops/movement.ts";
import { windowIndices } from "../ops/window-indices.ts";
import { emitOne } from "../trace/builder.ts";
import type { Tensor } from "../trace/tensor.ts";
import type { Operand, TransposeRule } from "./transpose-rule.ts";

/** What is written over gets nothing; the update gets what stands in its place. */
export const updateSliceTranspose: TransposeRule<"updateSlice"> = ({ batch }, [cotangent], inputs) => {
  if (cotangent == null) return inputs.map(() => null);
  const [operand, update, start] = inputs as readonly [Operand, Operand, Operand];
  const where = start.value as Tensor;
  const rest = (): Tensor =>
    emitOne("updateSlice", { batch }, [cotangent, zeros(update.type.shape, update.type.dtype), where]);
  const taken = (): Tensor => {
    const width = update.type.shape[batch] as number;
    return emitOne("gather", { batch }, [cotangent, windowIndices(where, width, operand.type.shape[batch] as number)]);
  };
  return [operand.value === null ? rest() : null, update.value === null ? taken() : null, null];
};
