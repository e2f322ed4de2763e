/**
 * Saved states, read with care: they come from files, and a state of another training must not pass for one of this.
 */
import { array, type DType, type HostTensor, leavesOf, TensorError, withLeaves } from "@leastaction/tensor";
import type { SavedState } from "./checkpoint.ts";

/** What a training reads from a state. Errors of all: nothing of that name, or something of another kind. */
export interface StateReader {
  /** A finite number among the facts. */
  readonly number: (name: string) => number;
  /** Numbers by name. */
  readonly counts: (name: string) => Readonly<Record<string, number>>;
  /** A text among the facts, and one of some words. */
  readonly text: (name: string) => string;
  readonly word: <W extends string>(name: string, words: readonly W[]) => W;
  /** The float64 numbers of a tensor; `count` of them where it is stated. */
  readonly floats: (name: string, count?: number) => Float64Array;
  /** The tree that `savedTree` kept under `name`; its leaves have the types of those of `like`. */
  readonly tree: (name: string, like: unknown) => unknown;
}

interface TensorType {
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** A reader of one state. */
export function readState({ facts, tensors }: SavedState): StateReader {
  const tensor = (name: string): HostTensor => tensors[name] ?? refuse(`the tensor ${name}`, "none");
  return {
    number: (name) => {
      const value = facts[name];
      return typeof value === "number" && Number.isFinite(value)
        ? value
        : refuse(`a number as ${name}`, JSON.stringify(value) ?? "none");
    },
    counts: (name) => {
      const value = facts[name] as Readonly<Record<string, number>> | null | undefined;
      const isRight = typeof value === "object" && value !== null && Object.values(value).every(Number.isSafeInteger);
      return isRight ? value : refuse(`counts as ${name}`, JSON.stringify(value) ?? "none");
    },
    text: (name) => {
      const value = facts[name];
      return typeof value === "string" ? value : refuse(`a text as ${name}`, JSON.stringify(value) ?? "none");
    },
    word: (name, words) => {
      const value = facts[name];
      return (
        words.find((word) => word === value) ??
        refuse(`one of ${words.join(", ")} as ${name}`, JSON.stringify(value) ?? "none")
      );
    },
    floats: (name, count) => {
      const { data, shape } = tensor(name);
      if (data instanceof Float64Array && (count ?? data.length) === data.length) return data;
      return refuse(`${count ?? "any number of"} float64 numbers as ${name}`, `shape [${String(shape)}]`);
    },
    tree: (name, like) =>
      withLeaves(
        like,
        hostLeaves(like).map((type, i) => {
          const found = tensor(`${name}/${i}`);
          return shown(found) === shown(type) ? found : refuse(`${shown(type)} as ${name}/${i}`, shown(found));
        }),
      ),
  };
}

/** The leaves of a tree of host tensors as tensors of a state. */
export function savedTree(name: string, tree: unknown): SavedState["tensors"] {
  return Object.fromEntries(hostLeaves(tree).map((leaf, i) => [`${name}/${i}`, leaf]));
}

/** Numbers as a tensor of a state: NaN and infinities too. */
export function savedFloats(values: Iterable<number>): HostTensor {
  return array(Float64Array.from(values));
}

function hostLeaves(tree: unknown): readonly HostTensor[] {
  return leavesOf(tree).map((leaf) => (typeof leaf === "number" ? array(leaf) : (leaf as HostTensor)));
}

function shown({ dtype, shape }: TensorType): string {
  return `${dtype}[${String(shape)}]`;
}

function refuse(expected: string, found: string): never {
  throw new TensorError(
    `Cannot go on from this checkpoint: expected ${expected}, got ${found}`,
    "Give the data, models and options of the training that stopped, and the same release.",
  );
}
