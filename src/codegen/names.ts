// Names in generated code: what a user calls something, as an identifier that every target
// takes, different for different names and never a word that the target or the code around
// it needs. A user's text reaches code in no other way.

import { dictionary } from "../base/dictionary.ts";

// biome-ignore format: a list
const GREEK = dictionary<string>({
  α: "alpha", β: "beta", γ: "gamma", δ: "delta", ε: "epsilon", ϵ: "epsilon", ζ: "zeta", η: "eta", θ: "theta", ϑ: "theta", ι: "iota",
  κ: "kappa", λ: "lambda", μ: "mu", ν: "nu", ξ: "xi", ο: "omicron", π: "pi", ρ: "rho", σ: "sigma", ς: "sigma", τ: "tau", υ: "upsilon",
  φ: "phi", ϕ: "phi", χ: "chi", ψ: "psi", ω: "omega", Γ: "Gamma", Δ: "Delta", Θ: "Theta", Λ: "Lambda", Ξ: "Xi", Π: "Pi", Σ: "Sigma",
  Φ: "Phi", Ψ: "Psi", Ω: "Omega", ℓ: "ell", "′": "_prime", "″": "_prime2", "'": "_prime", "̂": "_hat", "̄": "_bar", "̃": "_tilde",
});

/** Words that no target should meet as a name of the user's: keywords, and the names that generated code uses itself. */
// biome-ignore format: a list
export const COMMON_RESERVED: readonly string[] = [
  "f", "np", "xp", "torch", "jax", "jnp", "math", "value", "gradient", "hessian", "hvp", "derivative", "sizes", "self", "True", "False", "None",
  "i", "j", "end", "pi", "e", "Inf", "NaN", "nan", "inf", "eps", "ans",
];

/** The letters and digits of a name, others spelled out. */
export function identifier(name: string): string {
  let out = "";
  for (const ch of name.normalize("NFD")) {
    if (/[A-Za-z0-9_]/.test(ch)) out += ch;
    else if (Object.hasOwn(GREEK, ch)) out += GREEK[ch];
    else {
      const digit = "₀₁₂₃₄₅₆₇₈₉".indexOf(ch);
      out += digit >= 0 ? `${digit}` : `u${(ch.codePointAt(0) as number).toString(16)}`;
    }
  }
  // A leading underscore or digit is kept for the code's own names.
  return /^[A-Za-z]/.test(out) ? out : `x${out}`;
}

/** The identifiers of one piece of code. */
export interface Names {
  /** The identifier of a user's name; the same at every call. */
  of(name: string): string;
  /** A new identifier that nothing else has. */
  fresh(wish: string): string;
}

/** Names for one piece of code; those taken first keep their spelling. */
export function createNames(reserved: Iterable<string>): Names {
  const taken = new Set([...COMMON_RESERVED, ...reserved]);
  const known = new Map<string, string>();
  const claim = (wish: string): string => {
    let name = wish;
    for (let i = 1; taken.has(name); i++) name = i === 1 ? `${wish}_` : `${wish}_${i}`;
    taken.add(name);
    return name;
  };
  return {
    of(name) {
      let out = known.get(name);
      if (out === undefined) {
        // A summation index is told from a variable of the same name by a word behind it.
        out = claim(identifier(name.replace(/ \(index\)$/, "")));
        known.set(name, out);
      }
      return out;
    },
    fresh: claim,
  };
}
