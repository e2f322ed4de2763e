/**
 * A sketch as a test in TypeScript, to paste into `random-programs.test.ts`.
 */
import type { HostTensor } from "../../pytree.ts";
import type { RandomSketch } from "./random-sketch.ts";
import { bodiesOf, caseOf, resultTypes, type Sketch, type Step } from "./sketch.ts";

/** A test that fails as long as `law`, a call with `f` and `inputs`, has something to say. */
export function printTest({ sketch, inputs }: RandomSketch, title: string, law: string): string {
  return [
    `test(${JSON.stringify(title)}, () => {`,
    ...printBody(sketch, "f", "  "),
    "  const inputs = [",
    ...inputs.map((input) => `    ${printArray(input)},`),
    "  ];",
    `  expect(${law}).toBeNull();`,
    "});",
  ].join("\n");
}

function printArray({ dtype, shape, data }: HostTensor): string {
  return `array([${Array.from(data, printNumber).join(", ")}], [${shape.join(", ")}], "${dtype}")`;
}

function printNumber(value: number): string {
  if (Object.is(value, -0)) return "-0";
  return Number.isFinite(value) ? String(value) : `Number("${value}")`;
}

/** `const name: Body = ([…]) => { … };` */
function printBody(sketch: Sketch, name: string, indent: string): string[] {
  let next = 0;
  const named = (values: readonly number[]): string => `[${values.map((i) => `v${i}`).join(", ")}]`;
  const define = (count: number): string => named(Array.from({ length: count }, () => next++));
  const deeper = `${indent}  `;
  const head = `${indent}const ${name}: Body = (${define(sketch.inputs.length)}: readonly any[]): any[] => {`;
  const types = resultTypes(sketch);
  const lines = sketch.steps.flatMap((step, i) => {
    const names = bodiesOf(step).map((_, b) => `${name}${i}${b === 0 ? "" : `b${b}`}`);
    const bodies = bodiesOf(step).flatMap((body, b) => printBody(body, names[b] as string, deeper));
    const results = define((types[i] as readonly unknown[]).length);
    return [...bodies, `${deeper}const ${results}: readonly any[] = ${printStep(step, names, named(step.inputs))};`];
  });
  return [head, ...lines, `${deeper}return ${named(sketch.outputs)};`, `${indent}};`];
}

function printStep(step: Step, names: readonly string[], inputs: string): string {
  const [first, second] = names;
  switch (step.kind) {
    case "plain":
      return `emit("${step.primitive}", ${JSON.stringify(step.parameters)}, ${inputs})`;
    case "constant":
      return `[asTensor(${printArray(step.value)}, "${step.value.dtype}")]`;
    case "case":
      return `(primitiveCases.${step.primitive}[${step.index}] as PrimitiveCase).apply(...${inputs}) /* ${caseOf(step).name} */`;
    case "scan": {
      const { constants, carry, bound, reverse } = step;
      return `scanned(${first}, ${JSON.stringify({ constants, carry, bound, reverse })})(${inputs})`;
    }
    case "while":
      return `repeated(${first}, ${second}, ${step.constants})(${inputs})`;
    case "switch":
      return `chosen([${names.join(", ")}])(${inputs})`;
    case "checkpoint":
      return `recomputed(${first})(${inputs})`;
    case "custom":
      return `withOwnRule(${first})(${inputs})`;
    case "grad":
      return `gradients(${first}, ${step.count})(${inputs})`;
    case "jvp":
      return `forward(${first}, ${step.count})(${inputs})`;
    case "vmap":
      return `batched(${first}, [${step.axes.join(", ")}])(${inputs})`;
  }
}
