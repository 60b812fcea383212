// The functions that tests of the syntax know.

const NAMES: ReadonlySet<string> = new Set(
  "sin cos exp log ln max abs inv det norm1 norm2 norminf pnorm softmax tanh sqrt f mean square rowsoftmax spectral nuclear cbrt nrow ncol numel".split(
    " ",
  ),
);

export const isFunction = (name: string): boolean => NAMES.has(name);

/** Functions known to the cases in LaTeX. */
export const isLatexFunction = (name: string): boolean => (isFunction(name) && name !== "f") || OPERATORS_AND_MORE.has(name);

const OPERATORS_AND_MORE: ReadonlySet<string> = new Set(
  "sum tr diag ones zeros eye K sigmoid abs norm1 norminf spectral nuclear pnorm pinv min kldiv asin acos atan relu sign gamma".split(" "),
);
