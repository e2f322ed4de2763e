import process from "node:process";
import { afterEach, describe, expect, test, vi } from "vitest";
import { interruption } from "./interruption.ts";
import { memoryIo } from "./testing/memory-io.ts";

afterEach(() => vi.restoreAllMocks());

describe("an interruption", () => {
  test.each([
    ["SIGINT", 130, "Ctrl-C again ends at once. Go on with it."],
    ["SIGTERM", 143, "A second signal ends at once. Go on with it."],
    ["SIGHUP", 129, "A second signal ends at once. Go on with it."],
  ] as const)("by %s asks the training to stop, says how to go on, and gives status %i", (signal, status, words) => {
    const io = memoryIo(".");
    const interrupted = interruption(io, "Go on with it.");
    expect([interrupted.happened(), interrupted.status()]).toEqual([false, 0]);
    io.interrupt(signal);
    expect([interrupted.signal.aborted, interrupted.happened(), interrupted.status()]).toEqual([true, true, status]);
    expect(io.text("error")).toContain(`Stopping at the next step; what there is will be written. ${words}\n`);
    interrupted.end();
  });

  test("that comes twice ends the process, but not where one press arrives twice", () => {
    let now = 1000;
    vi.spyOn(performance, "now").mockImplementation(() => now);
    const exit = vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
    const io = memoryIo(".");
    const interrupted = interruption(io, "");
    io.interrupt();
    now += 100;
    io.interrupt();
    expect(exit).not.toHaveBeenCalled();
    now += 300;
    io.interrupt("SIGTERM");
    expect(exit).toHaveBeenCalledWith(130);
    interrupted.end();
  });
});
