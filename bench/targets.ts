/**
 * Our own targets under measurement, by the name of their rows.
 */
import { native } from "@leastaction/native";
import { type Target, wasm } from "@leastaction/tensor";

/** Each makes a fresh target; `native-contract` may round a * b + c once, as the baselines do. */
export const targets: Readonly<Record<string, () => Target>> = {
  wasm,
  native,
  "native-contract": () => native({ contract: true }),
};
