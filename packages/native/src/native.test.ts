/**
 * Machine code keeps the contract of targets.
 */
import { describe, it } from "vitest";
import { describeTarget } from "../../tensor/src/testing/target-contract.ts";
import { native } from "./native.ts";
import { hasCompiler, testCache } from "./testing/test-compiler.ts";

if (hasCompiler) describeTarget(native({ cacheFolder: testCache }));
else describe("native", () => it.skip("the contract of targets: no C compiler works here", () => undefined));
