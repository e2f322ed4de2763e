/**
 * General contraction by subscripts: one letter for each axis, the convention of summing over what the result leaves out
 * (Einstein, 1916, "Die Grundlage der allgemeinen Relativitätstheorie", section 5, doi:10.1002/andp.19163540702).
 *
 * Everything becomes sums, diagonals and contractions of two operands; of several operands the two with the smallest
 * product come first.
 */
import { TensorError } from "../errors.ts";
import { showType } from "../program/infer.ts";
import { sizeOf } from "../shape.ts";
import type { Tensor, TensorLike } from "../trace/tensor.ts";
import { unify } from "./broadcasting.ts";
import { contract } from "./contraction.ts";
import { moveAxis, reshape, slice, transpose } from "./movement.ts";
import { sum } from "./reduction.ts";

/** A tensor and the letters of its axes, all different. */
interface Term {
  readonly tensor: Tensor;
  readonly letters: readonly string[];
}

/**
 * The contraction that `subscripts` spells: letters for the axes of each operand, separated by commas, then `->` and the
 * letters of the result. Letters that the result leaves out are summed over; a letter twice in one operand is its
 * diagonal. Without `->` the result has the letters that occur once, in alphabetical order.
 *
 * @param subscripts As `"ij,jk->ik"`: letters of either case, one for each axis; spaces count for nothing. No ellipsis.
 * @param operands One tensor for each group, of one numeric type.
 * Errors: other characters; another number of operands or axes than letters; a letter with two extents; letters of the
 * result that are twice there or in no operand.
 * @example
 * const trace = (x: Tensor) => einsum("ij,ji->", x, x);
 * evaluate(trace, array([[1, 2], [3, 4]])).data; // => [29]
 */
export function einsum(subscripts: string, ...operands: readonly TensorLike[]): Tensor {
  const { groups, result } = parse(subscripts);
  const tensors = unify("einsum", operands);
  if (groups.length !== tensors.length) {
    refuse(subscripts, `${groups.length} operands`, `${tensors.length}`, "Separate the letters of operands by commas.");
  }
  checkExtents(subscripts, groups, tensors);
  checkResult(subscripts, groups, result);
  let terms = tensors.map((tensor, i) => ({ tensor, letters: groups[i] as readonly string[] })).map(diagonal);
  terms = terms.map((term, i) => summed(term, needed(terms, [i], result)));
  while (terms.length > 1) {
    const [i, k] = cheapest(terms, result);
    const made = product(terms[i] as Term, terms[k] as Term, needed(terms, [i, k], result));
    terms = [...terms.filter((_, at) => at !== i && at !== k), made];
  }
  const [{ tensor, letters }] = terms as [Term];
  return transpose(
    tensor,
    result.map((letter) => letters.indexOf(letter)),
  );
}

function parse(subscripts: string): { readonly groups: readonly string[][]; readonly result: readonly string[] } {
  const text = subscripts.replaceAll(" ", "");
  const found = /^([A-Za-z,]*)(?:->([A-Za-z]*))?$/.exec(text);
  if (found === null) {
    refuse(
      subscripts,
      "letters and commas, and at most one -> before the letters of the result",
      JSON.stringify(subscripts),
      "Name every axis with a letter, as in ij,jk->ik; use vmap for axes that run along.",
    );
  }
  const groups = (found[1] as string).split(",").map((group) => Array.from(group));
  const all = groups.flat();
  const once = all.filter((letter) => all.indexOf(letter) === all.lastIndexOf(letter)).sort();
  return { groups, result: found[2] === undefined ? once : Array.from(found[2]) };
}

function refuse(subscripts: string, expected: string, found: string, remedy: string): never {
  throw new TensorError(`Cannot einsum ${JSON.stringify(subscripts)}: expected ${expected}, got ${found}`, remedy);
}

function checkExtents(subscripts: string, groups: readonly string[][], tensors: readonly Tensor[]): void {
  const extents = new Map<string, number>();
  tensors.forEach((tensor, i) => {
    const letters = groups[i] as string[];
    if (letters.length !== tensor.shape.length) {
      const expected = `a tensor of ${letters.length} axes for ${JSON.stringify(letters.join(""))}`;
      refuse(subscripts, expected, showType(tensor), "Give one letter for each axis.");
    }
    letters.forEach((letter, axis) => {
      const extent = tensor.shape[axis] as number;
      const before = extents.get(letter) ?? extent;
      if (before !== extent) {
        refuse(subscripts, `one extent for ${letter}`, `${before} and ${extent}`, "Axes of one letter run together.");
      }
      extents.set(letter, extent);
    });
  });
}

function checkResult(subscripts: string, groups: readonly string[][], result: readonly string[]): void {
  const known = new Set(groups.flat());
  const odd = result.find((letter, i) => !known.has(letter) || result.indexOf(letter) !== i);
  if (odd === undefined) return;
  const expected = "each letter of the result once there and in an operand";
  refuse(subscripts, expected, odd, "A result has no diagonal, and no axes of its own: use broadcastTo.");
}

/** Letters that other terms or the result ask for. */
function needed(terms: readonly Term[], except: readonly number[], result: readonly string[]): ReadonlySet<string> {
  return new Set([...result, ...terms.filter((_, i) => !except.includes(i)).flatMap(({ letters }) => letters)]);
}

/** Axes of one letter as one axis. */
function diagonal({ tensor, letters }: Term): Term {
  const twice = letters.findIndex((letter, i) => letters.indexOf(letter) !== i);
  if (twice < 0) return { tensor, letters };
  const letter = letters[twice] as string;
  const extent = tensor.shape[twice] as number;
  const first = letters.indexOf(letter);
  // Moving the later axis to the front puts the earlier one a place behind.
  const front = moveAxis(moveAxis(tensor, twice, 0), first + 1, 0);
  const rest = front.shape.slice(2);
  // Neighbours of a diagonal are one row and one element apart.
  const flat = slice(reshape(front, [extent * extent, ...rest]), 0, 0, extent * extent, extent + 1);
  const others = letters.filter((_, i) => i !== twice && i !== first);
  return diagonal({ tensor: flat, letters: [letter, ...others] });
}

function summed({ tensor, letters }: Term, kept: ReadonlySet<string>): Term {
  const gone = letters.flatMap((letter, axis) => (kept.has(letter) ? [] : [axis]));
  return { tensor: sum(tensor, gone), letters: letters.filter((letter) => kept.has(letter)) };
}

function product(a: Term, b: Term, kept: ReadonlySet<string>): Term {
  const shared = a.letters.filter((letter) => b.letters.includes(letter));
  const batch = shared.filter((letter) => kept.has(letter));
  const gone = shared.filter((letter) => !kept.has(letter));
  const axesOf = ({ letters }: Term, some: readonly string[]): number[] =>
    some.map((letter) => letters.indexOf(letter));
  const tensor = contract(a.tensor, b.tensor, {
    contract: [axesOf(a, gone), axesOf(b, gone)],
    batch: [axesOf(a, batch), axesOf(b, batch)],
  });
  const free = ({ letters }: Term): string[] => letters.filter((letter) => !shared.includes(letter));
  return { tensor, letters: [...batch, ...free(a), ...free(b)] };
}

/** The two terms whose product is smallest; of equal ones the first. */
function cheapest(terms: readonly Term[], result: readonly string[]): readonly [number, number] {
  let best: readonly [number, number] = [0, 1];
  let least = Number.POSITIVE_INFINITY;
  for (let k = 1; k < terms.length; k++) {
    for (let i = 0; i < k; i++) {
      const size = productSize(terms[i] as Term, terms[k] as Term, needed(terms, [i, k], result));
      if (size < least) [best, least] = [[i, k], size];
    }
  }
  return best;
}

function productSize(a: Term, b: Term, kept: ReadonlySet<string>): number {
  const extents = new Map<string, number>();
  for (const { tensor, letters } of [a, b]) {
    letters.forEach((letter, axis) => {
      if (kept.has(letter)) extents.set(letter, tensor.shape[axis] as number);
    });
  }
  return sizeOf([...extents.values()]);
}
