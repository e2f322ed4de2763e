import { expect, test } from "vitest";
import { duration, progressLine } from "./progress.ts";
import { memoryIo } from "./testing/memory-io.ts";

test("a pipe gets a plain line when something else is trained, and every five seconds", () => {
  const io = memoryIo("/");
  let clock = 0;
  const progress = progressLine(io, () => clock);
  for (let at = 0; at <= 10; at++) {
    clock = at * 1000;
    const member = at < 8 ? "hold" : "hamiltonian";
    progress.show({ fraction: at / 20, doing: member, member, loss: 0.012345 });
  }
  progress.end();
  expect(io.text("error")).toBe(
    "  0 %  hold  loss 0.0123\n" +
      " 25 %  hold  loss 0.0123  15 s left\n" +
      " 40 %  hamiltonian  loss 0.0123  12 s left\n",
  );
  expect(io.text("out")).toBe("");
});

test("a terminal gets one line that redraws itself and goes away", () => {
  const io = memoryIo("/", true);
  let clock = 0;
  const progress = progressLine(io, () => clock);
  progress.show({ fraction: 0.25, doing: "hold", member: "hold", loss: null });
  clock = 10;
  progress.show({ fraction: 0.3, doing: "hold", member: "hold", loss: null });
  clock = 5000;
  progress.show({ fraction: 0.5, doing: "hold", member: "hold", loss: null });
  progress.end();
  const lines = io.text("error").split("\r\u001b[2K");
  expect(lines).toEqual(["", "█████░░░░░░░░░░░░░░░   25 %  hold", "██████████░░░░░░░░░░   50 %  hold  5 s left", ""]);
});

test("durations are short to read", () => {
  expect([0.2, 45, 99.6, 200, 9000].map(duration)).toEqual(["1 s", "45 s", "2 min", "3 min", "2.5 h"]);
});
