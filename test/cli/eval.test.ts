// `nabla eval`: values at given data.

import { describe, expect, it } from "vitest";
import { file, nabla } from "./harness.ts";

const data = file(
  "data.json",
  JSON.stringify({
    w: [1, 2],
    x: [3, 4],
    X: [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    y: [1, 1, 1],
    b: 0.5,
    N: 3,
  }),
);
const value = async (...argv: string[]): Promise<string> => (await nabla(["eval", ...argv, "--at", data])).stdout.trimEnd();

describe("eval", () => {
  it("a number is printed as one", async () => {
    expect(await value("sum(w .* x)")).toBe("11");
    expect(await value("w'x + b")).toBe("11.5");
  });

  it("a vector is a column, a matrix is aligned", async () => {
    expect(await value("X*w")).toBe(" 5\n11\n17");
    expect(await value("w*x'")).toBe("3  4\n6  8");
  });

  it("the derivative has the layout's shape", async () => {
    expect(await value("sum(w .* x)", "--wrt", "w")).toBe("3  4");
    expect(await value("sum(w .* x)", "--wrt", "w", "--layout", "denominator")).toBe("3\n4");
    expect(await value("sum(x.^3)", "--wrt", "x", "--order", "2")).toBe("18   0\n 0  24");
  });

  it("a case that is not taken may have no value", async () => {
    const expr = "sum({(x - 4) .* log(x - 4) if x > 4; 2*x otherwise})";
    expect(await value(expr)).toBe("14");
    expect(await value(expr, "--wrt", "x")).toBe("2  2");
    expect(await value("sum({1 ./ (x - 4) if x < 4; x otherwise})", "--wrt", "x")).toBe("-1  1");
    expect(await value("sum((log(x - 4) > 0) .* (x > 4))")).toBe("0");
    expect(await value("sum((x > 4) .* (log(x - 4) > 0))")).toBe("0");
  });

  it("sizes come from the data, or are given as numbers", async () => {
    expect(await value("1/N*sum((y - X*w).^2)", "-t", "X : matrix(N, n)")).toBe("124");
    expect(await value("sum(ones(N))")).toBe("3");
    expect(await value("mean(y)")).toBe("1");
  });

  it("json holds the plain value", async () => {
    expect(JSON.parse(await value("X*w", "--format", "json"))).toEqual({
      schemaVersion: 1,
      ok: true,
      value: [5, 11, 17],
      rows: 3,
      cols: 1,
    });
  });

  it("json holds refusals as well", async () => {
    for (const more of [[], ["--wrt", "x", "--check-gradient"]]) {
      const { stdout, code, stderr } = await nabla(["eval", "x + q*", "--at", data, "--format", "json", ...more]);
      expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, ok: false, error: { code: "syntax" } });
      expect([code, stderr]).toEqual([2, ""]);
    }
    const rules = file("bad.rules", "function foo elementwise\n");
    for (const argv of [
      ["eval", "x", "--at", data, "--rules", rules],
      ["rules", "check", rules],
      ["rules", "foo", "--rules", rules],
    ]) {
      const { stdout, code, stderr } = await nabla([...argv, "--format", "json"]);
      expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, ok: false, error: { code: "syntax", file: rules, span: { start: 0 } } });
      expect([code, stderr]).toEqual([2, ""]);
    }
    const unknown = await nabla(["rules", "nonesuch", "--format", "json"]);
    expect(JSON.parse(unknown.stdout)).toMatchObject({ ok: false, error: { code: "name" } });
    expect(unknown.code).toBe(2);
  });

  it("faults of the data are messages", async () => {
    const at = async (content: string, ...argv: string[]): Promise<string> => {
      const { code, stderr, stdout } = await nabla(["eval", ...argv, "--at", file("bad.json", content)]);
      expect(code).toBe(2);
      expect(stdout).toBe("");
      return stderr;
    };
    expect(await at("{", "x")).toContain("is no JSON");
    expect(await at("[1]", "x")).toContain("no object of values");
    expect(await at('{"x": [[1, 2], [3]]}', "x")).toContain("lists of numbers of one length");
    expect(await at('{"x": "1"}', "x")).toContain("the value of x is a number, a list of numbers or a list of rows");
    expect(await at('{"x": 1}', "x + y")).toContain("y has no value");
    expect(await at('{"x": [1, 2], "y": [1, 2, 3]}', "x + y", "-t", "x, y : vector(n)")).toContain("n is 2, but the value of y makes it 3");
    expect(await at('{"x": [1, 2], "y": [1, 2, 3]}', "x + y")).toContain("error:");
    expect(await at('{"x": 1, "y": [1, 2, 3]}', "x", "-t", "y : vector(m + 1)")).toContain("the size m follows from no value");
  });
});
