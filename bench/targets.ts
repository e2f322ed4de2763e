/**
 * Our own targets under measurement, by the name of their rows.
 */
import { type Target, wasm } from "@leastaction/tensor";

/** Each makes a fresh target. */
export const targets: Readonly<Record<string, () => Target>> = { wasm };
