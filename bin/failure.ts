// How a failure is told to people: one line with a hint, and where it came from only when asked for.
import { printable } from '../src/runtime/printable.ts';

/** Errors of our own boundaries carry a hint; others say what they say. */
export function describeFailure(error: unknown, isDebug: boolean): string {
  const message = error instanceof Error ? error.message : String(error);
  const hint = hasHint(error) ? `; ${error.hint}` : '';
  const lines = message.split('\n').map((line) => `kwota: ${line}${hint}`);
  if (isDebug && error instanceof Error) lines.push(...stackOf(error).split('\n'));
  return lines.map((line) => `${printable(line)}\n`).join('');
}

/** Whether what is wrong was typed: a flag with a value that it cannot have. */
export function isWrongUsage(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('problems' in error)) return false;
  const { problems } = error;
  const isFlag = (problem: unknown) => String((problem as { source?: unknown }).source).startsWith('--');
  return Array.isArray(problems) && problems.length > 0 && problems.every(isFlag);
}

function hasHint(error: unknown): error is { hint: string } {
  return typeof error === 'object' && error !== null && 'hint' in error && typeof error.hint === 'string';
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
