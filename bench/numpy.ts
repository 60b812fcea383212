// Exported NumPy programs beside the best forms written by hand, and beside automatic
// differentiation by torch where it is installed. bench/peers/numeric.py has the other side.

import type { CodeQuestion } from "../src/index.ts";
import { answered, library } from "./library.ts";
import { peer, pythonWith, short, table } from "./measure.ts";
import { PROBLEMS } from "./problems.ts";

interface Row {
  readonly problem: string;
  readonly size: string;
  readonly output: string;
  readonly us: Readonly<Record<string, number>>;
}

const ASKED: Readonly<Record<string, Partial<CodeQuestion>>> = {
  derivative: { outputs: ["derivative"] },
  hessian: { outputs: ["hessian"] },
  structured: { outputs: ["hessian"], structured: true },
};

/** Measures few sizes where `quick`. */
export function numpy(quick: boolean): void {
  const python = pythonWith("numpy", "torch") ?? pythonWith("numpy");
  if (python === undefined) {
    console.log("\nExported NumPy: not measured, there is no Python with NumPy");
    return;
  }
  const programs = PROBLEMS.flatMap(({ problem, question }) =>
    Object.entries(ASKED).flatMap(([output, choice]) => {
      const { code, structure } = answered(library.exportCode({ ...question, ...choice, target: "numpy" }));
      // A dense Hessian has no structured form.
      if (output === "structured" && structure === undefined) return [];
      const args = (/^def f\((.*)\):$/m.exec(code)?.[1] ?? "").split(", ").map((a) => a.replace(/=.*/, ""));
      return [{ problem, output, code, args }];
    }),
  );
  const { versions, rows } = peer<{ versions: Record<string, string>; rows: Row[] }>(python, "numeric.py", { programs, quick });
  const least = (us: Row["us"], of: (name: string) => boolean): number =>
    Math.min(...Object.entries(us).flatMap(([name, time]) => (of(name) ? [time] : [])));
  table(
    `Exported NumPy, one thread (${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", ")})`,
    ["problem", "size", "output", "nabla µs", "nabla/by hand", "torch/nabla"],
    rows.map(({ problem, size, output, us }) => {
      const own = us.nabla as number;
      const hand = least(us, (name) => name.startsWith("by hand"));
      const torch = least(us, (name) => name.includes("torch"));
      return [problem, size, output, short(own), short(own / hand), short(torch / own)];
    }),
  );
}
