/**
 * A copy of plain data whose arrays lie in shared memory: sent to any number of threads it takes the place of one.
 */

type NumberArray = Float64Array | Float32Array | Int32Array | Uint8Array;

/** The copy; arrays of the same memory share it again. */
export function sharedCopy<T>(value: T): T {
  const buffers = new Map<ArrayBufferLike, SharedArrayBuffer>();
  const bufferOf = (buffer: ArrayBufferLike): SharedArrayBuffer => {
    const before = buffers.get(buffer);
    if (before !== undefined) return before;
    const shared = new SharedArrayBuffer(buffer.byteLength);
    new Uint8Array(shared).set(new Uint8Array(buffer));
    buffers.set(buffer, shared);
    return shared;
  };
  const copy = (part: unknown): unknown => {
    if (typeof part !== "object" || part === null) return part;
    if (Array.isArray(part)) return part.map(copy);
    if (!ArrayBuffer.isView(part))
      return Object.fromEntries(Object.entries(part).map(([key, own]) => [key, copy(own)]));
    const array = part as NumberArray;
    return Reflect.construct(array.constructor, [bufferOf(array.buffer), array.byteOffset, array.length]);
  };
  return copy(value) as T;
}
