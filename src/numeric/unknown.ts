// Functions without a body, made concrete: every name stands for one random smooth
// function, with derivatives of every order in closed form, so that f(x) and f′(x)
// evaluate to things that belong together.
//
//   element-wise   f(t₁, …) = d + Σₛ aₛ sin(bₛ·t + cₛ)           entry by entry
//   otherwise      vec f(x₁, …) = d + A sin(B [vec x₁; …] + c)
//
// The k-th derivative multiplies each sine by k factors of b and shifts its phase by kπ/2.
//
// Invariant: the function is determined by name, seed and sizes alone. Derivatives of a
// function of whole arguments have one axis for the value and one for each argument
// differentiated by, in order, column-major; the shape of the term only says how these
// entries are laid out.

import { invariant } from "../base/assert.ts";
import { hashText } from "../base/hash.ts";
import { isScalar, type Matrix, matrix } from "./matrix.ts";
import { createRandom, deriveSeed, type Random } from "./random.ts";

const WAVES = 3;

/** What is known of the value that is asked for. */
export interface UnknownCall {
  readonly elementwise: boolean;
  readonly symmetric: boolean;
  readonly derivatives: readonly number[];
  readonly rows: number;
  readonly cols: number;
}

/** The value of an unknown function, or of one of its derivatives, in the stated shape. */
export function evaluateUnknown(name: string, seed: number, args: readonly Matrix[], call: UnknownCall): Matrix {
  const random = createRandom(deriveSeed(seed, hashText(name) | 0));
  if (call.elementwise) return ofEntries(random, args, call.derivatives);
  const value = ofWholes(random, args, call);
  return call.symmetric ? symmetrised(value, args, call) : value;
}

const wave = (phase: number, order: number): number => Math.sin(phase + (order * Math.PI) / 2);

function ofEntries(random: Random, args: readonly Matrix[], derivatives: readonly number[]): Matrix {
  const waves = Array.from({ length: WAVES }, () => ({
    amplitude: random.signed(0.3, 1),
    shift: random.between(0, 6),
    slopes: args.map(() => random.signed(0.4, 1.3)),
  }));
  const offset = derivatives.length === 0 ? random.between(-1, 2) : 0;
  const shape = args.find((a) => !isScalar(a)) ?? (args[0] as Matrix);
  const data = new Float64Array(shape.data.length);
  for (let k = 0; k < data.length; k++) {
    let total = offset;
    for (const { amplitude, shift, slopes } of waves) {
      let phase = shift;
      slopes.forEach((slope, i) => {
        const a = args[i] as Matrix;
        phase += slope * (a.data[isScalar(a) ? 0 : k] as number);
      });
      const factor = derivatives.reduce((product, i) => product * (slopes[i] as number), amplitude);
      total += factor * wave(phase, derivatives.length);
    }
    data[k] = total;
  }
  return matrix(shape.rows, shape.cols, data);
}

function ofWholes(random: Random, args: readonly Matrix[], { derivatives, rows, cols }: UnknownCall): Matrix {
  const total = rows * cols;
  const axes = derivatives.map((i) => (args[i] as Matrix).data.length);
  const outputs = axes.reduce((size, n) => size / n, total);
  invariant(Number.isInteger(outputs) && outputs > 0, `derivatives of ${total} entries by ${axes.join(", ")} variables`);
  // Drawn wave by wave, argument by argument, so that the value and its derivatives draw the same.
  const waves = Array.from({ length: WAVES }, () => {
    const slopes = args.map((a) => Array.from(a.data, () => random.signed(0.3, 1)));
    let phase = random.between(0, 6);
    args.forEach((a, i) => {
      a.data.forEach((x, k) => {
        phase += ((slopes[i] as number[])[k] as number) * x;
      });
    });
    return { slopes, value: wave(phase, derivatives.length) };
  });
  const data = new Float64Array(total);
  const offsets = Array.from({ length: outputs }, () => ({
    offset: random.between(-1, 2),
    amplitudes: waves.map(() => random.signed(0.3, 1)),
  }));
  for (let k = 0; k < total; k++) {
    const { offset, amplitudes } = offsets[k % outputs] as (typeof offsets)[number];
    let value = axes.length === 0 ? offset : 0;
    waves.forEach((w, s) => {
      let term = (amplitudes[s] as number) * w.value;
      let rest = Math.floor(k / outputs);
      derivatives.forEach((i, axis) => {
        const n = axes[axis] as number;
        term *= (w.slopes[i] as number[])[rest % n] as number;
        rest = Math.floor(rest / n);
      });
      value += term;
    });
    data[k] = value;
  }
  return matrix(rows, cols, data);
}

/** A value, or a derivative, whose first two axes are exchanged at will: what lies below the diagonal is as above it. */
export function symmetrised(value: Matrix, args: readonly Matrix[], { derivatives }: Pick<UnknownCall, "derivatives">): Matrix {
  const { rows, cols, data } = value;
  const outputs = derivatives.reduce((size, i) => size / (args[i] as Matrix).data.length, data.length);
  const n = Math.sqrt(outputs);
  const mirrored = data.map((_, k) => {
    const [i, j] = [k % n, Math.floor((k % outputs) / n)];
    return data[k - (k % outputs) + Math.min(i, j) + Math.max(i, j) * n] as number;
  });
  return matrix(rows, cols, mirrored);
}
