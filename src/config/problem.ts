// What is wrong with a configuration and where, for people. Finding it is load.ts.

export interface Problem {
  /** The file as it was named, or the flag (`--ocpp-port`) or variable (`KWOTA_OCPP_PORT`) that was given. */
  readonly source: string;
  /** From 1; null where the source is no file. */
  readonly line: number | null;
  /** From 1; null where the source is no file. */
  readonly column: number | null;
  /** The key, such as `ocpp.port`; empty where the problem is no key's. */
  readonly path: string;
  /** What is wrong, with the key in it; a text that names a ${VARIABLE} is shown as written, not replaced. */
  readonly message: string;
  /** What to do about it; null where the message says all. */
  readonly hint: string | null;
}

/** One line for the terminal: `config.yaml:3:5: ocpp.prot is not a known key; did you mean ocpp.port?`. */
export function describeProblem(problem: Problem): string {
  const position = problem.line === null ? '' : `:${problem.line}:${problem.column ?? 1}`;
  const hint = problem.hint === null ? '' : `; ${problem.hint}`;
  return `${problem.source}${position}: ${problem.message}${hint}`;
}

/** A configuration that cannot be used; `message` has every problem on a line of its own. */
export class ConfigError extends Error {
  readonly code = 'CONFIG_INVALID';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(describeProblem).join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}
