// What an answer presupposes, in words: domains of functions and powers, kinks, and kinks
// that a factor smooths out.

import { describe, expect, it } from "vitest";
import { call, num } from "../../src/expr/build.ts";
import { differentiate } from "../../src/index.ts";
import { domainSentence, kinkSentence } from "../../src/library/answer/conditions.ts";
import { loadNumeric } from "../../src/numeric/numeric.ts";
import { standardLibrary } from "../../src/rewrite/standard.ts";

const declarations = "x, y, a : scalar; v : vector(n); A : matrix(n, n); p : positive scalar";

function presupposed(expr: string, wrt: string, order = 1): string {
  const answer = differentiate({ expr, wrt, order, declarations });
  if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
  return [domainSentence(answer.conditions), kinkSentence(answer.conditions)].filter((s) => s !== undefined).join("; ");
}

// biome-ignore format: a table is read by columns
const DOMAINS: readonly (readonly [expr: string, wrt: string, presupposed: string])[] = [
  ["x^(1/3)",              "x", "for x > 0"],
  ["x^a",                  "a", "for x > 0"],
  ["v.^a",                 "v", "for v > 0"],
  ["sum(v.^0.5)",          "v", "for v > 0"],
  ["(x^3)^(1/3)",          "x", "for x³ > 0"],
  ["(x^2)^(1/4)",          "x", "for x ≠ 0"],
  ["norm2(v)^(3/2)",       "v", "for v ≠ 0"],
  ["(x^2 + 1)^(1/4)",      "x", ""],
  ["(x + x)^a",            "a", "for x + x > 0"],
  ["x^n",                  "x", ""],
  ["x^(n - 1)",            "x", ""],
  ["p^a",                  "p", ""],
  ["log(2*pi*x^2)",        "x", "for x ≠ 0"],
  ["log(p*x)",             "x", "for x > 0"],
  ["log(det(A))",          "A", "for det(A) > 0"],
  ["log(abs(det(A)))",     "A", "for A invertible"],
  ["log(prod(exp(v)))",    "v", ""],
  ["prod_i (v_i*v_i*a)",   "v", "for a v.^2 ≠ 0"],
  ["log(sum_i v_i^2)",     "v", "for vᵀ v > 0"],
  ["log(max(exp(v)) + norm1(exp(v)))", "v", "differentiable except where two entries of exp(v) are largest"],
  ["2^x",                  "x", ""],
  ["chol(x + a)",          "x", "for x + a > 0"],
  ["chol(p)",              "p", ""],
  ["polar(v)*x",           "v", "for v ≠ 0"],
  ["pinv(A)*v",            "v", ""],
  ["pinv(A)*v",            "A", "for A of locally constant rank"],
  ["tr(A^a)",              "A", "for A without eigenvalues in (−∞, 0]"],
  ["sum_i sum_j norm2(A[i,:]-A[j,:])", "A", "for sum((A[i,:] − A[j,:]).^2) > 0 where i ≠ j"],
  ["sum_i norm2(A[i,:]-A[2,:])",       "A", "for sum((A[i,:] − A[2,:]).^2) > 0 where i ≠ 2"],
  ["sum_i sum_j sqrt(A[i,j] + eye(n)[i,j])", "A", "for A[i,j] + eye(n)[i,j] > 0"],
];

// biome-ignore format: a table is read by columns
const KINKS: readonly (readonly [expr: string, wrt: string, order: number, presupposed: string])[] = [
  ["sum_i sum_j abs(v[i]-v[j])", "v", 1, "differentiable except where v[i] − v[j] = 0 for some i ≠ j; 0 is taken there"],
  ["sum_i sum_j abs(v[i]+v[j])", "v", 1, "differentiable except where v[i] + v[j] = 0 for some i, j; 0 is taken there"],
  ["abs(x)",               "x", 1, "differentiable except where x = 0; 0 is taken there"],
  ["x*abs(x)",             "x", 1, ""],
  ["x*abs(x)",             "x", 2, "differentiable except where x = 0; 0 is taken there"],
  ["x^2*abs(x)",           "x", 2, ""],
  ["x*(x>0)+a*x*(x<=0)",   "x", 1, "differentiable except where x = 0"],
  ["x*(1-(x>0))",          "x", 1, "differentiable except where x = 0"],
  ["a*(x>0)",              "x", 1, "differentiable except where x = 0; 0 is taken there"],
  ["norm(v,2)",            "v", 1, "differentiable except where v = 0"],
  ["nuclear(v) + spectral(v')", "v", 1, "differentiable except where v = 0 or vᵀ = 0"],
  ["topsingular(A)*v",     "A", 1, "differentiable except where two singular values of A are largest"],
  ["norm(v,4)",            "v", 1, "differentiable except where v = 0"],
  ["norm(v,3)",            "v", 1, "differentiable except where an entry of v is 0"],
  ["norm(v,p)",            "v", 1, "differentiable except where an entry of v is 0"],
  ["x*abs(x)/x",           "x", 1, "differentiable except where x = 0; 0 is taken there"],
  ["abs(x - 1)*x",         "x", 1, "differentiable except where x − 1 = 0; 0 is taken there"],
  ["x*abs(y)",             "y", 1, "differentiable except where y = 0; 0 is taken there"],
  ["x*sign(x)",            "x", 1, "differentiable except where x = 0; 0 is taken there"],
  ["v .* abs(v)",          "v", 1, ""],
  ["abs(v)*v'",            "v", 1, "differentiable except where an entry of v is 0; 0 is taken there"],
  ["relu(A*v).^2",         "v", 1, ""],
  ["norm2(v)^3",           "v", 1, ""],
  ["norm2(v)*v",           "v", 1, "for v ≠ 0"],
  ["norm1(v)*v",           "v", 1, "differentiable except where an entry of v is 0; 0 is taken there"],
  ["relu(x)^0.5",          "x", 1, "for relu(x) > 0"],
  ["(relu(x)^2)^(1/4)",    "x", 1, "for relu(x) ≠ 0"],
];

const matrices =
  "P, Q : posdef(n); R : posdef(m); S : symmetric(n); C : invertible matrix(n, n); X : matrix(m, n); x, y, d : vector(n); p, q : positive vector(n); s, t : positive scalar; u : unit vector(n); K(t) : symmetric(n); W : positive matrix(m, k); H : positive matrix(k, n); D : positive diagonal(n); L : positive lower matrix(n, n); a : scalar";

// What needs no word, since definite matrices and positive numbers are known to stay so.
// biome-ignore format: a table is read by columns
const SETTLED: readonly (readonly [expr: string, wrt: string, presupposed: string])[] = [
  ["logdet(X'*X + s*eye(n))",                    "X", ""],
  ["inv(X'*X + s*eye(n))*x",                     "s", ""],
  ["inv(X'*X + a*eye(n))*x",                     "a", "for Xᵀ X + a I invertible"],
  ["logdet(X'*X)",                               "X", "for det(Xᵀ X) > 0"],
  ["logdet(P + S)",                              "P", "for det(P + S) > 0"],
  ["logdet(x*x' + diag(p))",                     "p", ""],
  ["logdet(x*x' + diag(y))",                     "y", "for det(x xᵀ + diag(y)) > 0"],
  ["logdet(P*inv(Q))",                           "P", ""],
  ["log(det(P)/det(Q))",                         "P", ""],
  ["logdet((P + Q)/2) - logdet(P*Q)/2",          "P", ""],
  ["logdet(kron(P, R))",                         "P", ""],
  ["logdet(C'*P*C)",                             "P", ""],
  ["sqrt(det(2*pi*P))",                          "P", ""],
  ["log(1 + (x - y)'*inv(P)*(x - y)/s)",         "P", ""],
  ["log(1 + (x - y)'*inv(S)*(x - y)/s)",         "x", "for S invertible and 1 + (x − y)ᵀ S⁻¹ (x − y)/s > 0"],
  ["log(s + mean(x.^2))",                        "x", ""],
  ["x/sqrt(mean(x.^2) + s)",                     "x", ""],
  ["sum(log(1 - sigmoid(x)))",                   "x", ""],
  ["sum(log(1 - normcdf(x)))",                   "x", ""],
  ["log(sum(sqrt(p.*q)))",                       "p", ""],
  ["log(sum(sqrt(p) - q))",                      "p", "for sum(sqrt(p) − q) > 0"],
  ["log(norm2(p))",                              "p", ""],
  ["sum(log(1 + u))",                            "u", ""],
  ["sum(log(2 - u) + log((1 - u)/2))",           "u", ""],
  ["sum(log(1 - u.^2))",                         "u", ""],
  ["sum(log(1 + x))",                            "x", "for 1 + x > 0"],
  ["sum(log(W*H))",                              "W", ""],
  ["sum(log(rowsum(exp(X))))",                   "X", ""],
  ["sum(log(exp(X)*ones(n)))",                   "X", ""],
  ["tr(logm(P + inv(Q)))",                       "P", ""],
  ["logdet(P - Q)",                              "P", "for det(P − Q) > 0"],
  ["eigmax([S, y; y', a])",                      "y", ""],
  ["eigmax([S, X'; X, R])",                      "X", ""],
  ["eigmax([S, C; C, P])",                       "C", "for [S, C; C, P] symmetric"],
  ["eigmax(K(t))",                               "t", ""],
  ["sum(log(sinh(p)) - log(tanh(p)))",           "p", ""],
  ["log(gamma(sum(p))) - sum(log(gamma(p)))",    "p", ""],
  ["sum(log(sinh(x)))",                          "x", "for sinh(x) > 0"],
  ["logdet(D)",                                  "D", ""],
  ["logdet(C*C' + D)",                           "D", ""],
  ["sum(log(diag(D)))",                          "D", ""],
  ["sum(log(D))",                                "D", "for D > 0"],
  ["sum_i log(L[i,i])",                          "L", ""],
  ["sum_i sum_j log(L[i,j])",                    "L", "for L[i,j] > 0"],
  ["log(p'*P*q)",                                "p", "for pᵀ P q > 0"],
];

describe("the domain", () => {
  for (const [expr, wrt, sentence] of SETTLED)
    it(`of ${expr} by ${wrt} among definite matrices is ${sentence || "everything"}`, () => {
      const answer = differentiate({ expr, wrt, declarations: matrices });
      expect(answer.ok ? (domainSentence(answer.conditions) ?? "") : answer.diagnostics).toBe(sentence);
    });
  for (const [expr, wrt, sentence] of DOMAINS)
    it(`of ${expr} by ${wrt} is ${sentence || "everything"}`, () => expect(presupposed(expr, wrt)).toBe(sentence));
});

describe("kinks", () => {
  for (const [expr, wrt, order, sentence] of KINKS)
    it(`of ${expr} by ${wrt}, order ${order}: ${sentence || "none"}`, () => expect(presupposed(expr, wrt, order)).toBe(sentence));
});

describe("a nonnegative function whose kink is where its argument vanishes", async () => {
  const numeric = await loadNumeric();
  const functions = standardLibrary().functions.all.filter((f) => f.kinks === true && f.range === "nonnegative" && f.params.length === 1);
  for (const info of functions)
    it(`is 0 there: ${info.name}`, () => {
      const value = numeric.evaluate(call(info, [num(0)]), { sizes: new Map(), values: new Map(), seed: 1 });
      expect([...value.data]).toEqual([0]);
    });
});
