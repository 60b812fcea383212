// Claims: an equation about a derivative, or between two expressions, judged; where it is
// wrong, the smallest place where that shows and what may have gone wrong.
//
// Invariant: a claim is read in every way that its text allows before it is refuted. Not
// here: how it may be meant (verdict/otherwise.ts), how its two sides are judged (verdict/sides.ts),
// chains of equations and derivations (derivation/derivation.ts).

import type { Library } from "../../rewrite/library.ts";
import { loadOracle } from "../numbers/oracle.ts";
import { type Refusal, standardRulesOnce, unlessFault } from "../question/call.ts";
import { withFunctionLetters } from "../question/functionLetters.ts";
import { plainText } from "../question/notation.ts";
import type { Settled } from "../question/question.ts";
import { withNamedLogarithms } from "./readings/logarithms.ts";
import { withNamedPoints } from "./readings/secondPoints.ts";
import { type Aside, withoutAside } from "./text/aside.ts";
import { statementIn } from "./text/statement.ts";
import { judgeMeant } from "./verdict/otherwise.ts";
import { assuming, type CheckedClaim, type ClaimQuestion, type JudgedQuestion } from "./verdict/verdict.ts";

/**
 * Judges a claim: an equation about a derivative, between two expressions, or about differentials.
 * What is refuted comes with the right answer, the smallest counterexample and the mistakes that
 * explain it; no layout is asked for unless stated. One with several equality signs is a chain, which
 * `checkSteps` judges link by link; here its ends are compared. Refuses what is no equation.
 *
 * @example
 * ```ts
 * import { checkClaim } from "nabla";
 *
 * const checked = await checkClaim({ claim: "d(x'*A*x)/dx = 2*x'*A" });
 * if (checked.ok) console.log(checked.verdict, checked.truth?.ascii); // refuted x'*(A + A')
 * ```
 */
export async function checkClaim(question: ClaimQuestion): Promise<CheckedClaim | Refusal> {
  const check = await openClaims();
  return check(question);
}

/** Judges one claim. */
type Judging = (question: JudgedQuestion & Pick<Settled, "apart">) => CheckedClaim | Refusal;

/** Makes ready to judge claims one after the other, without waiting. */
export async function openClaims(): Promise<Judging> {
  const numeric = await loadOracle();
  const judge: Judging = (asked) => {
    const library = asked.library ?? standardRulesOnce();
    const aside = asideOf(asked, library);
    if (aside.strange !== undefined) return refusedAside(asked, aside.strange);
    const { question, assumed, functions } = withFunctionLetters({ ...asked, ...withAside(asked, aside) }, aside.claim, library);
    const judged = judgeMeant(numeric, { question, library, functions });
    return judged.ok ? assuming(judged, assumed) : judged;
  };
  return (asked) => {
    const points = mayNamePoints(asked) ? withNamedPoints(asked.claim) : undefined;
    if (points === undefined) return judgeLogarithms(judge, asked, judge(asked));
    const judged = judge({ ...asked, claim: points.text });
    return judged.ok ? assuming(judged, points.assumed) : judged;
  };
}

// A matrix has a transpose, and a definition a derivative: what is declared but as a vector or a number keeps its mark.
const mayNamePoints = ({ claim, declarations = "", vars = {}, let: definitions = [] }: ClaimQuestion): boolean =>
  definitions.length === 0 &&
  Object.values(vars).every((sizes) => sizes.length < 2) &&
  !/:[^;\n]*\b(?:matrix|square)\b/.test(`${declarations};${claim}`);

/** A claim as it was judged; where it is not right, with names for the logarithms that it gives a value, if that makes it right or it cannot be read else. */
function judgeLogarithms(judge: Judging, asked: Parameters<Judging>[0], judged: CheckedClaim | Refusal): CheckedClaim | Refusal {
  const named = judged.ok && judged.accepted ? undefined : withNamedLogarithms(asked.claim);
  const again = named === undefined ? undefined : judge({ ...asked, claim: named.text });
  return named !== undefined && again?.ok === true && (again.accepted || !judged.ok) ? assuming(again, named.assumed) : judged;
}

/** Whether a claim is a chain of several equations, which `checkSteps` judges link by link. */
export const isChain = (asked: ClaimQuestion): boolean =>
  statementIn(asideOf(asked, asked.library ?? standardRulesOnce()).claim).sides.length > 2;

const asideOf = (asked: ClaimQuestion, library: Library): Aside =>
  withoutAside(asked.claim, (text) => unlessFault(() => plainText(text, asked, library).text));

/** What a question says once it is said before the claim what stands behind it. */
function withAside(asked: ClaimQuestion, { claim, definitions, attributes, declarations }: Aside): Partial<ClaimQuestion> {
  const attrs = { ...asked.attrs };
  for (const [name, more] of Object.entries(attributes)) attrs[name] = [...(attrs[name] ?? []), ...more];
  return {
    claim,
    ...(definitions.length === 0 ? {} : { let: [...(asked.let ?? []), ...definitions] }),
    ...(Object.keys(attributes).length === 0 ? {} : { attrs }),
    ...(declarations.length === 0 ? {} : { declarations: [asked.declarations ?? "", ...declarations].join("\n") }),
  };
}

function refusedAside({ claim }: ClaimQuestion, { text, behind }: NonNullable<Aside["strange"]>): Refusal {
  const start = claim.lastIndexOf(text);
  const span = { start, end: start + text.length };
  const message = `behind \`${behind}\` stand definitions, and what is known of names, alone`;
  return { ok: false, diagnostics: [{ code: "syntax", message, span, fix: "where y = A*x and S = S'" }], source: claim };
}
