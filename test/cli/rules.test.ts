// `nabla rules`: the library as the user reads it.

import { describe, expect, it } from "vitest";
import { standardLibrary } from "../../src/index.ts";
import { nabla } from "./harness.ts";

describe("rules", () => {
  it("lists every rule once, under its section", async () => {
    const { stdout, code } = await nabla(["rules"]);
    const listed = stdout.split("\n").flatMap((line) => /^ {2}(\S+)/.exec(line)?.[1] ?? []);
    expect(listed).toEqual(standardLibrary().rules.map((r) => r.name));
    expect(code).toBe(0);
  });

  it("finds rules by function, alias, group, name and source, with the full reference", async () => {
    const exp = (await nabla(["rules", "exp"])).stdout;
    expect(exp).toContain("exp/derivative");
    expect(exp).toContain("exp/logarithm");
    expect(exp).not.toContain("sin/");
    expect(exp).toMatch(/\[PH18\] Terence Parr/);
    expect((await nabla(["rules", "ln"])).stdout).toContain("log/derivative");
    expect((await nabla(["rules", "elementwise"])).stdout).toContain("elementwise/product");
    expect((await nabla(["rules", "elementwise/product"])).stdout).not.toContain("elementwise/sum");
    expect((await nabla(["rules", "PH18"])).stdout).toContain("reduction/sum");
  });

  it("says so where nothing is found", async () => {
    const { code, stderr } = await nabla(["rules", "nonesuch"]);
    expect(stderr).toContain("no rule, function, group or source is called nonesuch");
    expect(code).toBe(2);
  });

  it("json holds name, kind, text and source", async () => {
    const { rules } = JSON.parse((await nabla(["rules", "exp/derivative", "--format", "json"])).stdout);
    expect(rules).toEqual([
      {
        name: "exp/derivative",
        kind: "differential",
        section: "Exponential and logarithm",
        text: "d(exp(x)) = exp(x)*dx",
        source: "PH18 §2",
      },
    ]);
  });
});
