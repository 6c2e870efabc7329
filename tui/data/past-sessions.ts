// Sessions of the past, read a page at a time as far as somebody looks: of all months, or of one. Never all of them.
import { PAGE_LIMIT_MAX } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/contract/sessions.ts';
import type { SiteClient } from '../../src/api/site-client.ts';
import { remembered } from './memo.ts';
import { byStart, sessionKey, type PastSessions, type Snapshot } from './snapshot.ts';

/** The subject of the screen that shows only what runs. */
export const RUNNING_ONLY = 'running';
const PAGE = 200;
/** Who wants to see more of them at once looks at one month, or exports them. */
const MOST = 5_000;

/** As many rows as there are, and a page more. */
export function rowsWithMore({ items }: PastSessions): number {
  return Math.min(MOST, items.length + PAGE);
}

/** Whether there are older ones that can be asked for. */
export function hasOlder({ items, next }: PastSessions): boolean {
  return next !== null && items.length < MOST;
}

const WANTED = /^(\d+) (.*)$/;

/** Where somebody looks, as far as it matters here. */
interface Look {
  readonly screen: string;
  readonly subject?: string;
  readonly rows?: number;
}

/** How many of which month somebody wants to see, as a feed's subject; null: none. */
export function wantedPast({ screen, subject = '', rows = PAGE }: Look): string | null {
  return screen === 'sessions' && subject !== RUNNING_ONLY ? `${rows} ${subject}` : null;
}

/** Goes on where `known` ends; where that has all that is wanted it is read anew, in its length. */
export async function readPast(
  site: Pick<SiteClient, 'sessions'>,
  wanted: string,
  known: PastSessions | null,
): Promise<PastSessions> {
  const [, digits = '', month = ''] = WANTED.exec(wanted) ?? [];
  const before = known?.month === month ? known : { items: [], next: null };
  const rows = Math.max(Number(digits), before.items.length);
  const goesOn = before.next !== null && before.items.length < rows;
  const items = goesOn ? [...before.items] : [];
  let next = goesOn ? before.next : null;
  do {
    const limit = Math.min(PAGE_LIMIT_MAX, Math.max(PAGE, rows - items.length));
    const page = await site.sessions({
      ...{ limit, after: next ?? undefined, month: month === '' ? undefined : month },
    });
    items.push(...page.items);
    ({ next } = page);
  } while (next !== null && items.length < rows);
  return { month, items, next };
}

/** With what is newer of the sessions that it has. */
export function withNews(past: PastSessions | null, news: readonly Session[]): PastSessions | null {
  if (past === null) return null;
  const byKey = new Map(news.map((session) => [sessionKey(session), session]));
  if (!past.items.some((session) => byKey.has(sessionKey(session)))) return past;
  return { ...past, items: past.items.map((session) => byKey.get(sessionKey(session)) ?? session) };
}

/** What the screen of sessions shows: those that run first, then the newest. `month` empty: of all months. */
export function sessionsShown({ sessions, past, overview }: Snapshot, month: string): readonly Session[] {
  return shownOf(sessions, past, month, overview?.month ?? '');
}

const shownOf = remembered(
  (sessions: Snapshot['sessions'], past: PastSessions | null, month: string, currentMonth: string) => {
    const read = past?.month === month ? past.items : [];
    const lately = sessions ?? [];
    const news = month === '' ? lately : lately.filter((session) => month === currentMonth && isAfter(session, read));
    const byKey = new Map([...read, ...news].map((session) => [sessionKey(session), session]));
    return [...byKey.values()].sort(
      (a, b) => Number(a.status === 'ended') - Number(b.status === 'ended') || byStart(a, b),
    );
  },
);

/** Of the month that is now are those that have started since its page was read. */
function isAfter({ startedAt }: Session, [newest]: readonly Session[]): boolean {
  return newest !== undefined && startedAt > newest.startedAt;
}
