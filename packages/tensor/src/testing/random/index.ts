/**
 * What the long run of random programs needs, in one module (`tools/prove-programs.js`).
 */
export { wasm } from "../../target/wasm/wasm.ts";
export { failingTest, type Proof, prove } from "./prove.ts";
export { type Summary, summaryOf } from "./summary.ts";
