/**
 * `@leastaction/native`: tensor programs as machine code, by the C compiler of the system.
 */
export { defaultCacheFolder } from "./cache.ts";
export { type FileStoreOptions, fileStore } from "./file-store.ts";
export { type NativeOptions, native, nativeAvailable } from "./native.ts";
