/**
 * Functions at zeros, infinities and the ends of ranges, on the targets of this package.
 */
import { describeSpecialValues } from "../testing/special-values-contract.ts";
import { reference } from "./reference/reference.ts";
import { wasm } from "./wasm/wasm.ts";

describeSpecialValues(reference());
describeSpecialValues(wasm());
