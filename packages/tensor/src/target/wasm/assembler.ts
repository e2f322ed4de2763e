/**
 * Functions and modules in the WebAssembly binary format.
 *
 * A module here has types, functions, one memory (exported as "memory") and exported functions. Nothing is imported, so
 * that a step never calls the host, but by what is divided between threads: the host hands out its turns, and gives the
 * memory where threads share it. Source: WebAssembly Core Specification 2.0, section 5 (binary format).
 */
import { TensorError } from "../../errors.ts";
import { type ByteWriter, createByteWriter } from "./bytes.ts";

/** A value type by its code in the binary format. */
export type ValueType = 0x7f | 0x7e | 0x7d | 0x7c | 0x7b;
export const i32: ValueType = 0x7f;
export const i64: ValueType = 0x7e;
export const f32: ValueType = 0x7d;
export const f64: ValueType = 0x7c;
export const v128: ValueType = 0x7b;

/** The largest body and the most locals of one function that engines accept. */
const functionLimits = { bytes: 7_654_321, locals: 50_000 };

/** A function under construction. Parameters are the first locals, all i32. */
export interface FunctionBuilder {
  readonly parameters: number;
  readonly code: ByteWriter;
  /** A new local. */
  local(type: ValueType): number;
  /** The body as the code section holds it, without its size. */
  finish(): Uint8Array;
}

export function createFunction(parameters: number): FunctionBuilder {
  const code = createByteWriter();
  const types: ValueType[] = [];
  return {
    parameters,
    code,
    local: (type) => parameters + types.push(type) - 1,
    finish: () => {
      checkLimits(code.length(), types.length);
      const body = createByteWriter();
      const runs = runsOf(types);
      body.unsigned(runs.length);
      for (const [count, type] of runs) {
        body.unsigned(count);
        body.byte(type);
      }
      body.bytes(code.finish());
      body.byte(0x0b);
      return body.finish();
    },
  };
}

function checkLimits(bytes: number, locals: number): void {
  if (bytes < functionLimits.bytes && locals < functionLimits.locals) return;
  throw new TensorError(
    `Cannot emit a kernel: expected at most ${functionLimits.bytes} bytes and ${functionLimits.locals} locals, got ${bytes} and ${locals}`,
    "The program unrolls into one very long kernel; replace repeated structure by scan or by longer axes.",
    "program-too-long",
  );
}

/** What a module has beside its functions. */
export interface Surroundings {
  /** Some functions by index; imported ones come first. */
  readonly exported: ReadonlyMap<string, number>;
  /** Functions of the host, by name, with how many parameters they take; all from "host". */
  readonly imported: ReadonlyMap<string, number>;
  readonly memoryPages: number;
  /** Whether the memory is the host's "memory", shared between threads. */
  readonly isShared: boolean;
}

/** A module of functions without results, in order. */
export function assembleModule(functions: readonly FunctionBuilder[], around: Surroundings): Uint8Array {
  const { exported, imported, memoryPages, isShared } = around;
  const arities = [...new Set([...imported.values(), ...functions.map((each) => each.parameters)])];
  const out = createByteWriter();
  out.bytes(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  section(out, 1, (types) => {
    types.unsigned(arities.length);
    for (const arity of arities) writeType(types, arity);
  });
  if (imported.size > 0 || isShared) {
    section(out, 2, (imports) => {
      imports.unsigned(imported.size + (isShared ? 1 : 0));
      for (const [name, arity] of imported) {
        writeImport(imports, name, 0);
        imports.unsigned(arities.indexOf(arity));
      }
      if (isShared) {
        writeImport(imports, "memory", 2);
        writeMemory(imports, memoryPages, true);
      }
    });
  }
  section(out, 3, (indices) => {
    indices.unsigned(functions.length);
    for (const each of functions) indices.unsigned(arities.indexOf(each.parameters));
  });
  if (!isShared) {
    section(out, 5, (memories) => {
      memories.byte(1);
      writeMemory(memories, memoryPages, false);
    });
  }
  section(out, 7, (exports) => {
    exports.unsigned(exported.size + 1);
    writeExport(exports, "memory", 2, 0);
    for (const [name, index] of exported) writeExport(exports, name, 0, index);
  });
  section(out, 10, (code) => {
    code.unsigned(functions.length);
    for (const each of functions) {
      const body = each.finish();
      code.unsigned(body.length);
      code.bytes(body);
    }
  });
  return out.finish();
}

function section(out: ByteWriter, id: number, write: (content: ByteWriter) => void): void {
  const content = createByteWriter();
  write(content);
  out.byte(id);
  out.unsigned(content.length());
  out.bytes(content.finish());
}

function writeType(out: ByteWriter, arity: number): void {
  out.byte(0x60);
  out.unsigned(arity);
  for (let index = 0; index < arity; index++) out.byte(i32);
  out.unsigned(0);
}

function writeExport(out: ByteWriter, name: string, kind: number, index: number): void {
  writeName(out, name);
  out.byte(kind);
  out.unsigned(index);
}

/** What is imported, from "host"; its type follows. */
function writeImport(out: ByteWriter, name: string, kind: number): void {
  writeName(out, "host");
  writeName(out, name);
  out.byte(kind);
}

function writeName(out: ByteWriter, name: string): void {
  out.unsigned(name.length);
  for (const character of name) out.byte(character.charCodeAt(0));
}

/** Pages of a memory; a shared one says that it never grows. */
function writeMemory(out: ByteWriter, pages: number, isShared: boolean): void {
  out.byte(isShared ? 3 : 0);
  out.unsigned(pages);
  if (isShared) out.unsigned(pages);
}

function runsOf(types: readonly ValueType[]): [number, ValueType][] {
  const runs: [number, ValueType][] = [];
  for (const type of types) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === type) last[0]++;
    else runs.push([1, type]);
  }
  return runs;
}
