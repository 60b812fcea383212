// All kernels, as the interpreter calls them by name.
//
// Invariant: these are the functions whose texts generated programs carry, so both compute alike.

export * from "./kernels.ts";
export * from "./special.ts";
