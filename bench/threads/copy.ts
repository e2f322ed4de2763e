/**
 * One of several processes that run an undivided step at the same time: `node copy.js ID TARGET`, then a message for each
 * round, answered by the ms of a step.
 */
import { native } from "@leastaction/native";
import { wasm } from "@leastaction/tensor";
import { compileStep } from "../workloads/workload.ts";
import { largeWorkloads } from "./large-workloads.ts";
import { timeOf, warm } from "./time-step.ts";

/** Long beside the moment in which the others begin. */
const leastMs = 500;

const [id, target] = process.argv.slice(2);
const workload = largeWorkloads.find((each) => each.id === id);
if (workload === undefined) throw new Error(`expected a large workload, got ${id}`);
const step = compileStep(workload, "float32", target === "native" ? native() : wasm());
await warm(step);
process.on("message", () => process.send?.(timeOf(step, leastMs)));
process.send?.("ready");
