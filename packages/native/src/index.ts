/**
 * `@leastaction/native`: tensor programs as machine code, by the C compiler of the system.
 */
export { type NativeOptions, native, nativeAvailable } from "./native.ts";
