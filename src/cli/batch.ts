// `nabla batch`: one JSON request a line in, one JSON answer a line out, in order.
//
// Invariants: every line that holds something has exactly one answer; nothing in a line
// ends the run; a line is forgotten before the next is read, so memory does not grow with
// the input. Not here: what a request may hold (request.ts).

import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { optional } from "../base/optional.ts";
import type { Part } from "../library/answer/asked.ts";
import { solve } from "../library/answer/solve.ts";
import type { CheckedSteps, StepsQuestion } from "../library/claim/derivation/derivation.ts";
import type { CheckedClaim, ClaimQuestion } from "../library/claim/verdict/verdict.ts";
import type { Check, Checked } from "../library/numbers/verify.ts";
import type { Refusal } from "../library/question/call.ts";
import type { Library } from "../rewrite/library.ts";
import { readLibrary } from "./input.ts";
import { EXIT, type Io, write } from "./io.ts";
import { type Fault, faultOf } from "./json.ts";
import { type Request, readRequest } from "./request.ts";

/** Options of `nabla batch`, as commander gives them. */
export interface BatchOptions {
  readonly check: boolean;
  readonly seed?: number;
  readonly rules?: readonly string[];
}

/** Answers every line of stdin; the exit code is 0 whatever the lines hold. */
export async function batch(options: BatchOptions, io: Io): Promise<number> {
  const library = await readLibrary(options, io);
  const check = options.check ? await (await import("../library/numbers/verify.ts")).openCheck() : undefined;
  let judges: Judges | undefined;
  const lines = createInterface({ input: Readable.from(io.stdin), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) {
    if (line.trim() === "") continue;
    if (judges === undefined && /"(?:claim|steps)"/.test(line)) judges = await openJudges();
    await write(io.stdout, `${JSON.stringify(answerLine(line, library, check, judges, options))}\n`);
  }
  return EXIT.answered;
}

/** What judges claims and derivations, loaded with the first request that has one. */
interface Judges {
  readonly claim: (question: ClaimQuestion) => CheckedClaim | Refusal;
  readonly steps: (question: StepsQuestion) => CheckedSteps | Refusal;
}

async function openJudges(): Promise<Judges> {
  const [{ openClaims }, { openSteps }] = await Promise.all([
    import("../library/claim/claim.ts"),
    import("../library/claim/derivation/derivation.ts"),
  ]);
  return { claim: await openClaims(), steps: await openSteps() };
}

function answerLine(
  line: string,
  library: Library | undefined,
  check: Check | undefined,
  judges: Judges | undefined,
  options: BatchOptions,
): object {
  let id: unknown = null;
  const fault = (error: Fault): object => ({ id, ok: false, error });
  try {
    const data: unknown = JSON.parse(line);
    if (typeof data !== "object" || data === null || Array.isArray(data))
      return fault({ code: "request", message: "a request is a JSON object" });
    id = (data as Record<string, unknown>).id ?? null;
    const { expr, claim, steps } = data as Record<string, unknown>;
    if (judges !== undefined && expr === undefined && (claim !== undefined || steps !== undefined))
      return { id, ...judgeRequest(data as Record<string, unknown>, library, judges, options) };
    const request = readRequest(data as Record<string, unknown>);
    if (typeof request === "string") return fault({ code: "request", message: request });
    return { id, ...answerRequest(library === undefined ? request : { ...request, library }, check, options) };
  } catch (error) {
    if (error instanceof SyntaxError) return fault({ code: "json", message: `this line is no JSON: ${error.message}` });
    return fault({ code: "internal", message: `internal error: ${error instanceof Error ? error.message : String(error)}` });
  }
}

// A claim or a derivation instead of a question; all other keys mean the same.
function judgeRequest(
  data: Readonly<Record<string, unknown>>,
  library: Library | undefined,
  judges: Judges,
  options: BatchOptions,
): object {
  const begun = performance.now();
  const text = data.claim ?? data.steps;
  const request = typeof text === "string" ? readRequest({ ...data, expr: text }) : "claim and steps are texts";
  if (typeof request === "string") return { ok: false, error: { code: "request", message: request } };
  const { vars, attrs, dims, let: definitions, dialect, notation } = request;
  const context = {
    ...optional({ vars, attrs, dims, let: definitions, dialect, notation, library, seed: options.seed }),
    ...(data.layout === undefined ? {} : { layout: request.layout }),
    ...(data.symmetry === undefined ? {} : { symmetry: request.symmetry }),
  };
  const result =
    data.claim !== undefined ? judges.claim({ ...context, claim: request.expr }) : judges.steps({ ...context, steps: request.expr });
  const ms = Math.round((performance.now() - begun) * 1000) / 1000;
  return result.ok ? { ...result, ms } : { ok: false, error: faultOf(result), ms };
}

function answerRequest(request: Request, check: Check | undefined, options: BatchOptions): object {
  const begun = performance.now();
  const { wrt, kind, layout, symmetry, order, along, upstream, views, where } = request;
  const solved = solve(request, wrt, kind, {
    layout,
    symmetry,
    order,
    mixed: wrt.length > 1,
    names: false,
    ...optional({ along, upstream, views, where }),
  });
  const ms = Math.round((performance.now() - begun) * 1000) / 1000;
  if (!solved.ok) return { ok: false, error: faultOf(solved), ms };
  const part = solved.parts[0] as Part;
  const verdict = check?.(solved.stated, part, "ascii", optional({ seed: options.seed }));
  const checked = verdict === undefined ? {} : { check: checkData(verdict) };
  if (verdict?.verdict === "differs")
    return { ok: false, error: { code: "check", message: "the answer failed its own check and is withheld" }, ms, ...checked };
  const { ok: _, expr: _e, of: _o, toJSON: _t, wrt: _w, where: names, views: shown, ...answer } = part.answer;
  return {
    ok: true,
    ...answer,
    ...(names.length > 0 ? { where: names } : {}),
    ...(shown.length > 0 ? { views: shown } : {}),
    ms,
    ...checked,
  };
}

// ok is null where the answer could not be checked.
function checkData({ verdict, points, worst, seed, reason, witness }: Checked): object {
  return {
    ok: verdict === "not checked" ? null : verdict === "agrees",
    points,
    worst,
    seed,
    ...optional({ reason, witness }),
  };
}
