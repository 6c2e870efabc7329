// /api/forward: how readings get to the external API, and what people do when they do not.
import Type from 'typebox';
import { readingIdText } from '../../domain/reading-id.ts';
import {
  ForwardStatus,
  ParkedChoice,
  ParkedCount,
  ParkedReadingsPage,
  type ParkedReading,
} from '../contract/forward.ts';
import { pageQuery } from '../contract/schema.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { pageOf } from '../page.ts';
import type { Forwarding, ForwardPort, ParkedOne } from '../ports/forward.ts';
import { HttpProblem } from '../problem.ts';
import { iso } from './iso.ts';

export function forwardRoutes(port: ForwardPort): readonly Route[] {
  return [
    statusRoute(port),
    parkedRoute(port),
    switchRoute(port, 'pause'),
    switchRoute(port, 'resume'),
    choiceRoute(port, 'retry'),
    choiceRoute(port, 'drop'),
  ];
}

const group = 'Forwarding';
const SLOT_DIGITS = 6;

function statusRoute(port: ForwardPort): Route {
  return defineRoute({
    method: 'GET',
    path: '/api/forward',
    role: 'viewer',
    group,
    summary: 'How readings get to the external API',
    answer: { description: 'How it is now.', json: ForwardStatus },
    handle: () => ({ json: shown(port) }),
  });
}

function parkedRoute(port: ForwardPort): Route {
  return defineRoute({
    method: 'GET',
    path: '/api/forward/parked',
    role: 'viewer',
    group,
    summary: 'Readings that the external API refuses',
    description: 'They are kept until somebody sends them once more, or drops them.',
    query: Type.Object({ ...pageQuery }),
    answer: { description: 'As they were parked, the oldest first.', json: ParkedReadingsPage },
    handle({ query }) {
      const parked = port.forwarding?.parked() ?? [];
      const { items, next } = pageOf(parked, query, placeOf);
      return { json: { items: items.map(shownParked), next } };
    },
  });
}

/** By which the list is in order. */
function placeOf({ parkedMs, slot }: ParkedOne): string {
  return `${iso(parkedMs)} ${String(slot).padStart(SLOT_DIGITS, '0')}`;
}

function switchRoute(port: ForwardPort, action: 'pause' | 'resume'): Route {
  const summaries = { pause: 'Holds readings back', resume: 'Sends readings again, at once' };
  return defineRoute({
    method: 'POST',
    path: `/api/forward/${action}`,
    role: 'admin',
    group,
    summary: summaries[action],
    description: 'It outlasts a restart.',
    answer: { description: 'How it is now.', json: ForwardStatus },
    problems: ['forwardOff'],
    handle({ caller }) {
      forwardingOf(port)[action](caller.name);
      return { json: shown(port) };
    },
  });
}

function choiceRoute(port: ForwardPort, action: 'retry' | 'drop'): Route {
  const summaries = { retry: 'Sends parked readings once more', drop: 'Gives parked readings up' };
  return defineRoute({
    method: 'POST',
    path: `/api/forward/parked/${action}`,
    role: 'admin',
    group,
    summary: summaries[action],
    body: ParkedChoice,
    answer: { description: 'How many.', json: ParkedCount },
    problems: ['forwardOff', 'parkedUnknown', 'parkedNotChosen'],
    handle({ body: { ids, all }, caller }) {
      const forwarding = forwardingOf(port);
      if ((ids === undefined) === (all === undefined))
        throw new HttpProblem('parkedNotChosen', { hint: 'send ids, or all: true' });
      const count = forwarding[action](ids === undefined ? null : new Set(ids), caller.name);
      if (count === 0 && ids !== undefined)
        throw new HttpProblem('parkedUnknown', {
          hint: 'GET /api/forward/parked lists all (kwota forward list)',
        });
      return { json: { count } };
    },
  });
}

function forwardingOf({ forwarding }: ForwardPort): Forwarding {
  if (forwarding !== null) return forwarding;
  throw new HttpProblem('forwardOff', { hint: 'set forward.enabled and forward.url, and start again' });
}

function shown({ url, forwarding }: ForwardPort): ForwardStatus {
  const standing = forwarding?.status();
  const lastError = standing?.lastError ?? null;
  return {
    isOn: standing !== undefined,
    url,
    pausedBy: standing?.pausedBy ?? null,
    queued: standing?.queued ?? 0,
    oldestAt: isoOrNull(standing?.oldestMs),
    parked: standing?.parked ?? 0,
    delivered: standing?.delivered ?? 0,
    lastDeliveredAt: isoOrNull(standing?.lastDeliveredMs),
    lastError: lastError === null ? null : { at: iso(lastError.atMs), reason: lastError.reason },
    nextTryAt: isoOrNull(standing?.nextTryMs),
  };
}

function isoOrNull(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : iso(ms);
}

function shownParked({ state, reading, status, reason, parkedMs }: ParkedOne): ParkedReading {
  const { id, chargePointId, at } = reading;
  return {
    ...{ id: readingIdText(id), status, reason, chargerId: chargePointId },
    takenAt: iso(at),
    parkedAt: iso(parkedMs),
    isQueued: state === 'queued',
  };
}
