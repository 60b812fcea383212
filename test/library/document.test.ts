// Documents in the manner of lecture notes, each with the report it should get beside it,
// and what bad documents get.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  type CheckedDocument,
  checkDocument,
  jsonReport,
  junitReport,
  sarifReport,
  suggestionDiff,
  textReport,
  withSuggestions,
} from "../../src/index.ts";

const FOLDER = new URL("../documents/", import.meta.url);
const NAMES = readdirSync(FOLDER).filter((n) => /\.(?:md|tex)$/.test(n));

async function checked(text: string, name = "notes.md"): Promise<CheckedDocument> {
  const result = await checkDocument(text, { name });
  if (!result.ok) throw new Error(result.diagnostics[0]?.message);
  return result;
}

const verdicts = async (text: string, name?: string): Promise<string[]> => (await checked(text, name)).claims.map((c) => c.checked.verdict);

describe("each document gets the report beside it", () => {
  it.each(NAMES)("%s", { timeout: 30_000 }, async (name) => {
    const expected = new URL(`${name}.expected.txt`, FOLDER);
    const document = await checked(readFileSync(new URL(name, FOLDER), "utf8"), name);
    await expect(`${textReport(document, true)}\n`).toMatchFileSnapshot(fileURLToPath(expected));
  });

  it("and there are enough of them", () => expect(NAMES.length).toBeGreaterThanOrEqual(20));
});

describe("every formula is accounted for", () => {
  it("as claim, definition, declaration, or as skipped with a reason", async () => {
    const d = await checked("$x \\in \\mathbb{R}^n$, $z = x^\\top x$, $\\nabla_x z = 2x$, $x$, $x > 0$, $\\foo = x$");
    expect([d.formulas, d.declarations, d.definitions, d.claims.length]).toEqual([6, 1, 1, 1]);
    expect(d.skipped.map((s) => s.reason)).toEqual(["it is no equation", "it is no equation", "the command \\foo is not understood"]);
  });
});

describe("conditions", () => {
  it.each([
    ["$\\nabla_x (x^\\top x) = 0$", []],
    ["$A x = b$", []],
    ["$Q^\\top Q = I$", []],
    ["Let $Q$ be an orthogonal $n \\times n$ matrix, so $Q^\\top Q = I$.", ["proved"]],
    ["$\\frac{d}{dx} 3 = 0$", ["proved"]],
    ["$\\|x\\|_2 = \\|b\\|_1$", []],
    ["$\\|X\\|_F^2 = \\operatorname{tr}(X X)$ for $X \\in \\mathbb{R}^{n \\times n}$", ["refuted"]],
    ["Let $\\sigma(z) = \\frac{1}{1 + e^{-z}}$. Then $\\sigma'(z) = \\sigma(z) (1 + \\sigma(z))$.", ["proved", "refuted"]],
  ])("%s", async (text, expected) => expect(await verdicts(text)).toEqual(expected));
});

describe("values of functions that the text defines", () => {
  it.each([
    ["Let $A \\in \\mathbb{R}^{m \\times n}$, $x \\in \\mathbb{R}^n$ and $y = f(g(x))$ with $g(x) = A x$, $f(u) = \\sin(u)$.", []],
    ["Let $f(x) = x^3$. Then $f'(x) = 3x^2$ and $f''(x) = 6x$.", ["proved", "proved"]],
    ["Let $f(x) = x^3$. Then $f'(x) = 2x^2$.", ["refuted"]],
    ["Let $f(x) = x^\\top A x$. Then $df(x) = x^\\top (A + A^\\top)\\,dx$.", ["proved"]],
    ["Let $f(x) = x^2$. Then $f(x+h) = x^2 + 2xh + h^2$.", []],
    ["Let $h = \\sigma(z)$ and $z \\in \\mathbb{R}$. Then $\\frac{dh}{dz} = h(1-h)$.", ["proved"]],
  ])("%s", async (text, expected) => expect(await verdicts(text)).toEqual(expected));
});

describe("entries whose sum the text states", () => {
  const loss = "$p = \\operatorname{softmax}(z)$ and $L = -\\sum_k y_k \\log p_k$. Then";
  it.each([
    [`With $\\sum_k y_k = 1$, ${loss} $\\frac{\\partial L}{\\partial z_k} = p_k - y_k$.`, ["proved"]],
    [
      `Let $y \\in \\mathbb{R}^K$, $\\mathbf{1}^\\top y = 1$, ${loss} $\\nabla_z L = p - y$, not $\\nabla_z L = p + y$.`,
      ["proved", "refuted"],
    ],
    [`With ${loss} $\\nabla_z L = p - y$.`, ["refuted"]],
    ["With $\\mathbf{1}^\\top y = 1$, $f(y) = \\mathbf{1}^\\top y$. Then $\\nabla f(y) = 0$.", []],
  ])("%s", async (text, expected) => expect(await verdicts(text)).toEqual(expected));
});

describe("names whose definition is not understood", () => {
  it.each([
    ["Let $\\delta = (x \\star y) + z$ and $f = x^\\top x$. Then $\\nabla_x f = \\delta$.", []],
    ["Let $f = x^\\top x$. Then $\\nabla_x f = \\delta$.", ["refuted"]],
  ])("%s", async (text, expected) => expect(await verdicts(text)).toEqual(expected));
});

describe("names that nothing declares", () => {
  it.each([
    ["The arm has $x = \\ell_1 \\cos q_1$ and $\\frac{\\partial x}{\\partial q_1} = -\\ell_1 \\sin q_1$.", []],
    [
      "Let $\\Phi \\in \\mathbb{R}^{k \\times d}$, $\\pi = \\operatorname{softmax}(\\Phi\\theta)$. $\\nabla_\\theta \\log \\pi_a = \\phi_a - \\Phi^\\top \\pi$",
      [],
    ],
    [
      "Let $c \\in \\mathbb{R}^d$, $\\sigma = \\sqrt{\\frac1d c^\\top c}$. $\\frac{\\partial \\sigma}{\\partial c} = \\frac{1}{d\\sigma} c^\\top$",
      ["proved"],
    ],
  ])("%s", async (text, expected) => expect(await verdicts(text, "notes.tex")).toEqual(expected));
});

describe("words in a formula", () => {
  it.each([
    ["$$\\nabla_x (x^\\top A x) = 2 A x \\quad \\text{for symmetric } A$$", ["proved"]],
    ["$$\\nabla_x (x^\\top A x) = 2 A x \\quad \\text{if } A \\text{ is symmetric}$$", ["proved"]],
    ["$$\\nabla_x (x^\\top A x) = 2 A x, \\qquad A = A^\\top$$", ["proved"]],
    ["$$\\nabla_x (x^\\top A x) = 2 A x \\quad \\text{for all } A$$", ["refuted"]],
    [
      "$$\\nabla_x (x^\\top A x) = 2 A x \\quad \\text{for symmetric } A$$\nIn general $\\nabla_x (x^\\top A x) = 2 A x$ fails.",
      ["proved", "refuted"],
    ],
    ["$$\\|Q x\\|^2 = \\|x\\|^2 \\quad \\text{for orthogonal } Q$$", ["proved"]],
    ["$$\\nabla_x x^\\top A x = 2 A x, \\quad \\text{where } A \\text{ is symmetric and } x \\in \\mathbb{R}^n.$$", ["proved"]],
  ])("%s", async (text, expected) => expect(await verdicts(text)).toEqual(expected));
});

describe("what the prose says of a name", () => {
  const claim = "$\\nabla_x (x^\\top A x) = 2 A x$";
  it.each([
    ["Let $A$ be a symmetric matrix.", "proved"],
    ["Let $A = A^\\top$ and $x \\in \\mathbb{R}^n$.", "proved"],
    ["Let $A^\\top = A$.", "proved"],
    ["Let $A \\succeq 0$.", "proved"],
    ["Let $A \\succ 0$.", "proved"],
    ["Let $A \\in \\mathbb{R}^{n \\times n}$ be a (symmetric) covariance.", "proved"],
    ["Let $A \\in \\mathbb{R}^{n \\times n}$ (symmetric, positive definite) be given.", "proved"],
    ["Let $A \\in \\mathbb{R}^{n \\times n}$ a symmetric positive definite covariance and $x \\in \\mathbb{R}^n$ weights.", "proved"],
    ["Let $A$, a symmetric kernel, be given.", "proved"],
    ["Let $A$ be the sample covariance, a symmetric positive definite matrix.", "proved"],
    ["Let $A$ be the system matrix, and $B$ its symmetric part.", "refuted"],
    ["The matrix $A$ is assumed symmetric.", "proved"],
    ["By symmetry of $A$ we have", "proved"],
    ["Let $A$ be a covariance matrix.", "proved"],
    ["Let $A$ be a real, symmetric $n \\times n$ matrix.", "proved"],
    ["Let $A$ be the cross-covariance matrix.", "refuted"],
    ["For $A$, a symmetric matrix $B$ exists.", "refuted"],
    ["For every $A$ the symmetric matrix $A^\\top A$ is used.", "refuted"],
    ["For any $A$, the symmetric part is used.", "refuted"],
    ["Mind the lack of symmetry of $A$.", "refuted"],
    ["For a general (not symmetric) $A$ we have", "refuted"],
    ["If $A = A^\\top$, more is known.\n\nIn general", "refuted"],
    ["Let $A \\in \\mathbb{R}^{n \\times n}$ be symmetric.", "proved"],
    ["Here $A$ and $B$ are symmetric.", "proved"],
    ["If $A$ is symmetric, then", "proved"],
    ["Let $A$ be a matrix that is not symmetric.", "refuted"],
    ["If $A$ is symmetric, much is simple.\n\nIn general", "refuted"],
    ["It is only so for symmetric $A$:", "refuted"],
    ["<!-- nabla: A : symmetric(n) -->", "proved"],
  ])("%s", async (said, verdict) => expect(await verdicts(`${said} ${claim}`)).toEqual([verdict]));

  it.each([
    ["Let $x \\in \\mathbb{R}^n$ and $A$ be symmetric.", ["refuted", "proved"]],
    ["Let $x \\in \\mathbb{R}^n$, and $A$ diagonal.", ["refuted", "proved"]],
    ["For symmetric $A$ and $x \\in \\mathbb{R}^n$", ["refuted", "proved"]],
    ["Let $x \\in \\mathbb{R}^n, A \\in \\mathbb{R}^{n \\times n}$ be symmetric.", ["refuted", "proved"]],
    ["Let $x \\in \\mathbb{R}^n$ and $c \\in \\mathbb{R}$ be constant.", ["refuted", "refuted"]],
    ["A constant $c$ and $x \\in \\mathbb{R}^n$ are given.", ["refuted", "refuted"]],
    ["Let $B \\in \\mathbb{R}^{n \\times n}$ and $A \\in \\mathbb{R}^{n \\times n}$ be symmetric.", ["refuted", "proved"]],
    ["Let $x$ be a vector. Then for $x$ and $A$ symmetric:", ["refuted", "proved"]],
  ])("%s is not about the vector", async (said, expected) =>
    expect(await verdicts(`${said} $\\nabla_x \\|x\\|^2 = 3x$ and ${claim}`)).toEqual(expected),
  );

  it("counts behind the formula, too", async () => {
    expect(await verdicts(`We have ${claim}, where $A$ is symmetric.`)).toEqual(["proved"]);
  });
});

describe("dollars", () => {
  it("of money are no mathematics", async () => {
    const d = await checked("It costs $5, or $10 in all. But $\\nabla_x (x^\\top x) = 2x$ holds; \\$x = 1\\$ and `$x = 1$` do not count.");
    expect([d.formulas, d.claims.length]).toEqual([1, 1]);
  });
  it.each([
    ["one behind which the paragraph ends", "Let $x = 1.\n\nThen $\\nabla_x (x^\\top x) = 2x$."],
    ["two with nothing between them across paragraphs", "Let $\n\n$\\nabla_x (x^\\top x) = 2x$."],
  ])("without an end are told in LaTeX: %s", async (_, text) => {
    const d = await checked(text, "paper.tex");
    expect(d.problems.map((p) => [d.text.slice(p.start, p.end), p.reason])).toEqual([["$", "$ is never closed"]]);
    expect(d.claims.length).toBe(1);
    expect((await checked(text, "paper.md")).problems).toEqual([]);
  });
  it("stay within their paragraph", async () => expect((await checked("a $ b\n\nc $ d")).formulas).toBe(0));
});

describe("reports", () => {
  const text = "Let $x \\in \\mathbb{R}^n$.\n\nThen $\\nabla_x (x^\\top x) = x$, and\n$\\nabla_x (x^\\top x) = 2x$.\n\n\\begin{align}";

  it("as JSON hold every claim with its place", async () => {
    const json = JSON.parse(JSON.stringify(jsonReport(await checked(text))));
    expect(json.counts).toEqual({ claims: 2, proved: 1, holds: 0, otherLayout: 0, refuted: 1, undecided: 0 });
    expect(json.claims[0]).toMatchObject({ line: 3, column: 7, outcome: "refuted", suggestion: "2x", end: { line: 3, column: 30 } });
    expect(json.problems).toEqual([{ line: 6, column: 1, end: { line: 6, column: 14 }, reason: "\\begin{align} is never closed" }]);
  });

  it("as SARIF name the rule, the level and the region", async () => {
    const log = JSON.parse(JSON.stringify(sarifReport([await checked(text, "my notes.md")], "1.0.0")));
    expect(log.version).toBe("2.1.0");
    const [run] = log.runs;
    expect(run.tool.driver.rules.map((r: { id: string }) => r.id)).toEqual(["refuted", "undecided", "unreadable"]);
    expect(run.results.map((r: { ruleId: string; level: string }) => [r.ruleId, r.level])).toEqual([
      ["unreadable", "error"],
      ["refuted", "error"],
    ]);
    expect(run.results[1].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: "my%20notes.md" },
      region: { startLine: 3, startColumn: 29, endLine: 3, endColumn: 30 },
    });
  });

  it("as JUnit count failures and escape what XML needs", async () => {
    const xml = junitReport([await checked(text, 'a<b>&"c".md')]);
    expect(xml).toContain('<testsuite name="a&lt;b&gt;&amp;&quot;c&quot;.md" tests="3" failures="1" errors="1" skipped="0">');
    expect(xml.match(/<testcase /g)?.length).toBe(3);
    expect(xml.match(/<failure /g)?.length).toBe(1);
  });

  it("as suggestions change the right-hand side and nothing else", async () => {
    const document = await checked(text);
    expect(withSuggestions(document)).toBe(text.replace("x) = x$", "x) = 2x$"));
    expect(
      suggestionDiff(document)
        .split("\n")
        .filter((l) => /^[-+]/.test(l)),
    ).toEqual(["--- notes.md", "+++ notes.md", "-Then $\\nabla_x (x^\\top x) = x$, and", "+Then $\\nabla_x (x^\\top x) = 2x$, and"]);
    expect(suggestionDiff(await checked("$\\nabla_x (x^\\top x) = 2x$"))).toBe("");
  });

  it("of a document with its suggestions refute nothing", async () => {
    expect((await verdicts(withSuggestions(await checked(text)))).includes("refuted")).toBe(false);
  });
});

const LECTURE = `
# Quadratic forms

Let $A \\in \\mathbb{R}^{n \\times n}$ be symmetric, $x \\in \\mathbb{R}^n$, and $f(x) = x^\\top A x$.
$$\\nabla f = 2 A x = (A + A) x$$

`;

describe("bad documents", () => {
  it.each([
    ["NUL bytes", "a\0b $x = 1$", "this is no text"],
    ["bytes that are no UTF-8", "\ufffd".repeat(100), "this is no text"],
    ["17 million characters", "x ".repeat(8_500_000), "the document has 17000000 characters; 16000000 are the most that nabla reads"],
  ])("%s are refused", async (_, text, message) => {
    const result = await checkDocument(text);
    expect(result.ok ? "" : result.diagnostics[0]?.message).toBe(message);
  });

  it("macros that expand for ever are reported at each formula, and hide no other", async () => {
    const document = await checked("\\newcommand{\\a}{\\b\\b}\n\\newcommand{\\b}{\\a}\n$\\a = 2$ and $\\frac{d (x^2)}{dx} = 3x$\n");
    expect(document.problems.map((p) => p.reason)).toEqual(["the macro \\a expands for ever"]);
    expect(document.text.slice(document.problems[0]?.start, document.problems[0]?.end)).toBe("\\a");
    expect(document.claims.map((c) => c.checked.verdict)).toEqual(["refuted"]);
  });

  it("more different equations than are judged are told", { timeout: 60_000 }, async () => {
    const document = await checked(Array.from({ length: 2010 }, (_, i) => `$${i} + x = ${i} + x$\n\n`).join(""));
    expect(document.claims.length).toBe(2000);
    expect(document.problems.map((p) => p.reason)).toEqual([
      "the document has more than 2000 different equations, and from here on none is judged",
    ]);
    expect(document.skipped.length).toBe(10);
  });

  it("suggestions have every letter in the font of the document", async () => {
    const text =
      "Let $\\mathbf{x} \\in \\mathbb{R}^n$. With $J = \\frac12 z^\\top z$ and $z \\in \\mathbb{R}^m$: $\\frac{\\partial J}{\\partial z} = 3 z^\\top$";
    const fixed = withSuggestions(await checked(text));
    expect(fixed).toBe(text.replace("3 z^\\top", "z^{\\top}"));
  });

  it.each([
    ["2 MB of notes with formulas", LECTURE.repeat(Math.ceil(2_000_000 / LECTURE.length))],
    ["10 MB of prose", "Words that say nothing. ".repeat(400_000)],
    ["10 MB of dollars", "$ ".repeat(5_000_000)],
    ["10 MB of openings that never close", "\\[ \\( $$ <!-- ```\n".repeat(550_000)],
    ["20,000 formulas", "The number $x$ and the sum $x + y$.\n\n".repeat(10_000)],
    ["100,000 unclosed environments", "\\begin{align} ".repeat(100_000)],
    ["the same claim 2,000 times", "$\\nabla_x (x^\\top x) = 2x$\n\n".repeat(2_000)],
    ["one formula of 10,000 lines", `$$\\begin{align}${"x &= y \\\\\n".repeat(10_000)}\\end{align}$$`],
    ["macros that grow without end", "\\newcommand{\\a}{\\a\\a}\n$\\a = x$"],
    ["a sentence of 5,000 formulas", "and $x$ is a vector ".repeat(5_000)],
  ])("%s is answered in time", { timeout: 120_000 }, async (_, text) => {
    const result = await checkDocument(text, { name: "large.md" });
    expect(result.ok).toBe(true);
    if (result.ok) expect(textReport(result)).toContain("large.md");
  });
});
