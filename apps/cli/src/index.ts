/**
 * The library: learning laws of motion, and the tensor operations that models are written with.
 * Clean for browsers: nothing here imports Node. The command line is `main.ts`.
 */
export * from "@leastaction/dynamics";
export * from "@leastaction/tensor";
