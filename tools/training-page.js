// What a page runs that trains a Hamiltonian network with `@leastaction/tensor`, in a worker: `bundle-size.js` measures what
// it loads. From the sources, so that nothing need be built before.
import { wasm } from "@leastaction/tensor";
import { hnn } from "../bench/workloads/hnn.ts";
import { compileStep } from "../bench/workloads/workload.ts";

const { compiled, start } = compileStep(hnn, "float32", wasm());
compiled.load(start);
for (let step = 0; step < 1000; step++) await compiled.run();
postMessage(await compiled.read());
