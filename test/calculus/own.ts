// nabla's own answer to a question and what the check says of the text of it.

import { type Answer, type Checked, check, differentiate, type Question } from "../../src/index.ts";

export interface OwnAnswer {
  readonly answer: Answer;
  readonly checked: Checked;
}

/** The answer and its check. Throws where the question is refused, or its answer is not read back. */
export async function ownAnswer(question: Question): Promise<OwnAnswer> {
  const answer = differentiate(question);
  if (!answer.ok) throw new Error(answer.diagnostics[0]?.message);
  const checked = await check({ ...question, answer: answer.ascii });
  if (!checked.ok) throw new Error(`the printed answer is not read: ${checked.diagnostics[0]?.message}`);
  return { answer, checked };
}
