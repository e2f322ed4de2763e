import { expect, it } from "vitest";
import { createBlock } from "./block.ts";
import * as build from "./build.ts";
import { tanh } from "./functions/tanh.ts";
import type { Module } from "./kernel.ts";
import { printKernel, printModule } from "./print.ts";

function module(): Module {
  const outer = createBlock();
  outer.loop("row", 0, 8, 1, (body, row) => {
    const sum = body.variable("sum", build.number("float32", 4, 0));
    body.loop("column", 0, 16, 4, (inner, column) => {
      const terms = [
        { loop: row, stride: 64 },
        { loop: column, stride: 4 },
      ];
      const x = build.load("float32", 4, build.address(0, 16, terms));
      inner.set(sum, build.add(build.read(sum), build.mul(x, x)));
    });
    const total = build.horizontal("add", build.read(sum));
    body.branch(build.less(total, 0), (rare) => rare.set(sum, build.neg(build.read(sum))));
    body.whileAny(build.less(build.read(sum), 1), (turn) => turn.set(sum, build.mul(build.read(sum), 2)));
    body.store(build.address(1, 0, [{ loop: row, stride: 4 }]), build.select(build.less(1, total), total, 1));
  });
  const step = build.loopVariable("step");
  const slot = (offset: number, elements: number) => ({ offset, dtype: "float32" as const, elements });
  return {
    kernels: [
      { name: "norms", parameters: 2, body: outer.statements, note: { equations: [], operations: 264, bytes: 544 } },
    ],
    driver: [
      { kind: "clear", at: { offset: 512, terms: [] }, bytes: 64 },
      {
        kind: "repeat",
        loop: step,
        length: { offset: 640, terms: [] },
        bound: 3,
        reverse: true,
        body: [
          {
            kind: "call",
            kernel: 0,
            addresses: [
              { offset: 0, terms: [] },
              { offset: 512, terms: [{ loop: step, stride: 32 }] },
            ],
          },
        ],
      },
    ],
    arenaBytes: 704,
    constants: [],
    inputs: [slot(0, 128)],
    outputs: [slot(512, 8)],
  };
}

it("prints a module", () => {
  expect(printModule(module())).toMatchInlineSnapshot(`
    "arena of 704 bytes
    input float32[128] at 0
    output float32[8] at 512
    kernel norms (2 addresses, 264 operations, 544 bytes)
      loop row from 0 to 8 step 1
        float32x4 sum = 0
        loop column from 0 to 16 step 4
          %0 = float32x4 [p0 + 16 + 64 row + 4 column]
          sum = sum + (%0 * %0)
        if any horizontal add(sum) < 0
          sum = neg(sum)
        while any sum < 1
          sum = sum * 2
        %0 = horizontal add(sum)
        store [p1 + 4 row] = select(1 < %0, %0, 1)
    driver
      clear 64 bytes at 512
      repeat step below [640], at most 3 backwards
        norms(0, 512 + 32 step)"
  `);
});

it("prints an elementary function", () => {
  const block = createBlock();
  const value = tanh(block, build.load("float32", 4, build.address(0)));
  block.store(build.address(1), value);
  const note = { equations: [], operations: 0, bytes: 0 };
  expect(printKernel({ name: "tanh", parameters: 2, body: block.statements, note })).toMatchInlineSnapshot(`
    "kernel tanh (2 addresses, 0 operations, 0 bytes)
      float32x4 size = abs(float32x4 [p0])
      %0 = float32x4 [p0]
      float32x4 square = %0 * %0
      float32x4 x = select(9.100000381469727 < size, 9.100000381469727, size)
      float32x4 t = x * 2.885390043258667
      float32x4 moved = t + 12582912
      float32x4 k = moved - 12582912
      float32x4 r = (x - (k * 0.3465728759765625)) - (k * 7.143033826650935e-7)
      float32x4 positive = select(0.625 <= size, 1 - (2 / (bitcast float32(bitcast int32((((((((((((0.08841259032487869 * r) + 0.2678009867668152) * r) + 0.6666942834854126) * r) + 1.3333215713500977) * r) + 1.999999761581421) * r) + 2) * r) + 1) + (bitcast int32(moved) << 23)) + 1)), ((square * ((((((((-0.006089802831411362 * square) + 0.020992422476410866) * square) + -0.05384990572929382) * square) + 0.1333276331424713) * square) + -0.333333283662796)) * size) + size)
      store [p1] = bitcast float32(bitcast int32(positive) | (bitcast int32(%0) & -2147483648))"
  `);
});
