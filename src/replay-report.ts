// What a replay came to, as programs read it: sessions, energy, quotas, and where it differs from what was recorded.
// Everything in it comes from the recording. How it looks for people is bin/replay-text.ts.
import type { Services } from './csms/services.ts';
import { lastReading } from './domain/energy-account.ts';
import { totalWh } from './domain/energy.ts';
import { accountKey, leftWh } from './domain/quota.ts';
import type { Session } from './domain/session.ts';
import type { SiteCalendar } from './domain/site-calendar.ts';
import type { CallFrame } from './ocpp/frame.ts';
import { isJsonObject } from './ocpp/v16/lenient.ts';
import { tagsIn, type Recording } from './recording.ts';
import type { SentCalls } from './replay-remote.ts';

/** An Authorize or StartTransaction whose answer was another one. */
export interface OtherAnswer {
  readonly atMs: number;
  readonly call: CallFrame;
  readonly recorded: string;
  readonly replayed: string;
}

/** Times are ISO 8601 in UTC; energy is in Wh. */
export interface ReplayReport {
  readonly recording: {
    readonly chargePointId: string;
    readonly program: string;
    readonly madeAt: string;
    readonly timeZone: string;
    readonly resetDay: number;
    /** Null when the trace is empty. */
    readonly from: string | null;
    readonly to: string | null;
    readonly lines: number;
    /** CALLs of the charger. */
    readonly messages: number;
    readonly unreadable: number;
    readonly warnings: readonly string[];
  };
  readonly sessions: readonly ReplayedSession[];
  readonly energy: readonly { readonly month: string; readonly idTag: string; readonly wh: number }[];
  readonly quotas: readonly ReplayedQuota[];
  readonly alarms: readonly { readonly id: string; readonly since: string; readonly message: string }[];
  /** What the charger was seen doing; its words are those of domain/quirk.ts. */
  readonly quirks: readonly {
    readonly quirk: string;
    readonly count: number;
    readonly first: string;
    readonly last: string;
  }[];
  readonly otherAnswers: readonly {
    readonly at: string;
    readonly action: string;
    readonly idTag: string;
    readonly recorded: string;
    readonly replayed: string;
  }[];
  /** What the engine would have sent to the charger, and what that answered when it was recorded. */
  readonly calls: readonly {
    readonly action: string;
    readonly payload: object;
    readonly answer: string;
    readonly times: number;
    readonly first: string;
    readonly last: string;
  }[];
}

export interface ReplayedSession {
  readonly transactionId: number;
  readonly connectorId: number;
  readonly idTag: string;
  readonly origin: Session['origin'];
  readonly authorization: Session['authorization'];
  readonly from: string;
  /** Null: it still runs. */
  readonly to: string | null;
  readonly startRegisterWh: number | null;
  /** At the end, or the last one known. */
  readonly endRegisterWh: number | null;
  readonly wh: number;
  readonly whByMonth: Readonly<Record<string, number>>;
  readonly evidence: string | null;
  readonly reason: string | null;
  readonly flags: readonly string[];
  readonly suspectedUnit: string | null;
  /** Why it has to stop. */
  readonly stop: string | null;
}

export interface ReplayedQuota {
  readonly idTags: readonly string[];
  readonly account: string | null;
  readonly month: string;
  /** Null: unlimited. */
  readonly quotaWh: number | null;
  readonly usedWh: number;
  readonly leftWh: number | null;
}

export interface ReplayOutcome {
  readonly recording: Recording;
  readonly services: Services;
  readonly calendar: SiteCalendar;
  readonly nowMs: number;
  readonly messages: number;
  readonly unreadable: number;
  readonly otherAnswers: readonly OtherAnswer[];
  readonly calls: readonly SentCalls[];
}

export function reportOf(outcome: ReplayOutcome): ReplayReport {
  const { services, calendar, otherAnswers, calls } = outcome;
  const sessions = [...services.durable.sessions()].sort(
    (a, b) => a.startedMs - b.startedMs || a.transactionId - b.transactionId,
  );
  return {
    recording: factsOf(outcome),
    sessions: sessions.map((session) => toReplayedSession(session, calendar)),
    energy: energyOf(sessions, outcome),
    quotas: quotasOf(sessions, outcome),
    alarms: services.alarms
      .active()
      .map(({ id, sinceMs, message }) => ({ id, since: isoTime(sinceMs), message })),
    quirks: services.quirks
      .of(outcome.recording.header.chargePointId)
      .map(({ quirk, count, firstSeenMs, lastSeenMs }) => ({
        quirk,
        count,
        first: isoTime(firstSeenMs),
        last: isoTime(lastSeenMs),
      })),
    otherAnswers: otherAnswers.map(({ atMs, call, recorded, replayed }) => {
      const { action } = call;
      return { at: isoTime(atMs), action, idTag: idTagIn(call), recorded, replayed };
    }),
    calls: calls.map(({ firstMs, lastMs, ...call }) => ({
      ...call,
      first: isoTime(firstMs),
      last: isoTime(lastMs),
    })),
  };
}

function factsOf({ recording, messages, unreadable }: ReplayOutcome): ReplayReport['recording'] {
  const { header, lines, warnings } = recording;
  const { chargePointId, program, madeAt, timeZone, resetDay } = header;
  const [first] = lines;
  const last = lines.at(-1);
  return {
    chargePointId,
    program,
    madeAt,
    timeZone,
    resetDay,
    from: first ? isoTime(first.atMs) : null,
    to: last ? isoTime(last.atMs) : null,
    lines: lines.length,
    messages,
    unreadable,
    warnings,
  };
}

function toReplayedSession(session: Session, calendar: SiteCalendar): ReplayedSession {
  const { transactionId, connectorId, idTag, origin, authorization, account, energyByDay, end } = session;
  const whByMonth: Record<string, number> = {};
  for (const [day, wh] of Object.entries(energyByDay).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const month = calendar.monthOf(day);
    whByMonth[month] = (whByMonth[month] ?? 0) + wh;
  }
  return {
    transactionId,
    connectorId,
    idTag,
    origin,
    authorization,
    from: isoTime(session.startedMs),
    to: end === null ? null : isoTime(end.atMs),
    startRegisterWh: session.meterStartWh ?? account.start?.wh ?? null,
    endRegisterWh: end?.register?.wh ?? lastReading(account)?.wh ?? null,
    wh: totalWh(energyByDay),
    whByMonth,
    evidence: end?.evidence ?? null,
    reason: end?.reason ?? null,
    flags: session.flags,
    suspectedUnit: session.suspectedUnit,
    stop: session.stop?.reason ?? null,
  };
}

function energyOf(
  sessions: readonly Session[],
  { services, calendar }: ReplayOutcome,
): ReplayReport['energy'] {
  const months = new Set(
    sessions.flatMap(({ energyByDay }) => Object.keys(energyByDay).map((day) => calendar.monthOf(day))),
  );
  return [...months].sort().flatMap((month) =>
    [...services.durable.usedInMonth(month)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .filter(([, wh]) => wh !== 0)
      .map(([idTag, wh]) => ({ month, idTag, wh })),
  );
}

/** Of the accounts whose cards occur, in the month in which the recording ends. */
function quotasOf(
  sessions: readonly Session[],
  { recording, services, calendar, nowMs }: ReplayOutcome,
): ReplayedQuota[] {
  const { users, durable } = services;
  const month = calendar.monthAt(nowMs);
  const quotas = new Map<string, ReplayedQuota>();
  for (const idTag of [...tagsIn(recording.lines), ...sessions.map((session) => session.idTag)]) {
    const user = users.find(idTag);
    if (!user || quotas.has(accountKey(user))) continue;
    const cards = users.accountOf(user);
    const isUnlimited = cards.some((card) => card.isUnlimited);
    quotas.set(accountKey(user), {
      idTags: cards.map((card) => card.idTag),
      account: user.account,
      month,
      quotaWh: isUnlimited ? null : Math.max(...cards.map((card) => card.quotaWh)),
      usedWh: cards.reduce((sum, card) => sum + durable.usedWh(month, card.idTag), 0),
      leftWh: leftWh(cards, month, durable),
    });
  }
  return [...quotas.values()];
}

function idTagIn({ payload }: CallFrame): string {
  const idTag = isJsonObject(payload) ? payload['idTag'] : undefined;
  return typeof idTag === 'string' ? idTag : '';
}

function isoTime(atMs: number): string {
  return new Date(atMs).toISOString();
}
