// What may come next on a command line that is being typed, as the program itself says. It asks nobody and prints nothing.
import type { Argument, Command, Option } from 'commander';

export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** Names that only a server or the simulator knows. */
export type NameKind = 'chargers' | 'users' | 'sessions' | 'tokens' | 'actions';

export interface Completion {
  /** What begins with the word so far is wanted of these … */
  readonly candidates: readonly Candidate[];
  /** … or of these names, or the shell's own completion of paths. */
  readonly from: NameKind | 'files' | 'folders' | null;
  /** What stands in the word before that which is completed: `--charger=`. */
  readonly prefix: string;
  /** Options with a value that were typed so far, by their names in the program. */
  readonly given: Readonly<Record<string, string>>;
}

/** By the name of an argument or of an option's value, in the command line's help. */
const KIND_BY_NAME: Readonly<Record<string, Completion['from']>> = {
  idTag: 'users',
  transaction: 'sessions',
  action: 'actions',
  file: 'files',
  dir: 'folders',
};

/** `words` follow the program's name; the last one is being typed, and may be empty. */
export function completionOf(program: Command, words: readonly string[]): Completion {
  const walk = new Walk(program);
  for (const word of words.slice(0, -1)) walk.pass(word);
  return walk.completionOf(words.at(-1) ?? '');
}

class Walk {
  #command: Command;
  #path: readonly string[] = [];
  #arguments = 0;
  #hasOptionsEnded = false;
  /** The option whose value comes next. */
  #pending: Option | null = null;
  readonly #given: Record<string, string> = {};

  constructor(program: Command) {
    this.#command = program;
  }

  pass(word: string): void {
    if (this.#pending !== null) this.#take(this.#pending, word);
    else if (this.#hasOptionsEnded) this.#arguments += 1;
    else if (word === '--') this.#hasOptionsEnded = true;
    else if (word.startsWith('-') && word !== '-') this.#passOption(word);
    else this.#passArgument(word);
  }

  completionOf(word: string): Completion {
    const option = this.#pending;
    if (option !== null) return this.#valueOf(option, '');
    if (!this.#hasOptionsEnded && word.startsWith('-')) {
      const [name = '', value] = word.split('=', 2);
      const known = value === undefined ? undefined : this.#option(name);
      return known === undefined ? this.#options() : this.#valueOf(known, `${name}=`);
    }
    const commands = this.#arguments === 0 ? visible(this.#command.commands) : [];
    if (commands.length > 0) {
      return this.#of(commands.map((one) => ({ value: one.name(), description: one.description() })));
    }
    const { registeredArguments: known } = this.#command;
    const argument = known[this.#arguments] ?? (known.at(-1)?.variadic ? known.at(-1) : undefined);
    return argument === undefined ? this.#of([]) : this.#argument(argument);
  }

  #take(option: Option, value: string): void {
    this.#given[option.attributeName()] = value;
    this.#pending = null;
  }

  #passOption(word: string): void {
    const [name = '', value] = word.split('=', 2);
    const option = this.#option(name);
    if (option === undefined) return;
    if (value !== undefined) this.#take(option, value);
    else if (option.required) this.#pending = option;
  }

  #passArgument(word: string): void {
    const command = this.#command.commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (command === undefined || this.#arguments > 0) this.#arguments += 1;
    else {
      this.#command = command;
      this.#path = [...this.#path, command.name()];
    }
  }

  #option(name: string): Option | undefined {
    return this.#command.options.find(({ long, short }) => long === name || short === name);
  }

  #options(): Completion {
    const shown = this.#command.options.filter(({ hidden, long }) => !hidden && long !== undefined);
    const candidates = shown.map(({ long, description }) => ({ value: long ?? '', description }));
    return this.#of([...candidates, { value: '--help', description: 'display help for command' }]);
  }

  #valueOf(option: Option, prefix: string): Completion {
    if (option.argChoices !== undefined) return { ...this.#of(words(option.argChoices)), prefix };
    const name = /[<[]([\w-]+)/.exec(option.flags)?.[1] ?? '';
    const from = option.long === '--charger' ? 'chargers' : (KIND_BY_NAME[name] ?? null);
    return { ...this.#of([]), from, prefix };
  }

  #argument(argument: Argument): Completion {
    if (argument.argChoices !== undefined) return this.#of(words(argument.argChoices));
    const name = argument.name();
    if (name === 'id') return { ...this.#of([]), from: 'chargers' };
    // The name of a token that there is; a new one is not to be completed.
    if (name === 'name' && this.#path.join(' ') === 'tokens remove')
      return { ...this.#of([]), from: 'tokens' };
    const isNew = name === 'idTag' && this.#path.join(' ') === 'users add';
    return { ...this.#of([]), from: isNew ? null : (KIND_BY_NAME[name] ?? null) };
  }

  #of(candidates: readonly Candidate[]): Completion {
    return { candidates, from: null, prefix: '', given: this.#given };
  }
}

/** commander keeps to itself which commands are hidden; its help knows. */
function visible(commands: readonly Command[]): Command[] {
  const [first] = commands;
  const parent = first?.parent;
  if (!parent) return [];
  return parent.createHelp().visibleCommands(parent);
}

function words(values: readonly string[]): Candidate[] {
  return values.map((value) => ({ value, description: '' }));
}
