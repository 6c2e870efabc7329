// /api/sessions: what was charged and is charging, and what a person may do to it.
import Type, { type Static } from 'typebox';
import { isRunning, sessionId, type Session } from '../../domain/session.ts';
import { WH_PER_KWH } from '../../domain/energy.ts';
import { PAGE_LIMIT_DEFAULT } from '../contract.ts';
import { MONTH_PATTERN, pageQuery, words } from '../contract/schema.ts';
import { CloseRequest, SessionDetails, SessionsPage, StopResult } from '../contract/sessions.ts';
import { csvText } from '../csv.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { byText, firstInOrder, pageOf } from '../page.ts';
import type { SessionPorts } from '../ports/sessions.ts';
import { HttpProblem } from '../problem.ts';
import { sessionDetailsView, sessionView } from './session-view.ts';

const CSV = 'text/csv';

const sessionsQuery = Type.Object({
  ...pageQuery,
  status: Type.Optional(words(['running', 'ended'], 'Only those that run, or have ended.')),
  charger: Type.Optional(Type.String({ description: 'Only those of this charger.' })),
  idTag: Type.Optional(Type.String({ description: 'Only those of this card, to the letter.' })),
  from: Type.Optional(Type.String({ format: 'date-time', description: 'Started then or later.' })),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'Started before then.' })),
  month: Type.Optional(
    Type.String({
      pattern: MONTH_PATTERN,
      description: 'Started, or charged something, in this billing month: `2026-11`.',
    }),
  ),
});

const sessionParams = Type.Object({
  transactionId: Type.Integer({ minimum: 1, description: 'As the charger was told it.' }),
});

const chargerQuery = Type.Object({
  charger: Type.Optional(
    Type.String({ description: 'Needed where sessions of several chargers have this transaction id.' }),
  ),
});

type Which = Static<typeof sessionParams> & Static<typeof chargerQuery>;

const found = { params: sessionParams, query: chargerQuery, group: 'Sessions' } as const;

export function sessionRoutes(ports: SessionPorts): readonly Route[] {
  return [listRoute(ports), detailsRoute(ports), stopRoute(ports), closeRoute(ports)];
}

function listRoute(ports: SessionPorts): Route {
  return defineRoute({
    method: 'GET',
    path: '/api/sessions',
    role: 'viewer',
    group: 'Sessions',
    summary: 'Sessions, the newest first',
    description: 'As CSV, all that were asked for come on one page.',
    query: sessionsQuery,
    answer: { description: 'Sessions by the time of their start.', json: SessionsPage, text: [CSV] },
    async handle({ query, mediaType }) {
      const all = [...ports.sessions()].filter((session) => isAskedFor(session, query, ports));
      if (mediaType === CSV)
        return { text: await csvText(csvRows(all.sort(newestFirst), ports), CSV_COLUMNS) };
      const { after, limit = PAGE_LIMIT_DEFAULT } = query;
      const rest = after === undefined ? all : all.filter((session) => cursorOf(session) < after);
      // There are years of them, and somebody looks at the newest all the time. One more: whether there is another page.
      const shown = firstInOrder(rest, limit + 1, newestFirst);
      const { items, next } = pageOf(shown, query, cursorOf, (a, b) => byText(b, a));
      return { json: { items: items.map((session) => sessionView(session, ports)), next } };
    },
  });
}

function detailsRoute(ports: SessionPorts): Route {
  return defineRoute({
    ...found,
    method: 'GET',
    path: '/api/sessions/{transactionId}',
    role: 'viewer',
    summary: 'One session',
    answer: { description: 'All that is known of it.', json: SessionDetails },
    problems: ['sessionUnknown', 'sessionAmbiguous'],
    handle: ({ params, query }) => ({
      json: sessionDetailsView(knownSession(ports, { ...params, ...query }), ports),
    }),
  });
}

function stopRoute(ports: SessionPorts): Route {
  return defineRoute({
    ...found,
    method: 'POST',
    path: '/api/sessions/{transactionId}/stop',
    role: 'operator',
    summary: 'Asks for the end of a session',
    description:
      'The charger is asked by RemoteStopTransaction, and by stronger means until the session has ended: no grant takes ' +
      'it back. The answer comes when the charger has answered, or after 20 s.',
    answer: { description: 'What came of it.', json: StopResult },
    problems: ['sessionUnknown', 'sessionAmbiguous', 'sessionEnded'],
    async handle({ params, query, caller }) {
      const session = runningSession(ports, { ...params, ...query });
      const outcome = await ports.stop(session, caller.name);
      const now = ports.session(session.chargePointId, session.transactionId) ?? session;
      const rung = outcome.kind === 'asked' ? outcome : { step: null, answer: null };
      return {
        json: {
          outcome: outcome.kind,
          step: rung.step,
          answer: rung.answer,
          session: sessionDetailsView(now, ports),
        },
      };
    },
  });
}

function closeRoute(ports: SessionPorts): Route {
  return defineRoute({
    ...found,
    method: 'POST',
    path: '/api/sessions/{transactionId}/close',
    role: 'operator',
    summary: 'Ends a stuck session on record',
    isKept: true,
    description:
      'Nothing is sent to the charger. A StopTransaction that comes after all takes the place of this end, and samples ' +
      'that show more energy reopen the session.',
    body: CloseRequest,
    answer: { description: 'The session as it is now.', json: SessionDetails },
    problems: ['sessionUnknown', 'sessionAmbiguous', 'sessionEnded', 'meterStopRefused'],
    async handle({ params, query, body, caller }) {
      const session = runningSession(ports, { ...params, ...query });
      const outcome = await ports.close(session, body.meterStopWh ?? null, caller.name);
      if ('lastWh' in outcome) throw meterStopProblem(outcome.kind, outcome.lastWh);
      if (outcome.kind === 'ended') throw endedProblem(session);
      const now = ports.session(session.chargePointId, session.transactionId) ?? session;
      return { json: sessionDetailsView(now, ports) };
    },
  });
}

const CSV_COLUMNS = [
  ...(['transactionId', 'chargerId', 'connectorId', 'idTag', 'userName', 'authorization'] as const),
  ...(['startedAt', 'endedAt', 'energyWh', 'meterStartWh', 'meterStopWh'] as const),
  ...(['evidence', 'reason', 'flags'] as const),
];

function* csvRows(sessions: Iterable<Session>, ports: SessionPorts) {
  for (const session of sessions) {
    const { end, flags, ...shown } = sessionView(session, ports);
    yield {
      ...shown,
      endedAt: end?.at ?? null,
      meterStopWh: end?.meterStopWh ?? null,
      evidence: end?.evidence ?? null,
      reason: end?.reason ?? null,
      flags: flags.join(' '),
    };
  }
}

function isAskedFor(session: Session, query: Static<typeof sessionsQuery>, ports: SessionPorts): boolean {
  const { status, charger, idTag, from, to, month } = query;
  return (
    (status === undefined || isRunning(session) === (status === 'running')) &&
    (charger === undefined || session.chargePointId === charger) &&
    (idTag === undefined || session.idTag === idTag) &&
    (from === undefined || session.startedMs >= Date.parse(from)) &&
    (to === undefined || session.startedMs < Date.parse(to)) &&
    (month === undefined || ports.isOfMonth(session, month))
  );
}

function newestFirst(a: Session, b: Session): number {
  return b.startedMs - a.startedMs || byText(sessionId(b), sessionId(a));
}

/** Milliseconds since 1970 have as many digits until the year 33658. */
const TIME_DIGITS = 15;

/** In the order of their start, and among equals by charger and id. */
function cursorOf(session: Session): string {
  return `${String(session.startedMs).padStart(TIME_DIGITS, '0')}/${sessionId(session)}`;
}

function runningSession(ports: SessionPorts, which: Which): Session {
  const session = knownSession(ports, which);
  if (!isRunning(session)) throw endedProblem(session);
  return session;
}

/** Throws a 404, or a 409 that names the chargers that it may be of: an id is unique for its charger alone. */
function knownSession(ports: SessionPorts, { transactionId, charger }: Which): Session {
  const all = [...ports.sessions()].filter(
    (session) =>
      session.transactionId === transactionId && (charger === undefined || session.chargePointId === charger),
  );
  const [session] = all;
  if (!session) {
    const where = charger === undefined ? '' : ` of charger ${JSON.stringify(charger)}`;
    throw new HttpProblem('sessionUnknown', {
      detail: `there is no session ${transactionId}${where}`,
      hint: 'GET /api/sessions lists all (kwota sessions list)',
    });
  }
  if (all.length === 1) return session;
  const chargers = all.map(({ chargePointId }) => chargePointId).sort(byText);
  throw new HttpProblem('sessionAmbiguous', {
    detail: `${all.length} sessions have the transaction id ${transactionId}, of the chargers ${chargers.join(', ')}`,
    hint: 'say which with charger=ID (kwota: --charger ID)',
    errors: chargers.map((message) => ({ path: 'charger', message })),
  });
}

function endedProblem({ transactionId }: Session): HttpProblem {
  return new HttpProblem('sessionEnded', {
    detail: `session ${transactionId} has ended already`,
    hint: 'GET /api/sessions?status=running lists those that have not',
  });
}

function meterStopProblem(kind: 'belowLast' | 'beyondPower', lastWh: number): HttpProblem {
  const last = `${(lastWh / WH_PER_KWH).toFixed(3)} kWh`;
  const detail =
    kind === 'belowLast'
      ? `the meter showed ${last} already`
      : `the meter showed ${last} last, and no charger gives so much since then`;
  return new HttpProblem('meterStopRefused', {
    detail,
    hint: 'check the number on the display and its unit, or leave it out: then the last sample counts',
    errors: [{ path: 'meterStopWh', message: detail }],
  });
}
