import { expect, test } from "vitest";
import { plotOf } from "./plot.ts";

const size = { batch: 16, width: 8, depth: 1, steps: 0, bytes: 1 };

test("a panel has its decades, a mark for each point and the slope", () => {
  const svg = plotOf([
    {
      extent: "batch",
      target: "wasm",
      slope: 1,
      points: [
        { ...size, operations: 1e6, milliseconds: 0.1 },
        { ...size, batch: 1600, operations: 1e8, milliseconds: 10 },
      ],
    },
  ]);
  expect(svg).toContain("wasm: slope 1.00");
  expect(svg).toContain(">10⁷<");
  expect(svg).toContain(">1600<");
  expect(svg.match(/<circle/g)).toHaveLength(2);
  expect(svg).toContain('<polyline points="56,280 478,44"');
  expect(svg).not.toContain("NaN");
});
