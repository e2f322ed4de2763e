import { describe, expect, test } from "vitest";
import { type Candidate, howFarToTrust, whatMoves, whatToRecordNext, whichModel } from "./sentences.ts";

const theta = { name: "theta", unit: "rad" };
const time = { name: "t", unit: "s" };

test("what moves is said with period, size and loss", () => {
  const motion = { period: { small: 0.785, large: 0.79 }, loss: 0.0254, size: 1.52 };
  expect(whatMoves([{ coordinate: theta, motion }], time).text).toBe(
    "theta swings with a period of 0.785 s, up to 1.52 rad to each side, and loses 2.5 % of its size in each swing.",
  );
  const wide = { period: { small: 0.8, large: 1.1 }, loss: 0.0001, size: 2.3 };
  expect(whatMoves([{ coordinate: theta, motion: wide }], time).text).toContain(
    "a period of 0.8 to 1.1 s (it depends on the size of the swing), up to 2.3 rad to each side, and keeps its size",
  );
  const chaos = { period: null, loss: null, size: 0 };
  expect(whatMoves([{ coordinate: theta, motion: chaos }], time).text).toBe("theta moves without a fixed period.");
});

describe("how far to trust it", () => {
  const facts = { coordinate: theta, time, rmse: 0.0123, tolerance: 0.05, within: 8.7, longest: 8.7 };
  const band = { level: 0.9, covered: 0.914, isCalibrated: true };

  test("a forecast that holds to the end", () => {
    expect(howFarToTrust([facts], 2, band).text).toBe(
      "On 2 unseen recordings, theta stays within 0.05 rad for all of the 8.7 s (RMSE 0.0123 rad). Its 90 % band covered 91.4 % of the measured values.",
    );
  });

  test("one that does not, with a band of unknown worth", () => {
    const { text } = howFarToTrust([{ ...facts, within: 2.1 }], 1, { ...band, isCalibrated: false });
    expect(text).toContain("On 1 unseen recording, theta stays within 0.05 rad for 2.1 s");
    expect(text).toContain("Its 90 % band, which is not calibrated, covered");
  });

  test("no test, no claim", () => {
    expect(howFarToTrust([], 0, band).text).toContain("nobody knows");
  });
});

describe("which model and why", () => {
  const network: Candidate = { model: "neural-ode", kind: "network", error: 0.01, spread: [0.009, 0.011] };
  const equation: Candidate = { model: "pendulum", kind: "grey-box", error: 0.03, spread: [0.03, 0.03] };

  test("a network that earns its place", () => {
    expect(whichModel([network, equation], "rad").text).toBe(
      "neural-ode forecast the selection data best (RMSE 0.01 rad), 3 times better than pendulum (0.03 rad).",
    );
  });

  test("a network that is no better than the equation", () => {
    const close = { ...equation, error: 0.0105, spread: [0.0105, 0.0105] } as const;
    expect(whichModel([network, close], "rad").text).toContain("but pendulum (0.0105 rad) is as good here");
    expect(whichModel([{ ...equation, error: 0.005 }, network], "rad").text).toContain(
      "no network did better, so the simple equation is the one to use",
    );
  });
});

test("a simpler law that is chosen although another has a smaller error", () => {
  const network: Candidate = { model: "neural-ode", kind: "network", error: 0.01, spread: [0.01, 0.01] };
  const equation: Candidate = { model: "pendulum", kind: "grey-box", error: 0.015, spread: [0.015, 0.015] };
  expect(whichModel([equation, network], "rad").text).toBe(
    "pendulum, the simplest law among the good ones (RMSE 0.015 rad on the selection data): the lowest error was that of neural-ode (0.01 rad), too little less to tell on this data.",
  );
});

test("what to record next follows from what is missing", () => {
  const facts = {
    hasTest: true,
    isCalibrated: true,
    outside: 0.12,
    ranges: [{ coordinate: theta, from: -1.2, to: 1.5 }],
    measuredVelocities: true,
  };
  expect(whatToRecordNext(facts).text).toContain("More motion like that of the test: 12 % of its forecast");
  expect(whatToRecordNext(facts).text).toContain("theta from −1.2 to 1.5 rad");
  expect(whatToRecordNext({ ...facts, hasTest: false }).text).toMatch(/^At least two more recordings/);
});
