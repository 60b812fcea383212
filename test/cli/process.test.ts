// The command as a process: the launcher, real streams, closed pipes. These run what
// `npm ci` or `npm run build` has built.

import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const BIN = fileURLToPath(new URL("../../bin/nabla.js", import.meta.url));
const start = (argv: readonly string[], input = ""): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, [BIN, ...argv], { input, encoding: "utf8" });

describe("the process", () => {
  it("answers, with the check behind its own import", () => {
    const { status, stdout, stderr } = start(["diff", "sum(w .* x)", "--wrt", "w"]);
    expect(stderr).toBe("");
    expect(stdout).toContain("∂ sum(w ⊙ x) / ∂w  =  xᵀ\n");
    expect(stdout).toContain("✓");
    expect(status).toBe(0);
  });

  it("reads stdin where no expression is given", () => {
    expect(start(["diff", "--wrt", "x", "--no-check"], "x^3").stdout).toContain("=  3x²");
  });

  it("ends with the exit code of a fault, without a stack", () => {
    const { status, stdout, stderr } = start(["diff", "sum(w", "--wrt", "w"]);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain("error: this ( is never closed");
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it("is quiet where the reader closes the pipe", async () => {
    const child = spawn(process.execPath, [BIN, "batch", "--no-check"]);
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    child.stdin.on("error", () => {});
    child.stdout.once("data", () => child.stdout.destroy());
    const request = `${JSON.stringify({ expr: "x^2", wrt: "x" })}\n`;
    child.stdin.write(request.repeat(2000));
    child.stdin.end();
    const status = await new Promise((resolve) => child.on("close", resolve));
    expect(stderr).toBe("");
    expect(status).toBe(0);
  });
});
