import { expect, test } from "vitest";
import { settingsLines } from "./settings-text.ts";

test("what all parts share is told once, before what is each one's own", () => {
  const settings = {
    a: { steps: 10, noise: { share: 0.05, taken: "together" }, network: [5, 64, 3] },
    b: { steps: 10, noise: { share: 0.1, taken: "together" }, network: [5, 64, 3], frozen: true },
    c: { steps: 10, noise: { share: 0.05, taken: "together" }, network: [5, 64, 3] },
  };
  expect(settingsLines(settings)).toEqual([
    { whose: "all parts", text: "steps 10; network 5, 64, 3" },
    { whose: "a", text: "noise (share 0.05, taken together)" },
    { whose: "b", text: "noise (share 0.1, taken together); frozen true" },
    { whose: "c", text: "noise (share 0.05, taken together)" },
  ]);
});

test("one part has its own alone, and none has none", () => {
  expect(settingsLines({ a: { steps: 10 } })).toEqual([{ whose: "a", text: "steps 10" }]);
  expect(settingsLines({})).toEqual([]);
});
