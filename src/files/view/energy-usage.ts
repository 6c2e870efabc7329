// energy_usage.json: kWh of each user in the current month, running sessions included.
import { kWhOf } from '../../domain/energy.ts';
import type { SiteState } from '../../domain/site-state.ts';
import type { User } from '../../domain/user.ts';

/** So many lines are put together again when one of them has changed. */
const BLOCK = 64;

/** The content as it was last rendered: of thousands of users few use anything until the next time, and only they cost. */
export class EnergyUsage {
  readonly #state: SiteState;
  readonly #whByTag = new Map<string, number>();
  readonly #rows = new Map<string, number>();
  /** One for each tag, in the order of the file. */
  #lines: string[] = [];
  /** The same, put together; null where that is not so any more. */
  #blocks: (string | null)[] = [];
  #text: string | null = null;
  #users: readonly User[] = [];
  #month = '';

  constructor(state: SiteState) {
    this.#state = state;
  }

  /** In whole Wh, as last rendered: users in the order of users1.csv, then whoever else used energy. */
  get whByTag(): ReadonlyMap<string, number> {
    return this.#whByTag;
  }

  /** `users` is another list whenever it has another content. */
  render(users: readonly User[], month: string): string {
    if (users !== this.#users || month !== this.#month) this.#begin(users, month);
    // Who has used something of a month stays in it.
    for (const [idTag, bookedWh] of this.#state.usedInMonth(month)) {
      const wh = Math.max(0, bookedWh);
      if (this.#whByTag.get(idTag) !== wh) this.#set(idTag, wh);
    }
    return (this.#text ??= this.#join());
  }

  #begin(users: readonly User[], month: string): void {
    this.#users = users;
    this.#month = month;
    this.#text = null;
    this.#lines = [];
    this.#blocks = [];
    this.#rows.clear();
    this.#whByTag.clear();
    for (const { idTag } of users) if (!this.#whByTag.has(idTag)) this.#set(idTag, 0);
  }

  #set(idTag: string, wh: number): void {
    let row = this.#rows.get(idTag);
    if (row === undefined) this.#rows.set(idTag, (row = this.#lines.length));
    this.#whByTag.set(idTag, wh);
    // By hand: as keys of an object, tags like "12" would change their place and "__proto__" would vanish.
    this.#lines[row] = `  ${JSON.stringify(idTag)}: ${kWhOf(wh)}`;
    this.#blocks[Math.floor(row / BLOCK)] = null;
    this.#text = null;
  }

  #join(): string {
    if (this.#lines.length === 0) return '{}\n';
    for (const [block, text] of this.#blocks.entries())
      if (text === null)
        this.#blocks[block] = this.#lines.slice(block * BLOCK, (block + 1) * BLOCK).join(',\n');
    return `{\n${this.#blocks.join(',\n')}\n}\n`;
  }
}
