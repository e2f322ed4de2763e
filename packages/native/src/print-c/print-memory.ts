/**
 * Addresses, loads and stores to C. Bases are `char *` parameters; bool is int 0 or 1 in memory and a mask in registers.
 */
import type { Address, Expression, Statement } from "@leastaction/tensor/kernel";
import { type KernelContext, narrowMask, typeOf } from "./kernel-context.ts";
import { elementOf } from "./prelude.ts";

/** What a load reads. */
export function printLoad(context: KernelContext, load: Extract<Expression, { kind: "load" }>): string {
  const { dtype, lanes, access, address } = load;
  const element = elementOf[dtype];
  const scalar = context.prelude.type(element, 1);
  if (lanes === 1) return `*(const ${scalar} *)(${printAddress(context, address)})`;
  const type = context.prelude.type(element, lanes);
  const read = (): string => {
    switch (access.kind) {
      case "contiguous":
        return `*(const ${type}u *)(${printAddress(context, address)})`;
      case "splat":
        return `(*(const ${scalar} *)(${printAddress(context, address)}) - (${type}){})`;
      case "strided": {
        const at = keepAddress(context, address);
        const each = Array.from({ length: lanes }, (_, l) => `*(const ${scalar} *)(${at} + ${l * access.stride})`);
        return `((${type}){${each.join(", ")}})`;
      }
    }
  };
  if (dtype !== "bool") return read();
  return context.mask === "i32" ? `(-${read()})` : `__builtin_convertvector(-${read()}, ${typeOf(context, load)})`;
}

/** Writes a store. */
export function printStore(context: KernelContext, store: Extract<Statement, { kind: "store" }>): void {
  const { value, access, address } = store;
  const { dtype, lanes } = value;
  const element = elementOf[dtype];
  const scalar = context.prelude.type(element, 1);
  const write = (line: string): void => void context.lines.push(line);
  if (lanes === 1) {
    const text = context.print(value);
    write(`*(${scalar} *)(${printAddress(context, address)}) = ${text};`);
    return;
  }
  const stored = dtype === "bool" ? `(${narrowMask(context, context.print(value), lanes)} & 1)` : undefined;
  const type = context.prelude.type(element, lanes);
  if (access.kind !== "strided") {
    const text = stored ?? context.print(value);
    write(`*(${type}u *)(${printAddress(context, address)}) = ${text};`);
    return;
  }
  const lane = stored === undefined ? context.named(value) : context.fresh("t");
  if (stored !== undefined) write(`const ${type} ${lane} = ${stored};`);
  const at = keepAddress(context, address);
  for (let l = 0; l < lanes; l++) write(`*(${scalar} *)(${at} + ${l * access.stride}) = ${lane}[${l}];`);
}

function keepAddress(context: KernelContext, address: Address): string {
  const name = context.fresh("a");
  context.lines.push(`char *const ${name} = ${printAddress(context, address)};`);
  return name;
}

/** A pointer of bytes, without brackets around it. */
function printAddress(context: KernelContext, { base, offset, terms, dynamic }: Address): string {
  const parts = [`p${base}`];
  if (offset !== 0) parts.push(`${offset}`);
  for (const { loop, stride } of terms) parts.push(`${context.counters.get(loop) as string} * ${stride}`);
  if (dynamic !== undefined) parts.push(`(long)${context.print(dynamic)}`);
  return parts.join(" + ");
}
