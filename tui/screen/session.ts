// One session in full: what is known of it, its energy by day, and what was done to end it.
import type { Rung, Session, SessionDetails } from '../../src/api/contract/sessions.ts';
import { sessionKey, sessionOfKey } from '../data/snapshot.ts';
import type { World } from '../desk/desk.ts';
import { flowed } from '../dialog/body.ts';
import { placeOf } from '../desk/ui-state.ts';
import { bodySize, PANE_BORDERS, PANE_SIDES, split } from '../layout.ts';
import { kwhNumber } from '../text/figures.ts';
import { stepText } from '../text/session-words.ts';
import { msOf } from '../text/times.ts';
import { bar } from '../widget/bar.ts';
import { line, span, type Line } from '../widget/line.ts';
import type { Extent } from '../widget/list-pane.ts';
import { briefLines, fullLines } from './session-facts.ts';
import { sessionKeys } from './session-keys.ts';
import type { Pane, Screen } from './screen.ts';

/** All that is known of it; null: it is being read. */
function detailsOf({ snapshot: { session }, ui }: World): SessionDetails | null {
  return session !== null && sessionKey(session) === placeOf(ui).subject ? session : null;
}

/** As it is now; null: there is none, or it is being read. */
function shownSession(world: World): Session | null {
  const { subject } = placeOf(world.ui);
  return world.snapshot.sessions?.find((one) => sessionKey(one) === subject) ?? detailsOf(world);
}

function bands(world: World): readonly (readonly Pane[])[] {
  const { columns, rows } = bodySize(world.size);
  const session = shownSession(world);
  const { charger, transactionId } = sessionOfKey(placeOf(world.ui).subject ?? '');
  const title = `Session ${transactionId}`;
  if (!session) {
    const lines = [line(), line(`  Session ${transactionId} of ${charger} is being read.`)];
    return [[{ id: 'session', title, width: columns, height: rows, lines, list: null }]];
  }
  const details = detailsOf(world);
  return rows < ROOMY_ROWS
    ? smallBands(world, session, details, title)
    : roomyBands(world, session, details, title);
}

/** From here on all that is known has room. */
const ROOMY_ROWS = 18;
const LADDER_ROWS_LEAST = 2;
const SMALL_ROWS_BELOW = 5;

function roomyBands(world: World, session: Session, details: SessionDetails | null, title: string) {
  const { columns, rows } = bodySize(world.size);
  const [left = 0, right = 0] = split(columns, [3, 2]);
  const rungs = Math.min(rungsOf(details).length, Math.floor(rows / 3));
  const below = Math.max(LADDER_ROWS_LEAST, rungs) + PANE_BORDERS;
  const height = rows - below;
  const lines = fullLines(world, session, details, left - PANE_SIDES);
  return [
    [
      { id: 'session', title, width: left, height, lines, list: null },
      daysPane(world, details, { width: right, height }),
    ],
    [ladderPane(world, session, details, { width: columns, height: below })],
  ];
}

function smallBands(world: World, session: Session, details: SessionDetails | null, title: string) {
  const { columns: width, rows } = bodySize(world.size);
  const [left = 0, right = 0] = split(width, [2, 3]);
  const room = width - PANE_SIDES;
  const lines = briefLines(world, session, room).flatMap((one) => flowed(one, room));
  const at = (columns: number) => ({ width: columns, height: SMALL_ROWS_BELOW });
  return [
    [{ id: 'session', title, width, height: rows - SMALL_ROWS_BELOW, lines, list: null }],
    [daysPane(world, details, at(left)), ladderPane(world, session, details, at(right))],
  ];
}

function rungsOf(details: SessionDetails | null): readonly Rung[] {
  return details?.rungs ?? [];
}

const DAY_WIDTH = 8;
const FIGURE_WIDTH = 9;

function daysPane({ theme, times }: World, details: SessionDetails | null, extent: Extent): Pane {
  const days = Object.entries(details?.energyByDay ?? {}).sort(([a], [b]) => (a < b ? 1 : -1));
  const most = Math.max(0, ...days.map(([, wh]) => wh));
  const room = extent.width - PANE_SIDES - DAY_WIDTH - FIGURE_WIDTH - 2;
  const lines = days.map(([day, wh]) =>
    line(
      span(times.day(day).padEnd(DAY_WIDTH), 'secondary'),
      `${kwhNumber(wh).padStart(FIGURE_WIDTH)}  `,
      span(bar(most === 0 ? 0 : wh / most, Math.max(0, room), theme.glyphs), 'active'),
    ),
  );
  const empty = [line(span(details === null ? 'being read' : 'Nothing has flowed.', 'secondary'))];
  const title = 'Energy by day, kWh';
  return { id: 'days', title, ...extent, lines: lines.length > 0 ? lines : empty, list: null };
}

function ladderPane(world: World, session: Session, details: SessionDetails | null, extent: Extent): Pane {
  const rungs = rungsOf(details).slice(PANE_BORDERS - extent.height);
  const lines = rungs.map((rung) => rungLine(world, rung));
  return {
    ...{ id: 'ladder', title: 'Steps to end it', ...extent, list: null },
    lines: lines.length > 0 ? lines : [line(span(noRungs(session, details), 'secondary'))],
  };
}

function noRungs({ stop }: Session, details: SessionDetails | null): string {
  if (details === null) return 'being read';
  return stop === null ? 'kwota has done nothing to end it.' : 'The charger is asked as soon as it can be.';
}

function rungLine({ theme, times, nowMs }: World, { step, at, answer }: Rung): Line {
  const isGood = answer === 'Accepted';
  const said = answer ?? `${theme.glyphs.working} no answer yet`;
  return line(
    span(`${times.short(msOf(at) ?? 0, nowMs).padEnd(DAY_WIDTH)}  `, 'secondary'),
    `${stepText(step)}: `,
    span(said, isGood ? 'ok' : answer === null ? 'secondary' : 'warning'),
  );
}

export const session: Screen = {
  id: 'session',
  tab: null,
  under: 'sessions',
  name: 'Session',
  bands,
  bindings: sessionKeys(shownSession),
};
