/**
 * From a program to a layout and code: lowered and made by the target, or, where a store has both, read from there.
 *
 * The key is the program with its constants and everything else that decides what lowering and the target make of it.
 */
import type { HostArray } from "../dtype.ts";
import type { Module, TargetTraits } from "../kernel/kernel.ts";
import type { Program } from "../program/program.ts";
import { programKey } from "../program/program-key.ts";
import type { CodeKey, CodeStore } from "./code-store.ts";
import { bytesOfArray, type CodedLayout, layoutFromBytes, layoutToBytes } from "./layout-bytes.ts";
import { type LowerOptions, lower } from "./lower.ts";

/** A target's part. */
export interface CodeMaker {
  readonly traits: TargetTraits;
  /** Parts of the key that the target adds: its name, and what else decides the code. */
  readonly key: CodeKey;
  readonly store?: CodeStore | undefined;
  /** The code of a module. */
  readonly make: (module: Module) => Uint8Array;
  /** Whether code that was read can still be used; always, unless said otherwise. */
  readonly isGood?: (code: Uint8Array) => boolean;
}

/** A program that is ready to be loaded. */
export interface MadeCode extends CodedLayout {
  /** The module, lowered again where it was not needed until now: for those who look at kernels. */
  readonly module: () => Module;
}

/** Makes a program ready to be loaded. */
export function makeCode(program: Program, options: LowerOptions, maker: CodeMaker): MadeCode {
  const { traits, store, make, isGood = () => true } = maker;
  if (store === undefined) {
    const module = lower(program, traits, options);
    return { layout: module, code: make(module), module: () => module };
  }
  options.onPhase?.("look up");
  const { key, arrays } = keyOf(program, options, maker);
  const stored = store.read(key);
  if (stored !== undefined) {
    const found = layoutFromBytes(stored, arrays);
    if (isGood(found.code)) return { ...found, module: lazily(() => lower(program, traits, options)) };
  }
  const module = lower(program, traits, options);
  const code = make(module);
  const { arenaBytes, threads, largest = [], constants, inputs, outputs } = module;
  store.write(
    key,
    layoutToBytes({ layout: { arenaBytes, threads, largest, constants, inputs, outputs }, code }, arrays),
  );
  return { layout: module, code, module: () => module };
}

function keyOf(
  program: Program,
  { donate, schedule, threads }: LowerOptions,
  { traits, key }: CodeMaker,
): { readonly key: CodeKey; readonly arrays: readonly HostArray[] } {
  const { text, arrays } = programKey(program);
  return {
    key: [...key, JSON.stringify([traits, schedule, donate, threads]), text, ...arrays.map(bytesOfArray)],
    arrays,
  };
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly of: T } | undefined;
  return () => {
    made ??= { of: make() };
    return made.of;
  };
}
