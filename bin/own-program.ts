// How this program starts itself once more: from source, from the bundle and as one executable alike.
import { isSea } from 'node:sea';

export interface Program {
  readonly file: string;
  /** A command and its options follow them. */
  readonly args: readonly string[];
}

/** What to start for another process of this program. */
export function ownProgram(): Program {
  const script = process.argv[1];
  // An executable holds its program: there argv[1] is only its name as it was typed.
  const args = isSea() || script === undefined ? [] : [script];
  return { file: process.execPath, args };
}
