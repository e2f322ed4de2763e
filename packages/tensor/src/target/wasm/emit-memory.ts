/**
 * Loads and stores. bool is int32 0 or 1 in memory and a truth value or mask in registers.
 */
import type { Address, Expression, Statement } from "../../kernel/kernel.ts";
import { type EmittedAddress, emitAddress } from "./emit-address.ts";
import { emitSimd } from "./emit-simd.ts";
import { narrowMask } from "./emit-vector.ts";
import { emitGet, emitKeep, type KernelContext, typeOf } from "./kernel-context.ts";
import { code, simd } from "./opcodes.ts";

type Load = Extract<Expression, { kind: "load" }>;
type Store = Extract<Statement, { kind: "store" }>;
type Emit = (expression: Expression) => void;

/** Pushes what a load reads. */
export function emitLoad(context: KernelContext, load: Load, emit: Emit): void {
  if (load.lanes === 1) {
    emitScalarLoad(context, load, emit);
    return;
  }
  if (load.access.kind === "strided") emitStridedLoad(context, load, load.access.stride, emit);
  else {
    const at = emitAddress(context, load.address, emit);
    emitSimd(context, loadOpcode(load));
    emitMemory(context, at, bytesOf(load));
  }
  if (load.dtype !== "bool") return;
  emitSimd(context, simd.i32Neg);
  if (load.lanes === 2) emitSimd(context, simd.i64ExtendLowSigned);
}

/** Writes the value of a store. */
export function emitStore(context: KernelContext, store: Store, emit: Emit): void {
  const { value, access, address } = store;
  if (value.lanes === 1) {
    emitScalarStore(context, store, emit);
    return;
  }
  if (access.kind === "strided") {
    emitStridedStore(context, store, access.stride, emit);
    return;
  }
  const at = emitAddress(context, address, emit);
  emitStored(context, value, emit);
  const half = value.lanes === 2 && bytesOf(value) === 4;
  emitSimd(context, half ? simd.store64Lane : simd.store);
  emitMemory(context, at, bytesOf(value));
  if (half) context.function.code.byte(0);
}

/** Bytes of one element in memory. */
function bytesOf({ dtype }: Pick<Expression, "dtype">): 4 | 8 {
  return dtype === "float64" ? 8 : 4;
}

function emitScalarLoad(context: KernelContext, load: Load, emit: Emit): void {
  const at = emitAddress(context, load.address, emit);
  const float = load.dtype === "float64" ? code.f64Load : code.f32Load;
  context.function.code.byte(load.dtype === "float32" || load.dtype === "float64" ? float : code.i32Load);
  emitMemory(context, at, bytesOf(load));
}

function emitScalarStore(context: KernelContext, { value, address }: Store, emit: Emit): void {
  const at = emitAddress(context, address, emit);
  emit(value);
  const float = value.dtype === "float64" ? code.f64Store : code.f32Store;
  context.function.code.byte(value.dtype === "float32" || value.dtype === "float64" ? float : code.i32Store);
  emitMemory(context, at, bytesOf(value));
}

function loadOpcode({ dtype, lanes, access }: Load): number {
  if (access.kind === "splat") return dtype === "float64" ? simd.load64Splat : simd.load32Splat;
  return lanes === 2 && dtype !== "float64" ? simd.load64Zero : simd.load;
}

function emitStridedLoad(context: KernelContext, load: Load, stride: number, emit: Emit): void {
  const wide = bytesOf(load) === 8;
  const base = emitLaneBase(context, load.address, stride, load.lanes, emit);
  for (let lane = 0; lane < load.lanes; lane++) emitGet(context, base.local);
  emitSimd(context, wide ? simd.load64Zero : simd.load32Zero);
  emitMemory(context, { offset: base.offset }, bytesOf(load));
  for (let lane = 1; lane < load.lanes; lane++) {
    emitSimd(context, wide ? simd.load64Lane : simd.load32Lane);
    emitMemory(context, { offset: base.offset + lane * stride }, bytesOf(load));
    context.function.code.byte(lane);
  }
}

function emitStridedStore(context: KernelContext, store: Store, stride: number, emit: Emit): void {
  const { value, address } = store;
  emitStored(context, value, emit);
  const kept = emitKeep(context, typeOf(value));
  const base = emitLaneBase(context, address, stride, value.lanes, emit);
  for (let lane = 0; lane < value.lanes; lane++) {
    emitGet(context, base.local);
    emitGet(context, kept);
    emitSimd(context, bytesOf(value) === 8 ? simd.store64Lane : simd.store32Lane);
    emitMemory(context, { offset: base.offset + lane * stride }, bytesOf(value));
    context.function.code.byte(lane);
  }
}

/** Keeps the run-time part of an address such that the offsets of all lanes are not negative. */
function emitLaneBase(
  context: KernelContext,
  address: Address,
  stride: number,
  lanes: number,
  emit: Emit,
): { readonly local: number; readonly offset: number } {
  const lowest = Math.min(0, (lanes - 1) * stride);
  const { offset } = emitAddress(context, address, emit, lowest);
  return { local: emitKeep(context, typeOf({ dtype: "int32", lanes: 1 })), offset: offset - lowest };
}

/** Pushes a vector as memory holds it. */
function emitStored(context: KernelContext, value: Expression, emit: Emit): void {
  emit(value);
  if (value.dtype !== "bool") return;
  if (value.lanes === 2) narrowMask(context);
  emitSimd(context, simd.i32Neg);
}

/** Alignment (a hint) and offset. */
function emitMemory(context: KernelContext, { offset }: EmittedAddress, bytes: 4 | 8): void {
  context.function.code.unsigned(bytes === 8 ? 3 : 2);
  context.function.code.unsigned(offset);
}
