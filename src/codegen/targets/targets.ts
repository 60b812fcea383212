// Every target by name. A language is added here and nowhere else in src/codegen.
//
// Not here: how a target writes (a file each); the option that names one (src/cli/options/).

import { javascript } from "../javascript/print.ts";
import { arrayApi } from "./arrayApi.ts";
import { jax } from "./jax.ts";
import { julia } from "./julia.ts";
import { matlab } from "./matlab.ts";
import { numpy } from "./numpy.ts";
import type { Target } from "./target.ts";
import { torch } from "./torch.ts";

/** What programs are written for; Octave reads MATLAB's. */
export const PROGRAM_TARGETS = ["numpy", "array-api", "torch", "jax", "julia", "matlab", "octave", "javascript"] as const;
/** A language of programs. */
export type ProgramTarget = (typeof PROGRAM_TARGETS)[number];

/** What expressions are written for, without a program around them. */
export const EXPRESSION_TARGETS = ["mathjs", "mathml", "mathjson"] as const;
/** A notation of expressions. */
export type ExpressionTarget = (typeof EXPRESSION_TARGETS)[number];

export const TARGETS: Readonly<Record<ProgramTarget, Target>> = {
  numpy,
  "array-api": arrayApi,
  torch,
  jax,
  julia,
  matlab,
  octave: matlab,
  javascript,
};
