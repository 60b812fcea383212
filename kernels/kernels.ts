// All numeric kernels over row-major Float64Arrays: what generated JavaScript and the
// interpreter of plans call. Each is a plain function of arrays and sizes that uses nothing but
// Math and other kernels, so that its text can stand beside generated code; compile.ts makes
// src/codegen/generated/kernels.ts of these files.
//
// Invariant: arguments are not written to, and results are new arrays, except where an array for
// the result is given; those of arguments.ts are what was given where it is fit.

export * from "./arguments.ts";
export * from "./factors.ts";
export * from "./matrices.ts";
export * from "./numbers.ts";
export * from "./places.ts";
export * from "./products.ts";
export * from "./singular.ts";
