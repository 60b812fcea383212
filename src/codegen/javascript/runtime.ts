// All kernels, as the interpreter calls them by name.

export * from "./kernels.ts";
export * from "./special.ts";
