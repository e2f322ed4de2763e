import { describe, it } from "vitest";
import { describeLinearAlgebra } from "../../tensor/src/testing/linear-algebra-contract.ts";
import { native } from "./native.ts";
import { hasCompiler, testCache } from "./testing/test-compiler.ts";

if (hasCompiler) describeLinearAlgebra(native({ cacheFolder: testCache }), [3, 8, 17]);
else describe("native", () => it.skip("linear algebra: no C compiler works here", () => undefined));
