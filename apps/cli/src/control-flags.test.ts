import { describe, expect, test } from "vitest";
import { controlSettings } from "./control-flags.ts";

test("holds and delays are read by name, with units of time", async () => {
  const flags = { hold: { mot: "linear" }, delay: { mot: "20ms", fan: "fit", pump: "0.5", lamp: "250us" } };
  expect(await controlSettings(flags)).toEqual({
    mot: { hold: "linear", delay: 0.02 },
    fan: { delay: "fit" },
    pump: { delay: 0.5 },
    lamp: { delay: 0.00025 },
  });
  expect(await controlSettings({})).toEqual({});
});

describe("refused", () => {
  test.each([
    [{ delay: { mot: "20V" } }, 'expected a time from 0 up, or fit, got "20V"'],
    [{ delay: { mot: "-1ms" } }, 'expected a time from 0 up, or fit, got "-1ms"'],
    [{ delay: { mot: "soon" } }, 'expected a time from 0 up, or fit, got "soon"'],
    [{ hold: { mot: "cubic" } }, 'expected zero or linear, got "cubic"'],
  ])("%j", async (flags, message) => {
    await expect(controlSettings(flags)).rejects.toThrow(message);
  });
});
