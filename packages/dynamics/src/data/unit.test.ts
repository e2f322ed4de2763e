import { describe, expect, it } from "vitest";
import {
  fromSi,
  hasDimension,
  knownUnitSymbols,
  noUnit,
  parseUnit,
  rateUnit,
  toSi,
  type Unit,
  unitNamed,
} from "./unit.ts";

const unit = (text: string): Unit => parseUnit(text) as Unit;

describe("parseUnit", () => {
  it.each([
    ["ms", 1500, 1.5],
    ["us", 3, 3e-6],
    ["min", 2, 120],
    ["h", 1, 3600],
    ["deg", 180, Math.PI],
    ["°", 90, Math.PI / 2],
    ["turn", 1, 2 * Math.PI],
    ["mm", 9, 0.009],
    ["in", 1, 0.0254],
    ["deg/s", 180, Math.PI],
    ["rpm", 60, 2 * Math.PI],
    ["km/h", 36, 10],
    ["m s^-1", 4, 4],
    ["mm/s²", 5, 0.005],
    ["rad per s", 2, 2],
    ["kg m^2/s", 3, 3],
    ["mA", 7, 0.007],
  ])("%s: %d is %d in SI", (text, value, si) => {
    expect(toSi(unit(text), value)).toBeCloseTo(si, 14);
    expect(fromSi(unit(text), toSi(unit(text), value))).toBeCloseTo(value, 10);
  });

  it("tells dimensions apart", () => {
    expect(hasDimension(unit("deg/s"), { angle: 1, time: -1 })).toBe(true);
    expect(hasDimension(unit("rad/s"), { time: -1 })).toBe(false);
    expect(hasDimension(unit("N m"), { mass: 1, length: 2, time: -2 })).toBe(true);
    expect(hasDimension(unit("V"), { current: 1 })).toBe(false);
  });

  it("refuses what it does not know", () => {
    for (const text of ["", "foo", "m/foo", "^2", "degC", "m^", "3"]) expect(parseUnit(text)).toBeNull();
  });

  it("keeps counts as they are", () => {
    expect(unit("px").known).toBe(false);
    expect(toSi(unit("px"), 12)).toBe(12);
    expect(unitNamed("wombats")).toMatchObject({ symbol: "wombats", known: false, numerator: 1 });
  });

  it("reads every symbol it names", () => {
    for (const symbol of knownUnitSymbols) expect(parseUnit(symbol)?.known).toBe(true);
  });

  it("rounds once: milliseconds read to the bits of the decimal in seconds", () => {
    for (let value = 0; value < 1000; value++) expect(toSi(unit("ms"), value)).toBe(Number(`${value}e-3`));
  });

  it("makes rates", () => {
    expect(rateUnit(unit("deg")).symbol).toBe("deg/s");
    expect(rateUnit(noUnit)).toBe(noUnit);
    expect(rateUnit(unit("px"))).toMatchObject({ symbol: "px/s", known: false });
  });
});
