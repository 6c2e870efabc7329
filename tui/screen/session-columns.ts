// The columns that lists of sessions are put together from.
import type { Session } from '../../src/api/contract/sessions.ts';
import { plugName, sessionUser } from '../data/connectors.ts';
import type { World } from '../desk/desk.ts';
import { kw, kwh, kwhNumber, kwNumber } from '../text/figures.ts';
import { endText, stopText } from '../text/session-words.ts';
import { msOf, shortDuration } from '../text/times.ts';
import { statusLook } from '../theme/status.ts';
import { span } from '../widget/line.ts';
import { byText, type Column } from '../widget/table.ts';

type SessionColumn = Column<Session>;

/** Asked more often than this, something is in the way. */
const STUBBORN_STEPS = 3;

/** A session that is being stopped is shown as such, whatever its connector says; an ended one that is worth a look, too. */
function sessionLook({ connectorStatus, authorization, flags, stop, end }: Session) {
  if (end !== null) {
    if (authorization !== 'Accepted') return { glyph: 'unknown', role: 'warning' } as const;
    const isNotable = flags.length > 0 || end.wanted?.reason === 'quotaUsedUp';
    return isNotable
      ? ({ glyph: 'warning', role: 'warning' } as const)
      : ({ glyph: 'ended', role: 'secondary' } as const);
  }
  if (stop !== null && stop.climbed > STUBBORN_STEPS) return { glyph: 'danger', role: 'danger' } as const;
  if (stop !== null) return { glyph: 'ended', role: 'warning' } as const;
  return statusLook(connectorStatus === '' ? 'Charging' : connectorStatus);
}

export function signColumn({ theme }: World): SessionColumn {
  return {
    title: '',
    width: 1,
    cell: (session) => span(theme.glyphs[sessionLook(session).glyph], sessionLook(session).role),
  };
}

export const idColumn: SessionColumn = {
  title: 'Session',
  width: 10,
  cell: ({ transactionId }) => String(transactionId),
  compare: descending(({ transactionId }) => transactionId),
};

export const chargerColumn: SessionColumn = {
  title: 'Charger',
  width: 15,
  maxWidth: 24,
  cell: ({ chargerId, connectorId }) => plugName(chargerId, connectorId),
  compare: (a, b) => byText(a.chargerId, b.chargerId) || a.connectorId - b.connectorId,
};

export const userColumn: SessionColumn = {
  title: 'User',
  width: 10,
  maxWidth: 24,
  cell: (session) => sessionUser(session),
  compare: (a, b) => byText(sessionUser(a), sessionUser(b)),
};

export const statusColumn: SessionColumn = {
  title: 'Status',
  width: 13,
  cell: ({ connectorStatus, stop, end }) => {
    if (end !== null) return 'ended';
    return stop === null ? connectorStatus : 'stopping';
  },
};

export const powerColumn: SessionColumn = {
  title: 'Power',
  width: 8,
  align: 'right',
  cell: ({ powerW }) => (powerW === null ? '' : kw(powerW)),
  compare: descending(({ powerW }) => powerW),
};

export const energyColumn: SessionColumn = {
  title: 'Energy',
  width: 9,
  align: 'right',
  cell: ({ energyWh }) => kwh(energyWh),
  compare: descending(({ energyWh }) => energyWh),
};

export const leftColumn: SessionColumn = {
  title: 'Left',
  width: 9,
  align: 'right',
  cell: ({ leftWh, end }) => {
    if (end !== null) return '';
    return leftWh === null ? 'no limit' : kwh(leftWh);
  },
  compare: (a, b) => (a.leftWh ?? Infinity) - (b.leftWh ?? Infinity),
};

/** When it started, in few columns: `13:58` today, `21 17:40` in this month, `30 Oct` before; `isOfMonth`: the month is known. */
export function startColumn({ nowMs, times }: World, isOfMonth = false): SessionColumn {
  return {
    title: 'Start',
    width: 8,
    align: 'right',
    cell({ startedAt }) {
      const startMs = msOf(startedAt) ?? 0;
      return isOfMonth ? times.inMonth(startMs) : times.brief(startMs, nowMs);
    },
    compare: (a, b) => byText(b.startedAt, a.startedAt),
  };
}

/** Figures without units, for lists that have many columns. */
export const kwhColumn: SessionColumn = {
  ...energyColumn,
  title: 'kWh',
  width: 7,
  cell: ({ energyWh }) => kwhNumber(energyWh),
};

export const kwColumn: SessionColumn = {
  ...{ ...powerColumn, title: 'kW', width: 5 },
  cell: ({ powerW }) => (powerW === null ? '' : kwNumber(powerW)),
};

export const leftKwhColumn: SessionColumn = {
  ...{ ...leftColumn, width: 8 },
  cell: ({ leftWh, end }) => {
    if (end !== null) return '';
    return leftWh === null ? 'no limit' : kwhNumber(leftWh);
  },
};

/** How it ended, or when it will. */
export function endColumn({ nowMs, times }: World): SessionColumn {
  return {
    title: 'End',
    width: 20,
    cell(session) {
      const { stop, quotaEndsAt } = session;
      const ended = endText(session);
      if (ended !== null) return span(ended, 'secondary');
      if (stop !== null) return span(`is being stopped: ${stopText(stop)}`, 'warning');
      const endsMs = msOf(quotaEndsAt);
      return endsMs === null ? '' : `stops at ${times.short(endsMs, nowMs)}`;
    },
  };
}

/** How long it has run, or ran. */
export function durationColumn({ nowMs }: World): SessionColumn {
  const ran = ({ startedAt, end }: Session) => (msOf(end?.at) ?? nowMs) - (msOf(startedAt) ?? nowMs);
  return {
    title: 'For',
    width: 7,
    align: 'right',
    cell: (session) => shortDuration(ran(session)),
    compare: descending(ran),
  };
}

/** When its quota will be used up. */
export function stopsAtColumn({ nowMs, times }: World): SessionColumn {
  return {
    title: 'Stops at',
    width: 12,
    cell: ({ quotaEndsAt }) => {
      const endMs = msOf(quotaEndsAt);
      return endMs === null ? '' : times.short(endMs, nowMs);
    },
    compare: (a, b) => byText(a.quotaEndsAt ?? '~', b.quotaEndsAt ?? '~'),
  };
}

/** The largest first; those that are not known last. */
function descending(value: (session: Session) => number | null) {
  return (a: Session, b: Session) => (value(b) ?? -1) - (value(a) ?? -1);
}
