import { describeLinearAlgebra } from "../testing/linear-algebra-contract.ts";
import { reference } from "./reference/reference.ts";
import { wasm } from "./wasm/wasm.ts";

describeLinearAlgebra(reference(), [1, 2, 3, 5, 8, 17, 40]);
describeLinearAlgebra(wasm(), [1, 2, 3, 5, 8, 17, 40]);
