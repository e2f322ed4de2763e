/**
 * Functions at zeros, infinities and the ends of ranges, in machine code.
 */
import { describe, it } from "vitest";
import { describeSpecialValues } from "../../tensor/src/testing/special-values-contract.ts";
import { native } from "./native.ts";
import { hasCompiler, testCache } from "./testing/test-compiler.ts";

if (hasCompiler) describeSpecialValues(native({ cacheFolder: testCache, flushToZero: false }));
else describe("native", () => it.skip("special values: no C compiler works here", () => undefined));
