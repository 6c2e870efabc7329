// One charger in a pane: what it is, how it is connected, and what stands at each of its connectors.
import type { LogLine } from '../../src/api/contract/logs.ts';
import { rowsOfCharger, runningSessions, type ConnectorRow } from '../data/connectors.ts';
import { blockedBy, keyText, type Binding } from '../keys/binding.ts';
import { PANE_BORDERS } from '../layout.ts';
import { levelRole } from './log-lines.ts';
import type { World } from '../desk/desk.ts';
import type { Charger } from '../../src/api/contract/chargers.ts';
import { kw, kwh, plural } from '../text/figures.ts';
import { duration, msOf } from '../text/times.ts';
import { statusLook } from '../theme/status.ts';
import { line, span, type Line, type Span } from '../widget/line.ts';
import type { Extent } from '../widget/list-pane.ts';
import type { Pane } from './screen.ts';

/** Some heartbeats are missing by then, whatever their interval is. */
const SILENT_MS = 15 * 60_000;

/** Beside the list of chargers: `keys` are those that work on the row. */
export function chargerPane(
  world: World,
  row: ConnectorRow | null,
  keys: readonly Binding[],
  extent: Extent,
): Pane {
  if (row === null) return { id: 'charger', title: 'Charger', ...extent, lines: [], list: null };
  const { charger } = row;
  const sessions = runningSessions(world.snapshot).filter(({ chargerId }) => chargerId === charger.id);
  const lines = [
    ...chargerLines(world, charger),
    line(),
    ...rowsOfCharger(charger, sessions).flatMap((one) => connectorLines(world, one)),
    line(),
    ...keyLines(world, keys),
    line(),
  ];
  const room = extent.height - PANE_BORDERS - lines.length;
  const log = world.snapshot.log.filter((one) => one.charger === charger.id).slice(-Math.max(1, room));
  const said = room > 0 ? log.map((one) => logBrief(world, one)) : [];
  return { id: 'charger', title: charger.id, ...extent, lines: [...lines, ...said], list: null };
}

/** Keys with what they do; grey where they would do nothing now. */
export function keyLines(world: World, bindings: readonly Binding[]): readonly Line[] {
  return bindings.map((binding) => {
    const isBlocked = blockedBy(binding, world) !== null;
    return line(
      span(`${keyText(binding.keys[0] ?? '', true)}  `, isBlocked ? 'secondary' : 'strong'),
      span(binding.label, isBlocked ? 'secondary' : 'plain'),
    );
  });
}

function logBrief({ times }: World, one: LogLine): Line {
  return line(
    span(`${times.clock(msOf(one.at) ?? 0)} `, 'secondary'),
    span(one.message, levelRole(one.level)),
  );
}

/** What it is, and how it is connected. */
export function chargerLines({ nowMs, times }: World, charger: Charger): readonly Line[] {
  const { vendor, model, firmwareVersion, serialNumber, isConnected, admission } = charger;
  const since = msOf(isConnected ? charger.connectedSince : charger.lastHeardAt);
  const heard = msOf(charger.lastHeardAt);
  const booted = msOf(charger.bootedAt);
  const known = [`${vendor} ${model}`.trim(), firmwareVersion === '' ? '' : `fw ${firmwareVersion}`].filter(
    Boolean,
  );
  const age = since === null ? '' : ` ${duration(nowMs - since)}`;
  return [
    line(known.length > 0 ? known.join('   ') : span('It has not said what it is.', 'secondary')),
    line(
      isConnected ? span(`online${age}`, 'ok') : span(`offline${age}`, 'offline'),
      isConnected && heard !== null ? heardSpan(nowMs - heard) : span(''),
    ),
    line(
      span(
        [
          serialNumber === '' ? '' : `serial ${serialNumber}`,
          booted === null ? '' : `boot ${times.dayMinute(booted)}`,
        ]
          .filter(Boolean)
          .join('   '),
        'secondary',
      ),
    ),
    ...(admission === 'pending' ? [line(span('It waits to be approved: A lets it in.', 'warning'))] : []),
    ...(admission === 'new' ? [line(span('New: nobody has approved it yet.', 'secondary'))] : []),
  ];
}

/** A charger that is connected and silent for long is not well. */
function heardSpan(silentMs: number): Span {
  return span(`   last heard ${duration(silentMs)} ago`, silentMs > SILENT_MS ? 'warning' : 'secondary');
}

/** A connector, and what its session is. */
export function connectorLines(
  { theme, nowMs, times }: World,
  { connectorId, status, errorCode, sinceMs, session }: ConnectorRow,
): Line[] {
  const { glyph, role } = statusLook(status);
  const since = sinceMs === null ? '' : `   for ${duration(nowMs - sinceMs)}`;
  const first = line(
    span(connectorId === null ? '   ' : `#${connectorId} `, 'strong'),
    span(`${theme.glyphs[glyph]} ${status}`, role),
    span(errorCode === '' ? '' : `: ${errorCode}`, 'danger'),
    span(since, 'secondary'),
  );
  if (session === null) return [first];
  const { transactionId, idTag, userName, energyWh, powerW, leftWh, quotaEndsAt, stop } = session;
  const ends = msOf(quotaEndsAt);
  const rows: readonly (readonly [string, string])[] = [
    ['user', userName === '' ? idTag : `${userName}   ${idTag}`],
    ['session', `${transactionId}   ${kwh(energyWh)}${powerW === null ? '' : `   ${kw(powerW)}`}`],
    [
      'left',
      leftWh === null
        ? 'no limit'
        : `${kwh(leftWh)}${ends === null ? '' : `, stops at ${times.short(ends, nowMs)}`}`,
    ],
    ...(stop === null
      ? []
      : [['stopping', `${stop.reason}, ${plural(stop.climbed, 'step')} so far`] as const]),
  ];
  return [first, ...rows.map(([name, value]) => line(span(`   ${name.padEnd(9)}`, 'secondary'), value))];
}
