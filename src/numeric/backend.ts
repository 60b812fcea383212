// What is taken from mathjs, by name: a bundler that follows these exports leaves the
// nine tenths of mathjs out that are never called.
//
// Not here: what is done with it (mathjs.ts, which imports this file when first needed).

export {
  create,
  detDependencies,
  erfDependencies,
  expmDependencies,
  gammaDependencies,
  invDependencies,
  lgammaDependencies,
} from "mathjs";
