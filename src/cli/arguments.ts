// Prepares the arguments for commander: an expression may start with a minus and still
// needs no `--` in front, and an option whose value may be left out does not swallow the
// expression behind it.
//
// Invariant: only the form of the arguments changes. Every option becomes one argument
// (`--wrt=w`), in its order; everything else follows behind `--`, in its order.

/** The part of commander's Option that matters here. */
export interface OptionForm {
  readonly long?: string | undefined;
  readonly short?: string | undefined;
  /** A value must follow. */
  readonly required: boolean;
  /** A value may follow. */
  readonly optional: boolean;
  readonly argChoices?: readonly string[] | undefined;
}

/** Something that can only be meant as an option, known or misspelt. */
const LOOKS_LIKE_OPTION = /^--[A-Za-z][A-Za-z-]*(?:=.*)?$/s;

/** The arguments of one command with all options in front. */
export function arrangeArguments(argv: readonly string[], options: readonly OptionForm[]): string[] {
  const byFlag = new Map(options.flatMap((o) => [o.long, o.short].filter((f) => f !== undefined).map((flag) => [flag, o] as const)));
  const front: string[] = [];
  const operands: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string;
    if (word === "--") {
      operands.push(...argv.slice(i + 1));
      break;
    }
    const option = byFlag.get(word);
    const next = argv[i + 1];
    if (option?.required === true) {
      // Without a value commander says what is missing, if nothing follows.
      if (next === undefined) return [...front, word];
      front.push(`${option.long ?? word}=${next}`);
      i++;
    } else if (option?.optional === true && next !== undefined && option.argChoices?.includes(next) === true) {
      front.push(`${option.long ?? word}=${next}`);
      i++;
    } else if (option !== undefined || LOOKS_LIKE_OPTION.test(word)) front.push(word);
    else operands.push(word);
  }
  return operands.length === 0 ? front : [...front, "--", ...operands];
}
