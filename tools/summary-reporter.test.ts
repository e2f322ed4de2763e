import { expect, it } from "vitest";
import { summarize } from "./summary-reporter.js";

const file = (state: string, ...tests: string[]) => ({
  state: () => state,
  children: { allTests: () => tests.map((test) => ({ result: () => ({ state: test }) })) },
});

it("counts tests over files, and leaves out skipped tests when there are none", () => {
  expect(summarize([file("passed", "passed", "passed"), file("failed", "failed", "passed")], [])).toBe(
    "3 passed, 1 failed",
  );
  expect(summarize([file("passed", "passed", "skipped")], [])).toBe("1 passed, 0 failed, 1 skipped");
});

it("counts a file that cannot be loaded and an error outside any test as failed", () => {
  expect(summarize([file("failed"), file("passed", "passed")], [new Error("loose")])).toBe("1 passed, 2 failed");
});
