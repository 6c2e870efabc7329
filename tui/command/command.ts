// What can be typed after `:`, as data: its name, what follows, what it does.
import type { Desk, World } from '../desk/desk.ts';
import type { Role } from '../keys/binding.ts';

export interface Command {
  readonly name: string;
  /** Shorter names. */
  readonly also?: readonly string[];
  /** What follows the name, for the help: `USER KWH`. */
  readonly args?: string;
  readonly label: string;
  readonly role?: Role;
  /** Words that the last word may become. */
  readonly complete?: (world: World, words: readonly string[]) => readonly string[];
  /** Returns what is wrong with the words; null: it was done. */
  readonly run: (desk: Desk, words: readonly string[]) => string | null;
}

/** What the line can become: the names of commands, then what the command knows. */
export function completions(commands: readonly Command[], world: World, text: string): readonly string[] {
  const words = text.trimStart().split(/ +/);
  const [first = '', ...others] = words;
  if (others.length === 0) return commands.map(({ name }) => name).filter((name) => name.startsWith(first));
  const command = commandNamed(commands, first);
  const last = (others.at(-1) ?? '').toLowerCase();
  const candidates = command?.complete?.(world, others) ?? [];
  const begins = candidates.filter((candidate) => candidate.toLowerCase().startsWith(last));
  return begins.length > 0
    ? begins
    : candidates.filter((candidate) => candidate.toLowerCase().includes(last));
}

export function commandNamed(commands: readonly Command[], name: string): Command | null {
  const exact = commands.find((command) => command.name === name || command.also?.includes(name));
  if (exact) return exact;
  const starting = commands.filter((command) => command.name.startsWith(name));
  return name !== '' && starting.length === 1 ? (starting[0] ?? null) : null;
}
