/**
 * Our own targets under measurement, by the name of their rows.
 */
import { fileStore, native } from "@leastaction/native";
import { type Target, wasm } from "@leastaction/tensor";

/**
 * Each makes a fresh target. The `fast` ones are held to what the baselines are held to: elementary functions within 4 or 5
 * units of the last place, and in native code a * b + c may be rounded once.
 */
export const targets: Readonly<Record<string, () => Target>> = {
  wasm: () => wasm(),
  "wasm-fast": () => wasm({ accuracy: "fast" }),
  native: () => native(),
  "native-fast": () => native({ contract: true, accuracy: "fast" }),
};

/** Beside them, for times to the first result: WebAssembly that is kept from one process to the next. */
export const keptTargets: Readonly<Record<string, () => Target>> = {
  "wasm-kept": () => wasm({ store: fileStore() }),
};
