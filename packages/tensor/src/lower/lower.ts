/**
 * Lowering: a program to a module of kernels and a driver.
 *
 * The passes, each in a file of its own: `scheduleProgram` (program to program), `fuse` (program to schedule), `lowerSchedule`
 * (schedule to kernels and driver steps over places), `planMemory` (places to offsets). Nothing is decided by the target
 * but what its traits say.
 */
import type { DType } from "../dtype.ts";
import { loopVariable } from "../kernel/build.ts";
import type { DriverAddress, LoopVariable, Module, Slot, Step, TargetTraits } from "../kernel/kernel.ts";
import type { Atom, Program } from "../program/program.ts";
import { addInPlace } from "./add-in-place.ts";
import type { Want } from "./assign-outputs.ts";
import { leastDivided } from "./divided-work.ts";
import { bytesOf, tensorBytes } from "./element-bytes.ts";
import { fuse } from "./fuse.ts";
import { createKernelTable } from "./kernel-table.ts";
import { largestTensors } from "./largest-tensors.ts";
import { lowerSchedule } from "./lower-schedule.ts";
import { isOwn, type MemoryPlan, planMemory } from "./memory-plan.ts";
import { type Buffer, type Place, type PlacedStep, wholeOf } from "./place.ts";
import { placeConstants } from "./place-constants.ts";
import type { Lowering } from "./region.ts";
import { type OnPhase, type ScheduleOptions, scheduleProgram } from "./schedule-program.ts";

/** What a target may ask beyond its traits. */
export interface LowerOptions {
  /** Output i may be written over input `donate[i]` at the end of a run; null or missing: it has its own slot. */
  readonly donate?: readonly (number | null)[];
  /** Decisions of the schedule that are not to be the usual ones. */
  readonly schedule?: ScheduleOptions;
  /**
   * How many threads the arena is to have room for; undefined: work is not divided. What is divided, and so every bit of the
   * results, does not depend on the number.
   */
  readonly threads?: number | undefined;
  /** Called with the name of each phase as it begins, for those who measure. */
  readonly onPhase?: OnPhase;
}

/**
 * Lowers a program for a target with these traits.
 *
 * Inputs keep their slots and values from run to run, but those that are donated; outputs keep theirs until the next run.
 */
export function lower(program: Program, traits: TargetTraits, options: LowerOptions = {}): Module {
  const { onPhase = () => undefined, threads } = options;
  const divided = threads === undefined ? undefined : (options.schedule?.leastDivided ?? leastDivided);
  const scheduled = addInPlace(scheduleProgram(program, traits, options.schedule, onPhase, divided));
  const constants = placeConstants();
  const table = createKernelTable();
  const lowering: Lowering = {
    traits,
    table,
    constantPlace: constants.place,
    loops: [],
    divided,
  };
  const inputs = scheduled.inputs.map((input) => wholeOf(buffer(input, "always")));
  const outputs = scheduled.outputs.map(
    (output, i) => inputs[donatedTo(options, i)] ?? wholeOf(buffer(output, "kept")),
  );
  const wants = scheduled.outputs.map((atom, i): Want => {
    return { atom, target: outputs[i] as Place, over: scheduled.inputs[donatedTo(options, i)] };
  });
  onPhase("fuse");
  const schedule = fuse(scheduled);
  onPhase("kernels");
  const steps = lowerSchedule(lowering, schedule, inputs, wants);
  const always = [...inputs, ...outputs, ...constants.all().map(({ place }) => place)].map((place) => place.buffer);
  onPhase("memory");
  const plan = planMemory(steps, always, threads);
  const worker = loopVariable("worker");
  const slot = (place: Place, dtype: DType): Slot => ({
    offset: plan.offsets.get(place.buffer) as number,
    dtype,
    elements: place.buffer.bytes / bytesOf(dtype),
  });
  return {
    kernels: table.kernels,
    driver: steps.map((step) => settle(step, plan, worker)),
    arenaBytes: plan.arenaBytes,
    threads: steps.some(isParallel) ? threads : undefined,
    largest: largestTensors(schedule),
    constants: constants.all().map(({ place, dtype, data }) => ({ slot: slot(place, dtype), data })),
    inputs: scheduled.inputs.map((input, i) => slot(inputs[i] as Place, input.type.dtype)),
    outputs: scheduled.outputs.map((output, i) => slot(outputs[i] as Place, output.type.dtype)),
  };
}

function isParallel(step: PlacedStep): boolean {
  if (step.kind === "repeat") return step.body.some(isParallel);
  if (step.kind === "while") return [...step.condition, ...step.body].some(isParallel);
  return step.kind === "parallel";
}

function donatedTo({ donate }: LowerOptions, output: number): number {
  return donate?.[output] ?? -1;
}

function buffer(atom: Atom, life: Buffer["life"]): Buffer {
  return { bytes: tensorBytes(atom), loops: [], life };
}

/** A step with its places turned into addresses. */
function settle(step: PlacedStep, plan: MemoryPlan, worker: LoopVariable): Step {
  const at = ({ buffer: of, offset, terms }: Place): DriverAddress => ({
    offset: (plan.offsets.get(of) as number) + offset,
    terms: isOwn(of) ? [...terms, { loop: worker, stride: plan.ownBytes }] : terms,
  });
  const inside = (steps: readonly PlacedStep[]): readonly Step[] => steps.map((inner) => settle(inner, plan, worker));
  switch (step.kind) {
    case "call":
      return { kind: "call", kernel: step.kernel, addresses: step.places.map(at) };
    case "repeat": {
      const { loop, bound, reverse } = step;
      const length = typeof step.length === "number" ? step.length : at(step.length);
      return { kind: "repeat", loop, length, bound, reverse, body: inside(step.body) };
    }
    case "while": {
      return { kind: "while", condition: inside(step.condition), flag: at(step.flag), body: inside(step.body) };
    }
    case "parallel":
      return { kind: "parallel", worker, parts: step.parts.map((part) => ({ ...part, body: inside(part.body) })) };
    case "copy":
      return { kind: "copy", from: at(step.from), to: at(step.to), bytes: step.bytes };
    case "clear":
      return { kind: "clear", at: at(step.at), bytes: step.bytes };
  }
}
