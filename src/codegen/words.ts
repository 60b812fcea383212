// Words that names in a language's programs keep clear of: its keywords, what the programs
// call, and what their self-tests are made of.

/** Names of a self-test's locals, in which a function of the same name could not be called. */
// biome-ignore format: a list
const PYTHON_TEST_WORDS = [
  "point", "run", "values", "out", "flat", "array", "moved", "which", "step", "column_major", "shape", "here", "worst", "of", "by",
  "arranged", "along", "symmetric", "claimed", "rows", "value_shape", "count", "expected", "k", "h", "above", "below", "r", "d", "wide", "q",
  "c", "x", "y", "scale", "error", "tolerance",
];

// biome-ignore format: a list
const PYTHON_WORDS = [
  "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except", "finally",
  "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try",
  "while", "with", "yield", "match", "case", "type", "print", "range", "len", "sum", "max", "min", "abs", "float", "int",
  "list", "tuple", "zip", "sys", "importlib", "self_test", "main", "scipy", "enumerate", "getattr", "hasattr", "isinstance",
  "AssertionError",
];

// biome-ignore format: a list
export const JULIA_WORDS: readonly string[] = [
  "baremodule", "begin", "break", "catch", "const", "continue", "do", "else", "elseif", "end", "export", "false", "finally",
  "for", "function", "global", "if", "import", "in", "isa", "let", "local", "macro", "module", "quote", "return", "struct",
  "true", "try", "using", "where", "while", "abstract", "mutable", "primitive", "type", "im", "I", "ones", "zeros", "fill",
  "sum", "prod", "maximum", "minimum", "dot", "det", "inv", "exp", "log", "size", "length", "reshape", "vcat", "hcat", "kron",
  "diag", "Diagonal", "lu", "cholesky", "logdet", "vec", "self_test", "tested", "tolerance", "abs", "sign", "floor", "ceil", "sqrt",
  "cbrt", "log2", "log10", "log1p", "expm1", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh",
  "atanh", "hypot", "max", "min", "ifelse", "float", "Matrix", "Symmetric", "LinearAlgebra", "logabsdet", "svd", "svdvals", "eigmax", "eigvecs", "opnorm", "pinv",
  "tril", "reduce", "collect", "ndims", "copy", "enumerate", "permutedims", "isnan", "throw", "println", "exit", "abspath", "Any", "Number",
];

// biome-ignore format: a list
export const MATLAB_WORDS: readonly string[] = [
  "break", "case", "catch", "classdef", "continue", "else", "elseif", "end", "for", "function", "global", "if", "otherwise",
  "parfor", "persistent", "return", "spmd", "switch", "try", "while", "until", "do", "endif", "endfor", "endfunction",
  "endwhile", "unwind_protect", "sum", "prod", "max", "min", "ones", "zeros", "eye", "size", "length", "numel", "det", "inv",
  "exp", "log", "diag", "kron", "trace", "norm", "bsxfun", "repmat", "chol", "lu", "disp", "error", "reshape", "isargout",
  "nargin", "nargout", "varargin", "varargout", "rand", "randn", "true", "false", "self_test", "I", "J", "log2", "log10", "log1p",
  "expm1", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "abs", "sign", "floor",
  "ceil", "sqrt", "hypot", "atan2", "erf", "erfc", "erfcx", "gamma", "gammaln", "psi", "double", "full", "qr", "svd", "expm", "logm", "sqrtm",
  "pinv", "tril", "ischar", "isnan", "cell", "fprintf", "exit", "nabla_run", "nabla_where", "nabla_take", "nabla_row_kron",
  "nabla_blocks_right", "nabla_blocks_left", "nabla_polar", "nabla_power", "nabla_top_singular", "nabla_top_eigen", "eig", "nabla_entry", "nabla_point", "nabla_out",
];

// biome-ignore format: a list
export const JAVASCRIPT_WORDS: readonly string[] = [
  "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete", "do", "else", "export", "extends",
  "finally", "for", "function", "if", "import", "in", "instanceof", "new", "return", "super", "switch", "this", "throw", "try",
  "typeof", "var", "void", "while", "with", "yield", "let", "static", "enum", "await", "implements", "package", "protected",
  "interface", "private", "public", "null", "true", "false", "undefined", "NaN", "Infinity", "Math", "Array", "Float64Array",
  "Int32Array", "ArrayBuffer", "Number", "Object", "Symbol", "Error", "TypeError", "RangeError", "eval", "arguments", "k", "s",
  "selfTest", "tested", "tolerance", "arrays", "byName", "globalThis", "process", "console", "async", "of", "get", "set", "constructor",
  "prototype", "window", "self", "require", "module", "exports",
];

/** What a function in Python cannot be called; with a self-test less. */
export const pythonWords = (hasTest: boolean): readonly string[] => (hasTest ? [...PYTHON_WORDS, ...PYTHON_TEST_WORDS] : PYTHON_WORDS);
