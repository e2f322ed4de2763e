import { expect, test } from "vitest";
import { constantForm, coordinate, identityMap, linearOffset, splitOffset } from "./affine.ts";

test("an offset splits into axes that divide its coefficients", () => {
  const domain = [4, 6];
  const offset = linearOffset(identityMap(domain, 2), domain, 2);
  expect(offset).toEqual({ constant: 0, coefficients: [6, 1] });
  expect(splitOffset(offset, [2, 2, 6], domain)).toBeUndefined();
  expect(splitOffset({ constant: 5, coefficients: [6, -1] }, [4, 6], domain)).toEqual([
    coordinate(2, 0),
    { constant: 5, coefficients: [0, -1] },
  ]);
  expect(splitOffset(offset, [24], domain)).toEqual([offset]);
});

test("axes of extent 1 have no coordinate", () => {
  expect(identityMap([3, 1, 5], 2)).toEqual([coordinate(2, 0), constantForm(2, 0), coordinate(2, 1)]);
});
