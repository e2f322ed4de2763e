/**
 * Every target of this package keeps the contract of targets.
 */
import { describeTarget, oneByOne } from "../testing/target-contract.ts";
import { wasm } from "./wasm/wasm.ts";

describeTarget(oneByOne(wasm()));
