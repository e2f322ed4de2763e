/**
 * The operators that C does not have, or not with the meaning of the kernel language, as small C functions.
 *
 * In: the element and the number of lanes. Out: the name of a function, defined in the prelude. Extremes give NaN when
 * either side is NaN and order -0 below +0; division of integers by zero gives 0; floats become integers by truncation,
 * cut to the range, NaN 0. Where the processor has one instruction for a vector, it is named in assembly.
 */
import { type CElement, elementBytes, inlined, type Prelude } from "./prelude.ts";

/** Square root and rounding of floats. */
export function rounding(
  prelude: Prelude,
  op: "sqrt" | "floor" | "ceil" | "round",
  element: "f32" | "f64",
  lanes: number,
): string {
  const builtin = `__builtin_${op === "round" ? "rint" : op}${element === "f32" ? "f" : ""}`;
  if (lanes === 1) return builtin;
  const type = prelude.type(element, lanes);
  return prelude.define(`${op}_${type}`, () => {
    const mnemonic = instructionOf(prelude, op, element, lanes);
    const body =
      mnemonic === undefined
        ? `for (int l = 0; l < ${lanes}; l++) r[l] = ${builtin}(a[l]);`
        : `__asm__("${mnemonic} %1, %0" : "=${register(mnemonic)}"(r) : "${register(mnemonic)}"(a));`;
    return `${inlined} ${type} ${op}_${type}(${type} a) { ${type} r; ${body} return r; }`;
  });
}

/**
 * `a < b ? a : b` (`min`) or `b < a ? a : b` (`max`) as one instruction; undefined where the machine has none that is
 * known to do just this.
 */
export function byComparison(
  prelude: Prelude,
  op: "min" | "max",
  element: "f32" | "f64",
  lanes: number,
): string | undefined {
  const { instructions } = prelude.features;
  const bytes = elementBytes(element) * lanes;
  if (instructions === "none" || bytes > (instructions === "avx512" ? 64 : 32)) return undefined;
  if (lanes > 1 && bytes < 16) return undefined;
  const type = prelude.type(element, lanes);
  const constraint = instructions === "avx512" ? "v" : "x";
  const mnemonic = `v${op}${lanes === 1 ? "s" : "p"}${element === "f32" ? "s" : "d"}`;
  return prelude.define(`${op}By_${type}`, () => {
    const body = `__asm__("${mnemonic} %2, %1, %0" : "=${constraint}"(r) : "${constraint}"(a), "${constraint}"(b));`;
    return `${inlined} ${type} ${op}By_${type}(${type} a, ${type} b) { ${type} r; ${body} return r; }`;
  });
}

/** Only instructions of AVX-512 can name all 32 registers. */
function register(mnemonic: string): "v" | "x" {
  return mnemonic.startsWith("vround") ? "x" : "v";
}

const modes = { floor: 9, ceil: 10, round: 8 };

function instructionOf(
  { features }: Prelude,
  op: "sqrt" | "floor" | "ceil" | "round",
  element: CElement,
  lanes: number,
): string | undefined {
  const bytes = lanes * elementBytes(element);
  const suffix = element === "f32" ? "ps" : "pd";
  const wide = bytes === 64 && features.instructions === "avx512";
  if (!wide && !((bytes === 32 || bytes === 16) && features.instructions !== "none")) return undefined;
  if (op === "sqrt") return `vsqrt${suffix}`;
  return `${wide ? "vrndscale" : "vround"}${suffix} $${modes[op]},`;
}

/** The larger or smaller of two. */
export function extreme(prelude: Prelude, op: "max" | "min", element: CElement, lanes: number): string {
  const type = prelude.type(element, lanes);
  const name = `${op}_${element}x${lanes}`;
  return prelude.define(name, () => {
    const head = `${inlined} ${type} ${name}(${type} a, ${type} b)`;
    const sign = op === "max" ? ">" : "<";
    const isFloat = element === "f32" || element === "f64";
    if (lanes === 1) {
      if (!isFloat) return `${head} { return a ${sign} b ? a : b; }`;
      const zeros = op === "max" ? "b : a" : "a : b";
      return `${head} { return a != a ? a : a == b ? (__builtin_signbit(a) ? ${zeros}) : a ${sign} b ? a : b; }`;
    }
    const bits = prelude.type(element === "f64" ? "i64" : "i32", lanes);
    const chosen = choose(bits, "first", "a", "b");
    const first = `${bits} first = (${bits})(a ${sign} b);`;
    if (!isFloat) return `${head} { ${first} return (${type})${chosen}; }`;
    const both = `(${bits})a ${op === "max" ? "&" : "|"} (${bits})b`;
    return `${head} { ${first} ${bits} same = (${bits})(a == b), odd = (${bits})(a != a), r = ${chosen};
  r = ${choose(bits, "same", both, "r")}; return (${type})${choose(bits, "odd", "a", "r")}; }`;
  });
}

/** Lanes of `a` where the mask is set, else of `b`, as bits. */
function choose(bits: string, mask: string, a: string, b: string): string {
  return `((${mask} & (${bits})(${a})) | (~${mask} & (${bits})(${b})))`;
}

/** Truncating division of integers. */
export function division(prelude: Prelude, element: "i32" | "u32", lanes: number): string {
  const type = prelude.type(element, lanes);
  const name = `div_${element}x${lanes}`;
  return prelude.define(name, () => {
    const head = `${inlined} ${type} ${name}(${type} a, ${type} b)`;
    if (lanes === 1) {
      const turned = element === "i32" ? "b == -1 ? -a : " : "";
      return `${head} { return b == 0 ? 0 : ${turned}a / b; }`;
    }
    const zero = `${type} zero = (${type})(b == 0);`;
    if (element === "u32") return `${head} { ${zero} return (a / (b | (zero & 1))) & ~zero; }`;
    return `${head} { ${zero} ${type} turn = (${type})(b == -1), easy = zero | turn;
  ${type} q = a / ((b & ~easy) | (easy & 1)); return ((turn & -a) | (~turn & q)) & ~zero; }`;
  });
}

/** Floats to integers. */
export function truncation(prelude: Prelude, from: "f32" | "f64", to: "i32" | "u32", lanes: number): string {
  const [source, result] = [prelude.type(from, lanes), prelude.type(to, lanes)];
  const name = `${from}_to_${to}x${lanes}`;
  const suffix = from === "f32" ? "f" : "";
  const [low, high] = to === "i32" ? ["-2147483648.0", "2147483648.0"] : ["0.0", "4294967296.0"];
  const [least, most] = to === "i32" ? ["(-2147483647 - 1)", "2147483647"] : ["0u", "4294967295u"];
  return prelude.define(name, () => {
    const head = `${inlined} ${result} ${name}(${source} a)`;
    if (lanes === 1) {
      return `${head} { return a != a ? 0 : a >= ${high}${suffix} ? ${most} : a <= ${low}${suffix} ? ${least} : (${result})a; }`;
    }
    const bits = prelude.type(from === "f64" ? "i64" : "i32", lanes);
    const words = prelude.type("i32", lanes);
    const narrow = (mask: string): string =>
      `(${result})${from === "f64" ? `__builtin_convertvector(${mask}, ${words})` : mask}`;
    return `${head} { ${bits} over = (${bits})(a >= ${high}${suffix}), under = (${bits})(a <= ${low}${suffix});
  ${bits} fits = ~(over | under) & (${bits})(a == a); ${source} safe = (${source})(fits & (${bits})a);
  return __builtin_convertvector(safe, ${result}) | (${narrow("over")} & ${most}) | (${narrow("under")} & ${least}); }`;
  });
}

/** The same bits as another type of the same size, on one lane. */
export function reinterpretation(prelude: Prelude, from: CElement, to: CElement): string {
  const [source, result] = [prelude.type(from, 1), prelude.type(to, 1)];
  const name = `${from}_as_${to}`;
  return prelude.define(
    name,
    () => `${inlined} ${result} ${name}(${source} a) { ${result} r; __builtin_memcpy(&r, &a, sizeof r); return r; }`,
  );
}

/** Whether a mask is set in any lane. */
export function anyLane(prelude: Prelude, element: "i32" | "i64", lanes: number): string {
  const type = prelude.type(element, lanes);
  const name = `any_${type}`;
  const bytes = lanes * elementBytes(element);
  const { instructions } = prelude.features;
  return prelude.define(name, () => {
    const head = `${inlined} int ${name}(${type} m)`;
    if (bytes === 64 && instructions === "avx512") {
      const test = "vptestmd %1, %1, %%k1\\n\\tkortestw %%k1, %%k1";
      return `${head} { int r; __asm__("${test}" : "=@ccnz"(r) : "v"(m) : "k1"); return r; }`;
    }
    if ((bytes === 32 || bytes === 16) && instructions !== "none") {
      return `${head} { int r; __asm__("vptest %1, %1" : "=@ccnz"(r) : "x"(m)); return r; }`;
    }
    const lane = Array.from({ length: lanes }, (_, l) => `m[${l}]`).join(" | ");
    return `${head} { return (${lane}) != 0; }`;
  });
}

/** All lanes to one, neighbours first. */
export function horizontal(prelude: Prelude, op: "add" | "max" | "min", element: CElement, lanes: number): string {
  const type = prelude.type(element, lanes);
  const name = `${op}_lanes_${type}`;
  const combine = (width: number, a: string, b: string): string =>
    op === "add" ? `${a} + ${b}` : `${extreme(prelude, op, element, width)}(${a}, ${b})`;
  return prelude.define(name, () => {
    const head = `${inlined} ${prelude.type(element, 1)} ${name}(${type} v)`;
    if (lanes === 2) return `${head} { return ${combine(1, "v[0]", "v[1]")}; }`;
    const half = prelude.type(element, lanes / 2);
    const every = (first: number): string => {
      const places = Array.from({ length: lanes / 2 }, (_, l) => 2 * l + first);
      return prelude.features.shuffles
        ? `__builtin_shufflevector(v, v, ${places.join(", ")})`
        : `(${half}){${places.map((place) => `v[${place}]`).join(", ")}}`;
    };
    const pairs = `${half} a = ${every(0)}, b = ${every(1)};`;
    const rest = horizontal(prelude, op, element, lanes / 2);
    return `${head} { ${pairs} return ${rest}(${combine(lanes / 2, "a", "b")}); }`;
  });
}
