// `nabla batch`: the protocol for programs in other languages.

import { describe, expect, it } from "vitest";
import { nabla } from "./harness.ts";

async function batch(requests: readonly (object | string)[], ...options: string[]): Promise<Record<string, unknown>[]> {
  const stdin = requests.map((r) => (typeof r === "string" ? r : JSON.stringify(r))).join("\n");
  const { code, stdout } = await nabla(["batch", ...options], { stdin });
  expect(code).toBe(0);
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const REQUEST = { id: "a", vars: { w: ["n"], x: ["n"] }, expr: "sum(w .* x)", wrt: "w" };

describe("batch", () => {
  it("answers a request with every text, the shape, the layout and the check", async () => {
    const [answer] = await batch([REQUEST]);
    expect(answer).toMatchObject({
      id: "a",
      ok: true,
      ascii: "x'",
      unicode: "xᵀ",
      latex: "\\mathbf{x}^{\\top}",
      shape: ["1", "n"],
      layout: "numerator",
      check: { ok: true, points: 3 },
    });
    expect(answer?.ms).toBeTypeOf("number");
  });

  it("leaves the check out with --no-check", async () => {
    expect(await batch([REQUEST], "--no-check").then(([a]) => a)).not.toHaveProperty("check");
  });

  it("ignores unknown keys and empty lines", async () => {
    const answers = await batch([{ ...REQUEST, note: "x", steps: [], update: "w" }, "", "  ", REQUEST], "--no-check");
    expect(answers.map((a) => a.ok)).toEqual([true, true]);
  });

  it("writes names of definitions out, so that the answer needs none", async () => {
    const request = { vars: { X: ["m", "n"], w: ["n"], y: ["m"] }, let: [["z", "X*w - y"]], expr: "sum(z.^2)", wrt: "w" };
    const [answer] = await batch([request]);
    expect(answer?.ascii).not.toContain("z");
    expect(answer?.check).toMatchObject({ ok: true });
  });

  it("never stops at a bad line: each has its answer, in order", async () => {
    const bad: readonly (readonly [object | string, string])[] = [
      ["{", "json"],
      ["[]", "request"],
      ["null", "request"],
      [{ id: 1 }, "request"],
      [{ id: 2, expr: 3 }, "request"],
      [{ id: 3, expr: "x", wrt: [3] }, "request"],
      [{ id: 4, expr: "x", wrt: "x", layout: "row" }, "request"],
      [{ id: 5, expr: "x", wrt: "x", order: 0 }, "request"],
      [{ id: 6, expr: "x", wrt: "x", vars: { x: "n" } }, "request"],
      [{ id: 7, expr: "x", wrt: "x", vars: { x: ["a", "b", "c"] } }, "declaration"],
      [{ id: 8, expr: "x", wrt: "x", attrs: { x: ["purple"] } }, "declaration"],
      [{ id: 9, expr: "x", wrt: "x", let: [["z"]] }, "request"],
      [{ id: 10, expr: "x +", wrt: "x" }, "syntax"],
      [{ id: 11, expr: "x*y", wrt: "x", vars: { x: ["n"], y: ["n"] } }, "shape"],
      [{ id: 12, expr: "x", wrt: "" }, "empty"],
      [{ id: 13, expr: "", wrt: "x" }, "empty"],
    ];
    const answers = await batch([...bad.map(([r]) => r), REQUEST], "--no-check");
    expect(answers.slice(0, -1).map((a) => [a.id, a.ok, (a.error as { code?: string })?.code])).toEqual(
      bad.map(([r, code]) => [(typeof r === "object" && (r as { id?: number }).id) || null, false, code]),
    );
    expect(answers.at(-1)).toMatchObject({ id: "a", ok: true });
  });

  it("refuses a choice that there is not in the words of the library", async () => {
    const answers = await batch([{ layout: "row" }, { symmetry: "upper" }, { order: 7 }].map((choice) => ({ ...REQUEST, ...choice })));
    expect(answers.map((a) => (a.error as { message: string }).message)).toEqual([
      '"row" is no layout: numerator, denominator, mixed, vec',
      '"upper" is no convention for symmetric variables: symmetric, entries, free',
      "an order is a whole number from 1 to 6",
    ]);
  });

  it("takes orders, directions, upstream gradients and views", async () => {
    const vars = { A: ["m", "n"], x: ["n"], y: ["m"], X: ["n", "k"] };
    const answers = await batch([
      { expr: "sum(x.^4)", wrt: "x", order: 3, vars },
      { expr: "A*x", wrt: "x", along: "v", vars },
      { expr: "A*x", wrt: "x", upstream: "u", vars },
      { expr: "sum(exp(x))", wrt: "x", along: "v", order: 2, vars },
      { expr: "y'*A*x", wrt: ["y", "x"], vars },
      { expr: "A*X", wrt: "X", kind: "differential", vars },
      { expr: "A*X", wrt: "X", vars },
      { expr: "A*x", wrt: "x", views: ["index"], vars },
    ]);
    expect(answers.map((a) => [a.ok, (a.check as { ok?: boolean }).ok])).toEqual(answers.map(() => [true, true]));
    const ascii = answers.map((a) => a.ascii);
    expect(ascii[1]).toBe("A*v");
    expect(ascii[2]).toBe("A'*u");
    expect(ascii.slice(4, 6)).toEqual(["A", "A*dX"]);
    expect(answers[4]?.shape).toEqual(["m", "n"]);
    expect(answers[1]).not.toHaveProperty("layout");
    expect(answers[6]?.views).toMatchObject(["differential", "index", "vec", "einsum"].map((name) => ({ name })));
    expect(answers[7]?.views).toMatchObject([{ name: "index", ascii: "dz[i]/dx[j] = A[i,j]" }]);
  });

  it("answers each line before the next is there", async () => {
    const seen: string[] = [];
    let answered = (): void => {};
    async function* slowly(): AsyncGenerator<string> {
      for (const id of ["1", "2", "3"]) {
        const wait = new Promise<void>((resolve) => {
          answered = resolve;
        });
        yield `${JSON.stringify({ ...REQUEST, id })}\n`;
        await wait;
        seen.push(id);
      }
    }
    const { run } = await import("../../src/cli/run.ts");
    const silent = { write: () => true };
    const stdout = {
      write: () => {
        answered();
        return true;
      },
    };
    expect(await run(["batch", "--no-check"], { stdin: slowly(), stdout, stderr: silent, env: {} })).toBe(0);
    expect(seen).toEqual(["1", "2", "3"]);
  });

  it("keeps no memory of the lines it has answered", { timeout: 120_000 }, async () => {
    const count = 5_000;
    let lines = 0;
    let least = Number.POSITIVE_INFINITY;
    let last = 0;
    async function* many(): AsyncGenerator<string> {
      for (let i = 0; i < count; i++) yield `${JSON.stringify({ id: i, expr: `sin(x${i})^${i + 1} + log(x${i})`, wrt: `x${i}` })}\n`;
    }
    const { run } = await import("../../src/cli/run.ts");
    const stdout = {
      write: () => {
        lines++;
        if (lines % 500 === 0) {
          last = process.memoryUsage().heapUsed;
          if (lines >= count / 2) least = Math.min(least, last);
        }
        return true;
      },
    };
    await run(["batch", "--no-check"], { stdin: many(), stdout, stderr: stdout, env: {} });
    expect(lines).toBe(count);
    expect(least).toBeLessThan(500e6);
  });
});
