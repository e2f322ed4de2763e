import { describeLinearAlgebra } from "../testing/linear-algebra-contract.ts";
import { reference } from "./reference/reference.ts";
import { wasm } from "./wasm/wasm.ts";

describeLinearAlgebra(reference(), [1, 2, 3, 5, 8, 17]);
// 17 rows are cut into blocks of 8, 45 into blocks of 32; the last one is smaller both times.
describeLinearAlgebra(wasm(), [1, 2, 3, 5, 8, 17, 45]);
