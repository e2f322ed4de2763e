/**
 * Contractions by subscripts against plain loops over all letters.
 */
import { expect, test } from "vitest";
import { compile, evaluate } from "../compile.ts";
import type { HostTensor } from "../pytree.ts";
import { stridesOf } from "../shape.ts";
import { wasm } from "../target/wasm/wasm.ts";
import { numbers } from "../testing/primitive-cases.ts";
import { array, type Tensor } from "../trace/tensor.ts";
import { grad } from "../transform/differentiate.ts";
import { einsum } from "./einsum.ts";
import { sum } from "./reduction.ts";

const extents: Readonly<Record<string, number>> = { i: 3, j: 4, k: 2, l: 5, b: 3 };

/** The sum over every assignment of the letters. */
function byLoops(subscripts: string, operands: readonly HostTensor[]): number[] {
  const [left, right] = subscripts.split("->") as [string, string];
  const groups = left.split(",");
  const letters = [...new Set(left.replaceAll(",", ""))];
  const shape = Array.from(right).map((letter) => extents[letter] as number);
  const totals = new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(0);
  const place = (group: string, at: Readonly<Record<string, number>>): number => {
    const strides = stridesOf(Array.from(group).map((letter) => extents[letter] as number));
    return Array.from(group).reduce(
      (sum_, letter, axis) => sum_ + (at[letter] as number) * (strides[axis] as number),
      0,
    );
  };
  const visit = (at: Record<string, number>, next: number): void => {
    const letter = letters[next];
    if (letter === undefined) {
      const term = groups.reduce((product, group, i) => product * (operands[i]?.data[place(group, at)] as number), 1);
      const target = place(right, at);
      totals[target] = (totals[target] as number) + term;
      return;
    }
    for (let i = 0; i < (extents[letter] as number); i++) visit({ ...at, [letter]: i }, next + 1);
  };
  visit({}, 0);
  return totals;
}

const cases = [
  "ij->ji",
  "ij->",
  "ij,jk->ik",
  "bij,bjk->bik",
  "ib,jb->bij",
  "i,j->ij",
  "ij,ij->i",
  "ib->bi",
  "bb->b",
  "bi,ib->",
  "ibb->ib",
  "bjb->j",
  "bbb->b",
  "bib,il->lb",
  "ij,jk,kl->il",
  "bi,bj,bk->ijk",
  "ij,jk,ki->",
];

test.each(cases)("%s", (subscripts) => {
  const groups = (subscripts.split("->")[0] as string).split(",");
  const operands = groups.map((group, i) =>
    numbers(
      Array.from(group).map((letter) => extents[letter] as number),
      -1,
      1,
      9 * i,
    ),
  );
  const expected = byLoops(subscripts, operands);
  const f = (...tensors: Tensor[]): Tensor => einsum(subscripts, ...tensors);
  for (const target of [undefined, wasm()]) {
    const found =
      target === undefined
        ? (evaluate(f as never, ...operands) as HostTensor)
        : (compile(f, operands, target).callSync(...operands) as HostTensor);
    expect(found.shape).toEqual(Array.from(subscripts.split("->")[1] as string).map((letter) => extents[letter]));
    expected.forEach((value, i) => {
      expect(found.data[i]).toBeCloseTo(value, 12);
    });
  }
});

test("the implicit result, and derivatives through a diagonal", () => {
  const product = evaluate((a: Tensor, b: Tensor) => einsum("ba, cb", a, b), array([[1, 2]]), array([[3], [4]]));
  expect((product as HostTensor).shape).toEqual([2, 2]);
  expect((product as HostTensor).data).toEqual(Float64Array.of(3, 4, 6, 8));
  const f = (x: Tensor): Tensor => sum(einsum("ii,ij->j", x, x));
  const x = array([
    [1, 2],
    [3, 4],
  ]);
  expect((evaluate(grad(f), x) as HostTensor).data).toEqual(Float64Array.of(1 + 3, 1, 4, 4 + 7));
});

test("messages", () => {
  const failure = (subscripts: string, ...operands: HostTensor[]): string => {
    try {
      evaluate(() => einsum(subscripts, ...operands));
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };
  const square = array([
    [1, 2],
    [3, 4],
  ]);
  expect(failure("i...->i", square)).toMatch('Cannot einsum "i...->i": expected letters and commas');
  expect(failure("ij,jk->ik", square)).toMatch("expected 2 operands, got 1");
  expect(failure("ijk->i", square)).toMatch('expected a tensor of 3 axes for "ijk", got float64[2, 2]');
  expect(failure("ij,jk->ik", square, array([[1]]))).toMatch("expected one extent for j, got 2 and 1");
  expect(failure("ij->ii", square)).toMatch("expected each letter of the result once there and in an operand, got i");
  expect(failure("ij->k", square)).toMatch("got k");
});
