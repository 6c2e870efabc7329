// /api/events: what happens at the site, as it happens, as server-sent events.
import Type from 'typebox';
import type { NumberedEvent } from '../../domain/site-event.ts';
import { EVENT_KINDS, type EventKind } from '../contract/events.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { openEventStream } from '../event-stream.ts';
import { eventView, type EventFacts } from '../event-view.ts';
import type { LogLines } from '../../runtime/log-ring.ts';
import { logEvent } from '../log-view.ts';
import type { ChargerPorts } from '../ports.ts';
import type { EventPorts } from '../ports/events.ts';
import type { SessionPorts } from '../ports/sessions.ts';
import { HttpProblem } from '../problem.ts';
import { chargerOf } from './chargers.ts';
import type { SessionFacts } from './session-view.ts';

/** A client that opens streams in a loop takes none from those with other tokens. */
const MAX_STREAMS_OF_TOKEN = 50;

const DESCRIPTION =
  'Each event has its kind as `event`, and JSON as `data`. The first is `reset`: ask for the present state now, what ' +
  'follows comes after it. A client that comes back with `Last-Event-ID` gets what it has missed instead, or `reset` when ' +
  'that is no longer known. What changes all the time (a session, a charger, the usage) is told once a second at most, as ' +
  'it is then. Only what is on disk is told. `log` comes only where `kinds` names it, and has no id: it is not resumed. A comment comes every 15 s; who reads too slowly is disconnected, and may resume.';

const eventsQuery = Type.Object({
  kinds: Type.Optional(
    Type.String({
      description: `Only these kinds, with commas between: ${EVENT_KINDS.join(', ')}.`,
    }),
  ),
});

export function eventRoutes(
  ports: EventPorts,
  sessions: SessionPorts,
  chargers: ChargerPorts,
  log: LogLines,
): readonly Route[] {
  const facts: EventFacts = {
    ...factsOf(sessions),
    chargerView: (chargePoint) => chargerOf(chargePoint, chargers),
  };
  let streams = 0;
  const streamsOf = new Map<string, number>();
  const count = (token: string, change: 1 | -1) => {
    streams += change;
    const left = (streamsOf.get(token) ?? 0) + change;
    if (left > 0) streamsOf.set(token, left);
    else streamsOf.delete(token);
  };
  const dataOf = rememberingLast((event) => JSON.stringify(eventView(event, facts)));
  return [
    defineRoute({
      method: 'GET',
      path: '/api/events',
      role: 'viewer',
      group: 'Events',
      summary: 'What happens, as it happens',
      description: DESCRIPTION,
      query: eventsQuery,
      answer: { description: 'Server-sent events, until one side ends it.', text: ['text/event-stream'] },
      problems: ['tooManyStreams'],
      handle(request) {
        const kinds = kindsOf(request.query.kinds);
        const { name } = request.caller;
        const ofToken = streamsOf.get(name) ?? 0;
        const isTooMany = streams >= ports.maxStreams || ofToken >= MAX_STREAMS_OF_TOKEN;
        if (isTooMany) {
          const detail = `${streams} clients listen already, ${ofToken} of them with this token`;
          throw new HttpProblem('tooManyStreams', { detail });
        }
        const stream = openEventStream({
          source: ports.source,
          clock: ports.clock,
          signal: request.signal,
          isStillAllowed: () => request.isStillAllowed(),
          lastEventId: request.header('last-event-id'),
          isWanted: ({ event }) => kinds === null || kinds.has(event.kind),
          dataOf,
          extra:
            kinds?.has('log') === true
              ? (tell) => log.subscribe((line) => tell('log', logEvent(line)))
              : null,
          onEnd: () => count(name, -1),
        });
        count(name, 1);
        // Proxies (nginx) would keep events back until a buffer is full.
        return { stream, headers: { 'x-accel-buffering': 'no' } };
      },
    }),
  ];
}

/** What is asked of a session beside its record. */
function factsOf(sessions: SessionPorts): SessionFacts {
  return {
    userNameOf: (session) => sessions.userNameOf(session),
    quotaEndsAtMs: (session) => sessions.quotaEndsAtMs(session),
    powerOf: (session) => sessions.powerOf(session),
    connectorStatusOf: (session) => sessions.connectorStatusOf(session),
    leftWhOf: (session) => sessions.leftWhOf(session),
  };
}

/** All who listen are told an event one after the other, in the same words: those are made once. */
function rememberingLast(make: (event: NumberedEvent) => string): (event: NumberedEvent) => string {
  let last: { readonly event: NumberedEvent; readonly text: string } | null = null;
  return (event) => {
    if (last?.event !== event) last = { event, text: make(event) };
    return last.text;
  };
}

/** null: all that are told unasked. */
function kindsOf(text: string | undefined): ReadonlySet<string> | null {
  if (text === undefined) return null;
  const kinds = text.split(',').map((kind) => kind.trim());
  const unknown = kinds.find((kind) => !EVENT_KINDS.includes(kind as EventKind));
  if (unknown === undefined) return new Set(kinds);
  const message = `there is no kind ${JSON.stringify(unknown)}; there are ${EVENT_KINDS.join(', ')}`;
  throw new HttpProblem('badParameter', { detail: message, errors: [{ path: 'kinds', message }] });
}
