// Grants: extra kWh for one month, each an entry of its own. One that was wrong is taken back by another entry, never deleted.
import type { Entry } from '../domain/entry.ts';
import { whOf } from '../domain/energy.ts';
import type { SiteCalendar } from '../domain/site-calendar.ts';
import type { SiteState } from '../domain/site-state.ts';
import { checkGrant, type FieldProblem } from '../domain/user-fields.ts';
import type { User } from '../domain/user.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Journal } from './journal.ts';

export interface GrantParts {
  readonly journal: Journal;
  readonly calendar: SiteCalendar;
  readonly clock: Clock;
  readonly log: Log;
  /** A new name that no other grant has. */
  readonly newId: () => string;
  /** What is left of a quota has changed: a stop may have to be taken back, or a session to end. */
  readonly onGranted: () => void;
}

export interface GrantRequest {
  readonly kWh: number;
  /** The billing month; the current one unless told. */
  readonly month?: string;
  readonly note?: string;
}

export type GrantOutcome =
  | { readonly ok: true; readonly entry: Entry }
  | { readonly ok: false; readonly code: 'invalid'; readonly problems: readonly FieldProblem[] }
  | { readonly ok: false; readonly code: 'unknown' | 'revoked' };

/** A grant for another month than these many before or after the current one is a slip of the keyboard. */
const MAX_MONTHS_AWAY = 12;

export class Grants {
  readonly #parts: GrantParts;

  constructor(parts: GrantParts) {
    this.#parts = parts;
  }

  /** Resolves when the grant is on disk. `by` is who asks: the name of an API token. */
  async grant(user: User, request: GrantRequest, by: string): Promise<GrantOutcome> {
    const { calendar, clock, newId } = this.#parts;
    const { kWh, month, note } = request;
    const atMs = clock.now();
    const current = calendar.monthAt(atMs);
    const problems = checkGrant(kWh, month, note);
    if (problems.length === 0 && month !== undefined && monthsBetween(current, month) > MAX_MONTHS_AWAY)
      problems.push({ field: 'month', message: `${month} is more than ${MAX_MONTHS_AWAY} months away` });
    if (problems.length > 0) return { ok: false, code: 'invalid', problems };
    return this.#put({
      ...{ id: `grant-${newId()}`, type: 'grant', idTag: user.idTag, month: month ?? current },
      ...{ wh: whOf(kWh), atMs, source: by },
      ...(note === undefined || note === '' ? {} : { note }),
    });
  }

  /** Takes a grant of this tag back: once, however often it is asked. */
  async revoke(idTag: string, grantId: string, by: string): Promise<GrantOutcome> {
    const { journal, clock } = this.#parts;
    const grant = journal.live.entry(grantId);
    const isGrant = grant?.type === 'grant' && grant.idTag === idTag && grant.revokes === undefined;
    if (!isGrant) return { ok: false, code: 'unknown' };
    const id = `revocation-of-${grantId}`;
    if (journal.live.entry(id)) return { ok: false, code: 'revoked' };
    return this.#put({ ...grant, id, wh: -grant.wh, atMs: clock.now(), source: by, revokes: grantId });
  }

  async #put(entry: Entry): Promise<GrantOutcome> {
    const { journal, log, onGranted } = this.#parts;
    const { idTag, month, wh, source } = entry;
    journal.putEntry(entry);
    onGranted();
    await journal.durable();
    log.info('QUOTA', entry.revokes ? 'grant taken back' : 'granted', { user: idTag, month, wh, by: source });
    return { ok: true, entry };
  }
}

/** Grants and what took them back, the oldest first; of all months unless one is told. */
export function grantsOf(state: SiteState, idTag: string, month?: string): Entry[] {
  const found: Entry[] = [];
  for (const entry of state.entries()) {
    if (entry.type !== 'grant' || entry.idTag !== idTag) continue;
    if (month === undefined || entry.month === month) found.push(entry);
  }
  return found.sort((a, b) => a.atMs - b.atMs);
}

function monthsBetween(a: string, b: string): number {
  const count = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5));
  return Math.abs(count(a) - count(b));
}
