/**
 * A module made ready to run: compiled, its constants written, its slots readable and writable as host arrays.
 *
 * Everything is synchronous and nothing is imported. The memory has a fixed size, so views stay valid.
 */
import type { HostArray } from "../../dtype.ts";
import type { Module, Slot } from "../../kernel/kernel.ts";
import { readSlot, writeSlot } from "../../kernel/slot.ts";
import { emitModule } from "./emit-module.ts";

// The part of the WebAssembly interface that is used; hosts have it, the language library of TypeScript does not.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: Readonly<Record<string, unknown>> };
};

/** A module in memory. */
export interface Instance {
  /** The arena. */
  readonly memory: ArrayBuffer;
  /** Runs the driver once. */
  run(): void;
  /** Copies an array of the slot's type and size into the arena; a number fills the slot. */
  write(slot: Slot, data: HostArray | number): void;
  /** A copy of the slot. */
  read(slot: Slot): HostArray;
}

/** Compiles and loads a module; constants are written. */
export function instantiate(module: Module): Instance {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(emitModule(module)));
  const memory = (exports.memory as { readonly buffer: ArrayBuffer }).buffer;
  const run = exports.run as () => void;
  const instance: Instance = {
    memory,
    run: () => run(),
    write: (slot, data) => writeSlot(memory, slot, data),
    read: (slot) => readSlot(memory, slot),
  };
  for (const { slot, data } of module.constants) instance.write(slot, data);
  return instance;
}
