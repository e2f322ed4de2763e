/**
 * Whether a module keeps the rules of the kernel language.
 *
 * Checked: types and lanes of every expression, one number of lanes above 1 in a kernel or halves of it, locals set before they are
 * read (a local set inside a loop or branch counts only there), loop counters used inside their loops, address
 * parameters in range, calls with the right number of addresses, slots and constants inside the arena. Not checked:
 * that addresses at run time stay inside their tensors.
 */
import { broken, type CheckContext, checkAddress, checkExpression, type Scope } from "./check-expression.ts";
import type { DriverAddress, Kernel, LoopVariable, Module, Slot, Statement, Step } from "./kernel.ts";

/** Throws a `TensorError` that names the kernel and the first thing wrong. */
export function checkModule(module: Module): void {
  module.kernels.forEach(checkKernel);
  checkSteps(module, module.driver, new Set());
  for (const { slot, data } of module.constants) {
    checkSlot(module, slot);
    if (data.length !== slot.elements)
      throw broken("module", `a constant of ${slot.elements} elements`, `${data.length}`);
  }
  for (const slot of [...module.inputs, ...module.outputs]) checkSlot(module, slot);
}

/** Throws a `TensorError` that names the kernel and the first thing wrong. */
export function checkKernel(kernel: Kernel): void {
  checkStatements({ kernel, checked: new Map(), lanes: new Set([1]) }, kernel.body, {
    locals: new Set(),
    loops: new Set(),
  });
}

function checkStatements(context: CheckContext, statements: readonly Statement[], outer: Scope): void {
  const scope: Scope = { locals: new Set(outer.locals), loops: outer.loops };
  for (const statement of statements) checkStatement(context, statement, scope);
}

function checkStatement(context: CheckContext, statement: Statement, scope: Scope): void {
  const name = context.kernel.name;
  switch (statement.kind) {
    case "set": {
      const { local, value } = statement;
      checkExpression(context, value, scope);
      if (value.dtype !== local.dtype || value.lanes !== local.lanes) {
        throw broken(name, `${local.name} of type ${local.dtype}x${local.lanes}`, `${value.dtype}x${value.lanes}`);
      }
      scope.locals.add(local);
      return;
    }
    case "store":
      checkAddress(context, statement.address, scope);
      checkExpression(context, statement.value, scope);
      if (statement.access.kind === "splat") throw broken(name, "a store to separate places", "a splat store");
      return;
    case "loop":
      if (!(statement.step > 0)) throw broken(name, "a loop with a positive step", String(statement.step));
      if (scope.loops.has(statement.loop)) throw broken(name, "a loop counter of its own", statement.loop.name);
      checkStatements(context, statement.body, {
        locals: scope.locals,
        loops: new Set([...scope.loops, statement.loop]),
      });
      return;
    case "branch":
    case "while":
      checkExpression(context, statement.condition, scope);
      if (statement.condition.dtype !== "bool") throw broken(name, "a condition of bool", statement.condition.dtype);
      checkStatements(context, statement.body, scope);
  }
}

function checkSteps(module: Module, steps: readonly Step[], loops: ReadonlySet<LoopVariable>): void {
  for (const step of steps) checkStep(module, step, loops);
}

function checkStep(module: Module, step: Step, loops: ReadonlySet<LoopVariable>): void {
  const check = (address: DriverAddress): void => checkDriverAddress(address, loops);
  switch (step.kind) {
    case "call": {
      const kernel = module.kernels[step.kernel];
      if (kernel === undefined) throw broken("driver", `one of ${module.kernels.length} kernels`, String(step.kernel));
      if (kernel.parameters !== step.addresses.length) {
        throw broken("driver", `${kernel.parameters} addresses for ${kernel.name}`, String(step.addresses.length));
      }
      step.addresses.forEach(check);
      return;
    }
    case "repeat":
      if (typeof step.length !== "number") check(step.length);
      checkSteps(module, step.body, new Set([...loops, step.loop]));
      return;
    case "while":
      check(step.flag);
      checkSteps(module, [...step.condition, ...step.body], loops);
      return;
    case "parallel":
      if (loops.has(step.worker)) throw broken("driver", "no parallel step around another", step.worker.name);
      for (const { loop, body } of step.parts) checkSteps(module, body, new Set([...loops, step.worker, loop]));
      return;
    case "copy":
      check(step.from);
      check(step.to);
      return;
    case "clear":
      check(step.at);
  }
}

function checkDriverAddress({ offset, terms }: DriverAddress, loops: ReadonlySet<LoopVariable>): void {
  if (!(offset >= 0)) throw broken("driver", "an address from 0 on", String(offset));
  for (const { loop } of terms) if (!loops.has(loop)) throw broken("driver", "a counter of a loop around", loop.name);
}

function checkSlot(module: Module, { offset, dtype, elements }: Slot): void {
  const end = offset + elements * (dtype === "float64" ? 8 : 4);
  if (!(offset >= 0 && end <= module.arenaBytes))
    throw broken("module", `a place below ${module.arenaBytes}`, `${offset} to ${end}`);
}
