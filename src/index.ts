// The public library. Everything exported here is documented and kept; everything else is
// free to change.
//
// All functions are pure: they take text or terms and answer with data, for an input at fault
// with { ok: false, diagnostics }; only `parseRules`, `exprFromJSON` and `print` throw an
// InputError there. Asynchronous are `evaluate` and each `check…` but `checkGradient`, because
// they load the numeric oracle when first used.

export { type Diagnostic, type DiagnosticCode, InputError, type Label, renderDiagnostic } from "./base/diagnostic.ts";
export type { Rational } from "./base/rational.ts";
export type { Span } from "./base/span.ts";
export type { Backpropagation, BackwardNode, Downstream, VariableGradient } from "./calculus/derivation/backpropagation.ts";
export type {
  BackpropagationJSON,
  DerivationJSON,
  GradientJSON,
  IntermediateJSON,
  StepJSON,
  TermJSON,
} from "./calculus/derivation/json.ts";
export type {
  Derivation,
  Intermediate,
  Link,
  NamedDerivative,
  OpenIndex,
  RuleReference,
  Step,
  StepKind,
} from "./calculus/derivation/model.ts";
export type { Evidence } from "./check/equal.ts";
export type { Convergence, GradientOptions, GradientReport, Method, MethodTable, Values } from "./check/gradient.ts";
export type { Work } from "./codegen/plan/work.ts";
export type { Attribute } from "./expr/attributes.ts";
export { LAYOUTS, type Layout, SYMMETRIES, type Symmetry } from "./expr/conventions.ts";
export type { Dim, Monomial } from "./expr/dim.ts";
export type { Domain } from "./expr/domains.ts";
export {
  type Apply,
  type Constant,
  type DimNumber,
  type Entry,
  type Expr,
  fold,
  type Index,
  type IndexSum,
  type Memo,
  type Num,
  nodes,
  type Unknown,
  type Variable,
  variables,
} from "./expr/expr.ts";
export type { FunctionInfo, FunctionTable } from "./expr/functions.ts";
export { type ExprJSON, exprFromJSON, exprToJSON, type IndexJSON, type NodeJSON, type ShapeJSON } from "./expr/json.ts";
export { countOperations } from "./expr/operations.ts";
export type { OperatorName } from "./expr/operators.ts";
export { type Shape, shapeText } from "./expr/shape.ts";
export {
  type Answer,
  type AnswerJSON,
  type Directed,
  differential,
  differentiate,
  gradient,
  hessian,
  hvp,
  jvp,
  type NamedText,
  type OneAnswer,
  type ShapeTexts,
  simplify,
  vjp,
  type Written,
  type WrittenJSON,
} from "./library/answer/answer.ts";
export type { Condition } from "./library/answer/conditions.ts";
export { type PrintChoice, print } from "./library/answer/print.ts";
export { type Backpropagated, backpropagate, type Derived, derive } from "./library/answer/steps.ts";
export { VIEWS, type View, type ViewName } from "./library/answer/views.ts";
export { checkClaim } from "./library/claim/claim.ts";
export { type CheckedLine, type CheckedSteps, checkSteps, type StepsQuestion } from "./library/claim/derivation/derivation.ts";
export type { CheckedClaim, ClaimQuestion, ClaimVerdict, Diagnosis, PlainCounterexample, Texts } from "./library/claim/verdict/verdict.ts";
export { CODE_TARGETS, type Code, type CodeQuestion, type CodeTarget, exportCode } from "./library/code/code.ts";
export {
  type ArrayInput,
  type Compiled,
  type CompiledArguments,
  type CompiledOutput,
  type CompileQuestion,
  compile,
} from "./library/code/compile.ts";
export type { OutputName } from "./library/code/outputs.ts";
export type { ProgramQuestion } from "./library/code/program.ts";
export {
  type CheckedDocument,
  checkDocument,
  type DocumentClaim,
  type DocumentFormat,
  type DocumentOptions,
} from "./library/document/document.ts";
export type { Skipped } from "./library/document/formula.ts";
export { type Counts, jsonReport, junitReport, sarifReport, textReport } from "./library/document/report.ts";
export { suggestionDiff, withSuggestions } from "./library/document/suggest.ts";
export type { Data, DataValue } from "./library/numbers/data.ts";
export { type Evaluation, evaluate, type Value } from "./library/numbers/evaluate.ts";
export { type ComplexValues, checkGradient, type GradientChoice } from "./library/numbers/gradient.ts";
export { checkGradientAt, type GradientAnswer, type GradientQuestion } from "./library/numbers/gradientAt.ts";
export { type CheckedRule, type CheckedRuleJSON, checkRules, type RuleJSON } from "./library/numbers/rules.ts";
export { type AnswerClaim, type Checked, check, type PlainWitness } from "./library/numbers/verify.ts";
export type { Refusal } from "./library/question/call.ts";
export { type Parsed, type ParsedJSON, parse } from "./library/question/parse.ts";
export type { Context, Expression, Question } from "./library/question/question.ts";
export type { Complex } from "./numeric/complex.ts";
export type { Format } from "./print/print.ts";
export { createLibrary, type Library } from "./rewrite/library.ts";
export { parseRules } from "./rewrite/parse.ts";
export type { Rule, RuleCondition, RuleKind, RuleSet } from "./rewrite/rule.ts";
export { standardLibrary, standardRules } from "./rewrite/standard.ts";
