// The functions that tests of the syntax know.

const NAMES: ReadonlySet<string> = new Set("sin cos exp log ln max inv det norm2 softmax tanh sqrt f".split(" "));

export const isFunction = (name: string): boolean => NAMES.has(name);
