// All that the dashboard knows of the site at one moment. Immutable: what changes is another snapshot.
import type { Alarm } from '../../src/api/contract/alarms.ts';
import type { Charger, TracedLine } from '../../src/api/contract/chargers.ts';
import type { LogLine } from '../../src/api/contract/logs.ts';
import type { Overview } from '../../src/api/contract/overview.ts';
import type { Performance } from '../../src/api/contract/performance.ts';
import type { Session, SessionDetails } from '../../src/api/contract/sessions.ts';
import type { Grant, MonthUsage, UnknownTag, User } from '../../src/api/contract/users.ts';

export interface Link {
  /** starting: nothing has been read yet. lost: the figures are the last that came. */
  readonly state: 'starting' | 'live' | 'lost';
  /** When data came last, of a lost connection; null: never. */
  readonly lastDataMs: number | null;
  /** Why there is no connection. */
  readonly problem: { readonly message: string; readonly hint: string } | null;
  /** When it is tried again; null: it is being tried, or needs not be. */
  readonly retryAtMs: number | null;
}

export interface ChargerTrace {
  readonly chargerId: string;
  /** The newest last. */
  readonly lines: readonly TracedLine[];
}

/** Sessions of one month, or of all, read a page at a time. */
export interface PastSessions {
  /** `2026-11`; empty: of all months. */
  readonly month: string;
  /** The newest first. */
  readonly items: readonly Session[];
  /** Where the next page begins; null: there is none. */
  readonly next: string | null;
}

/** One account with its past; all lists have the newest first. */
export interface AccountHistory {
  /** As an Account has it. */
  readonly id: string;
  /** Of all its cards together. */
  readonly months: readonly MonthUsage[];
  readonly grants: readonly Grant[];
  readonly sessions: readonly Session[];
}

export interface Snapshot {
  readonly link: Link;
  /** What to add to this machine's clock to get the server's. */
  readonly clockOffsetMs: number;
  readonly overview: Overview | null;
  /** null: not read yet; so also below. */
  readonly chargers: readonly Charger[] | null;
  /** Those that run and those that ended lately, the newest first. */
  readonly sessions: readonly Session[] | null;
  /** Those that somebody looks at, also such as ended long ago. */
  readonly past: PastSessions | null;
  /** The one that somebody looks at. */
  readonly session: SessionDetails | null;
  readonly users: readonly User[] | null;
  /** The one that somebody looks at. */
  readonly account: AccountHistory | null;
  readonly unknownTags: readonly UnknownTag[];
  readonly alarms: readonly Alarm[];
  /** The newest last. */
  readonly log: readonly LogLine[];
  readonly trace: ChargerTrace | null;
  readonly performance: Performance | null;
}

export type Change = (snapshot: Snapshot) => Snapshot;

export const firstSnapshot: Snapshot = {
  link: { state: 'starting', lastDataMs: null, problem: null, retryAtMs: null },
  clockOffsetMs: 0,
  overview: null,
  chargers: null,
  sessions: null,
  past: null,
  session: null,
  users: null,
  account: null,
  unknownTags: [],
  alarms: [],
  log: [],
  trace: null,
  performance: null,
};

/** Ended sessions that are kept, the newest. */
const ENDED_KEPT = 500;
/** Lines of the log, and of a trace, that are kept, the newest. */
export const LINES_KEPT = 2_000;

/** Sessions with these put in or replaced. */
export function withSessions(
  sessions: readonly Session[] | null,
  news: readonly Session[],
): readonly Session[] {
  const byKey = new Map((sessions ?? []).map((session) => [sessionKey(session), session]));
  for (const session of news) byKey.set(sessionKey(session), session);
  const all = [...byKey.values()].sort(byStart);
  let ended = 0;
  return all.filter(({ status }) => status === 'running' || (ended += 1) <= ENDED_KEPT);
}

/** Its transaction id is unique together with the charger. */
export function sessionKey({ chargerId, transactionId }: Pick<Session, 'chargerId' | 'transactionId'>): string {
  return `${chargerId}/${transactionId}`;
}

/** What a session's key is made of; a charger's id may have a `/` as well. */
export function sessionOfKey(key: string): { readonly charger: string; readonly transactionId: number } {
  const at = key.lastIndexOf('/');
  return { charger: key.slice(0, at), transactionId: Number(key.slice(at + 1)) };
}

/** The newest first. */
export function byStart(a: Session, b: Session): number {
  if (a.startedAt !== b.startedAt) return a.startedAt < b.startedAt ? 1 : -1;
  return b.transactionId - a.transactionId;
}

interface NumberedLine {
  readonly seq: number;
  readonly at: string;
}

/** Lines with these among them by their number, none twice; the oldest go when there are too many. */
export function withLines<L extends NumberedLine>(lines: readonly L[], news: readonly L[]): readonly L[] {
  const newest = lines.at(-1);
  const last = news.at(-1);
  if (!last) return lines;
  // A server that was started anew counts from 1 again.
  if (!newest || (last.seq <= newest.seq && last.at > newest.at)) return news.slice(-LINES_KEPT);
  if (news.every(({ seq }) => seq > newest.seq)) return [...lines, ...news].slice(-LINES_KEPT);
  const bySeq = new Map([...news, ...lines].map((one) => [one.seq, one]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq).slice(-LINES_KEPT);
}
