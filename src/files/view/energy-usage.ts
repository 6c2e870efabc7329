// energy_usage.json: kWh of each user in the current month, running sessions included.
import { kWhOf } from '../../domain/energy.ts';
import type { SiteState } from '../../domain/site-state.ts';
import type { User } from '../../domain/user.ts';

/** The content as it was last rendered: of thousands of users few use anything until the next time, and only they cost. */
export class EnergyUsage {
  readonly #state: SiteState;
  readonly #whByTag = new Map<string, number>();
  /** One for each tag, in the order of the file. */
  #lines: string[] = [];
  #text: string | null = null;
  #users: readonly User[] = [];
  #month = '';
  /** How many tags of the month were looked at: others come after them, and none goes. */
  #bookedTags = 0;

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
    const used = this.#state.usedInMonth(month);
    if (used.size > this.#bookedTags) {
      for (const idTag of used.keys()) this.#append(idTag);
      this.#bookedTags = used.size;
    }
    let row = 0;
    for (const [idTag, before] of this.#whByTag) {
      const wh = Math.max(0, used.get(idTag) ?? 0);
      if (wh !== before) this.#set(row, idTag, wh);
      row += 1;
    }
    return (this.#text ??= textOf(this.#lines));
  }

  #begin(users: readonly User[], month: string): void {
    this.#users = users;
    this.#month = month;
    this.#bookedTags = 0;
    this.#text = null;
    this.#lines = [];
    this.#whByTag.clear();
    for (const { idTag } of users) this.#append(idTag);
  }

  #append(idTag: string): void {
    if (!this.#whByTag.has(idTag)) this.#set(this.#lines.length, idTag, 0);
  }

  #set(row: number, idTag: string, wh: number): void {
    this.#whByTag.set(idTag, wh);
    // By hand: as keys of an object, tags like "12" would change their place and "__proto__" would vanish.
    this.#lines[row] = `  ${JSON.stringify(idTag)}: ${kWhOf(wh)}`;
    this.#text = null;
  }
}

function textOf(lines: readonly string[]): string {
  return lines.length === 0 ? '{}\n' : `{\n${lines.join(',\n')}\n}\n`;
}
