/**
 * Random kernels: expressions that share parts, locals that change, stores in between. A target must give the bytes of
 * the interpreter.
 */
import type { DType } from "../../dtype.ts";
import { type Block, createBlock } from "../block.ts";
import * as build from "../build.ts";
import type { Expression, Local, LoopVariable, Module } from "../kernel.ts";

const elements = 56;
const tensors: readonly DType[] = ["float32", "int32", "uint32", "bool", "float32", "int32"];
const bytes = 512;

type Random = (below: number) => number;

function randomOf(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) >>> 0;
    return ((state >>> 8) * below) >>> 24;
  };
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[random(list.length)] as T;
}

/** Writes random statements; every value stays a choice for later ones. */
function writeStatements(
  block: Block,
  random: Random,
  lanes: number,
  loop: LoopVariable,
  pool: Expression[],
  depth: number,
): void {
  const locals: Local[] = [];
  const address = (tensor: number) => build.address(tensor, 4 * random(4), [{ loop, stride: 4 }]);
  const of = (dtype: DType): Expression =>
    pick(
      random,
      pool.filter((each) => each.dtype === dtype),
    );
  for (let count = 0; count < 12; count++) {
    for (let grown = 0; grown < 4; grown++) pool.push(grow(random, of));
    const value = pick(random, pool);
    const kind = random(6);
    if (kind < 2) {
      const target = block.variable("v", value);
      locals.push(target);
      pool.push(build.read(target));
    } else if (kind === 2 && locals.length > 0) {
      const target = pick(random, locals);
      block.set(target, of(target.dtype));
    } else if (kind === 3) {
      const tensor = random(tensors.length);
      pool.push(build.load(tensors[tensor] as DType, lanes, address(tensor)));
    } else if (kind === 4 && depth > 0) {
      block.branch(of("bool"), (body) => writeStatements(body, random, lanes, loop, [...pool], depth - 1));
    } else {
      const tensor = random(tensors.length);
      block.store(address(tensor), of(tensors[tensor] as DType));
    }
  }
}

function grow(random: Random, of: (dtype: DType) => Expression): Expression {
  const dtype = pick(random, ["float32", "int32", "uint32", "bool"] as const);
  const [a, b] = [of(dtype), of(dtype)];
  switch (random(5)) {
    case 0:
      return build.select(of("bool"), a, b);
    case 1:
      return build.binary(pick(random, ["less", "lessEqual", "equal", "notEqual"] as const), a, b);
    case 2:
      return build.convert(pick(random, ["float32", "int32", "uint32", "bool"] as const), a);
    default:
      if (dtype === "float32")
        return build.binary(pick(random, ["add", "sub", "mul", "div", "max", "min"] as const), a, b);
      if (dtype === "bool") return build.binary(pick(random, ["and", "or", "xor"] as const), a, b);
      return build.binary(
        pick(random, ["add", "sub", "mul", "div", "and", "or", "xor", "max", "min", "shiftRight"] as const),
        a,
        b,
      );
  }
}

/** The module of a seed; its inputs are set by its constants, and its outputs are all its memory. */
export function randomModule(seed: number, lanes: number): Module {
  const random = randomOf(seed);
  const block = createBlock();
  block.loop("i", 0, elements - 8, lanes, (body, loop) => {
    const pool = tensors.map((dtype, base) => build.load(dtype, lanes, build.address(base, 0, [{ loop, stride: 4 }])));
    writeStatements(body, random, lanes, loop, [...pool, build.index(loop, lanes)], 2);
  });
  const slots = tensors.map((dtype, index) => ({ offset: index * bytes, dtype, elements }));
  return {
    kernels: [
      {
        name: "random",
        parameters: tensors.length,
        body: block.statements,
        note: { equations: [], operations: 0, bytes: 0 },
      },
    ],
    driver: [{ kind: "call", kernel: 0, addresses: slots.map(({ offset }) => ({ offset, terms: [] })) }],
    arenaBytes: bytes * tensors.length,
    constants: slots.map((slot, index) => {
      const data = Array.from({ length: elements }, (_, at) => ((at * 7 + index * 5) % 11) - 4);
      const values = {
        float32: Float32Array,
        float64: Float64Array,
        int32: Int32Array,
        uint32: Uint32Array,
        bool: Uint8Array,
      };
      return { slot, data: new values[slot.dtype](data.map((value) => (slot.dtype === "bool" ? value & 1 : value))) };
    }),
    inputs: slots,
    outputs: slots,
  };
}
