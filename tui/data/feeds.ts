// What is read again and again, as a table: when, and what it puts into the snapshot. What has events is read once.
import type { EventKind } from '../../src/api/contract/events.ts';
import type { Session } from '../../src/api/contract/sessions.ts';
import { readAccountHistory } from './account-history.ts';
import { readPast, wantedPast } from './past-sessions.ts';
import type { SiteApi } from './site-api.ts';
import { sessionOfKey, withLines, withSessions, type Change, type Snapshot } from './snapshot.ts';

/** What a person looks at. */
export interface Interest {
  readonly screen: string;
  readonly subject?: string;
  /** Rows of a list that is read a page at a time; the first page unless told. */
  readonly rows?: number;
}

/** What a feed may need to know for reading. */
export interface Asked {
  readonly subject: string;
  readonly latest: Snapshot;
  readonly nowMs: () => number;
}

export interface Feed {
  readonly name: string;
  /** What it is asked about for who looks there; null: nobody needs it now. */
  readonly subject: (interest: Interest) => string | null;
  readonly load: (api: SiteApi, asked: Asked) => Promise<Change>;
  /** Read again after so long; null: only when something says so. */
  readonly everyMs: number | null;
  /** Events after which it is read again, but not sooner than `gapMs` after the last time. */
  readonly staleBy: readonly EventKind[];
  readonly gapMs: number;
}

const ALWAYS = () => '';
const SECOND_MS = 1_000;
/** Another PC's clock that differs by less is taken for the same. */
const CLOCK_TOLERANCE_MS = 2 * SECOND_MS;
/** Ended sessions that are read at the start, for the lists that show them beside the running ones. */
const SESSIONS_READ = 200;
const LOG_READ = 500;
const TRACE_READ = 500;
/** Screens that show what a charger and the server say to each other. */
const TRACING = ['charger', 'trace'];

export const feeds: readonly Feed[] = [
  {
    name: 'overview',
    subject: ALWAYS,
    async load({ observe }, { nowMs }) {
      const overview = await observe.overview();
      const offsetMs = Date.parse(overview.at) - nowMs();
      const clockOffsetMs = Math.abs(offsetMs) > CLOCK_TOLERANCE_MS ? offsetMs : 0;
      return (snapshot) => ({ ...snapshot, overview, clockOffsetMs });
    },
    everyMs: 5 * SECOND_MS,
    staleBy: ['entry', 'connection'],
    gapMs: SECOND_MS,
  },
  {
    name: 'chargers',
    subject: ALWAYS,
    async load({ chargers: api }) {
      const chargers = await api.chargers();
      return (snapshot) => ({ ...snapshot, chargers });
    },
    // When it was heard last is no event.
    everyMs: 15 * SECOND_MS,
    staleBy: [],
    gapMs: SECOND_MS,
  },
  {
    name: 'sessions',
    subject: ALWAYS,
    async load({ site }) {
      const running: Session[] = [];
      for (let after: string | undefined | null; after !== null;) {
        const page = await site.sessions({ status: 'running', after });
        running.push(...page.items);
        after = page.next;
      }
      const { items: lately } = await site.sessions({ limit: SESSIONS_READ });
      return (snapshot) => ({ ...snapshot, sessions: withSessions(lately, running) });
    },
    everyMs: null,
    staleBy: [],
    gapMs: SECOND_MS,
  },
  {
    name: 'past sessions',
    subject: wantedPast,
    async load({ site }, { subject, latest }) {
      const past = await readPast(site, subject, latest.past);
      return (snapshot) => ({ ...snapshot, past });
    },
    everyMs: null,
    staleBy: [],
    gapMs: SECOND_MS,
  },
  {
    name: 'session',
    subject: ({ screen, subject }) => (screen === 'session' ? (subject ?? null) : null),
    async load({ site }, { subject }) {
      const session = await site.session(sessionOfKey(subject));
      return (snapshot) => ({ ...snapshot, session });
    },
    everyMs: null,
    staleBy: ['session', 'rung'],
    gapMs: 2 * SECOND_MS,
  },
  {
    name: 'account',
    subject: ({ screen, subject }) => (screen === 'user' ? (subject ?? null) : null),
    async load(api, { subject, latest }) {
      const account = await readAccountHistory(api, subject, latest);
      return (snapshot) => ({ ...snapshot, account });
    },
    everyMs: 30 * SECOND_MS,
    staleBy: ['usage', 'entry'],
    gapMs: 5 * SECOND_MS,
  },
  {
    name: 'users',
    subject: ALWAYS,
    async load({ users: api }) {
      const users = await api.users();
      return (snapshot) => ({ ...snapshot, users });
    },
    // users1.csv is edited by people as well: nothing tells of that.
    everyMs: 30 * SECOND_MS,
    staleBy: ['usage', 'entry'],
    gapMs: 5 * SECOND_MS,
  },
  {
    name: 'unknown cards',
    subject: ALWAYS,
    async load({ users }) {
      const unknownTags = await users.unknownTags();
      return (snapshot) => ({ ...snapshot, unknownTags });
    },
    everyMs: 30 * SECOND_MS,
    staleBy: ['unknownTag'],
    gapMs: SECOND_MS,
  },
  {
    name: 'alarms',
    subject: ALWAYS,
    async load({ site }) {
      const alarms = await site.alarms();
      return (snapshot) => ({ ...snapshot, alarms });
    },
    everyMs: null,
    staleBy: [],
    gapMs: SECOND_MS,
  },
  {
    name: 'log',
    subject: ALWAYS,
    async load({ observe }) {
      const { items } = await observe.logs({ limit: LOG_READ });
      return (snapshot) => ({ ...snapshot, log: withLines(snapshot.log, items) });
    },
    everyMs: null,
    staleBy: [],
    gapMs: SECOND_MS,
  },
  {
    name: 'trace',
    subject: ({ screen, subject }) => (TRACING.includes(screen) ? (subject ?? null) : null),
    async load({ chargers }, { subject: chargerId, latest: { trace } }) {
      const known = trace?.chargerId === chargerId ? trace.lines : [];
      const afterSeq = known.at(-1)?.seq;
      const lines = await chargers.trace(chargerId, {
        ...(afterSeq === undefined ? {} : { afterSeq }),
        limit: TRACE_READ,
      });
      return (snapshot) => ({ ...snapshot, trace: { chargerId, lines: withLines(known, lines) } });
    },
    everyMs: SECOND_MS,
    staleBy: [],
    gapMs: SECOND_MS,
  },
  {
    name: 'measures',
    subject: ({ screen }) => (screen === 'performance' ? '' : null),
    async load({ observe }) {
      const performance = await observe.performance();
      return (snapshot) => ({ ...snapshot, performance });
    },
    everyMs: 5 * SECOND_MS,
    staleBy: [],
    gapMs: SECOND_MS,
  },
];
