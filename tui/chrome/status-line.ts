// The first line: whether what is seen is live, and the site in a few figures.
import type { World } from '../desk/desk.ts';
import { siteFigures } from '../data/site-figures.ts';
import { isWide } from '../layout.ts';
import { count, kw, plural } from '../text/figures.ts';
import { duration } from '../text/times.ts';
import { firstThatFits, line, lineWidth, span, spread, type Line, type Span } from '../widget/line.ts';

export function statusLine(world: World): Line {
  const { size, times, nowMs, theme } = world;
  const clock = isWide(size) ? times.full(nowMs) : times.clock(nowMs);
  const right = line(...badges(world), `  ${clock} `);
  const room = size.columns - lineWidth(right);
  const candidates = leftParts(world).map((part) => line(span(' kwota  ', 'strong'), ...part));
  return spread(firstThatFits(candidates, room), right, size.columns, theme.glyphs.ellipsis);
}

/** The fullest first: the first that has room is shown. */
function leftParts(world: World): readonly (readonly Span[])[] {
  const { snapshot, facts, theme } = world;
  const { link, chargers } = snapshot;
  if (link.state === 'lost') return lostParts(world);
  if (link.state === 'starting' || chargers === null)
    return [[span(`${theme.glyphs.working} connecting to ${facts.siteHint}`, 'secondary')]];
  const live = span(`${theme.glyphs.live} live`, 'ok');
  if (chargers.length === 0) return [[live, span('   no chargers yet')]];
  return figureParts(world).map((figures) => [live, ...figures]);
}

function figureParts({ snapshot, size, theme }: World): readonly (readonly Span[])[] {
  const { chargers, connected, faulted, sessions, powerW } = siteFigures(snapshot);
  const name = snapshot.overview?.siteName ?? '';
  const power = powerW === null ? [] : [span(`  ${kw(powerW)}`)];
  const faults = faulted > 0 ? [span(`  ${theme.glyphs.danger} ${plural(faulted, 'fault')}`, 'danger')] : [];
  const most = [
    span(`   ${plural(chargers, 'charger')}  ${count(connected)} online  ${plural(sessions, 'session')}`),
    ...power,
    ...faults,
  ];
  return [
    ...(isWide(size) && name !== '' ? [[span(`   ${name}`, 'strong'), ...most]] : []),
    most,
    [
      span(`   ${count(connected)} of ${count(chargers)} online  ${plural(sessions, 'session')}`),
      ...power,
      ...faults,
    ],
    [span(`  ${count(connected)}/${count(chargers)}`), ...power, ...faults],
  ];
}

function lostParts({ snapshot: { link }, nowMs, theme, times, facts }: World): readonly (readonly Span[])[] {
  const { lastDataMs, retryAtMs } = link;
  const waits = retryAtMs === null ? 'trying now' : `next try in ${duration(retryAtMs - nowMs + 999)}`;
  const what =
    lastDataMs === null ? `no answer from ${facts.siteHint}` : `no data for ${duration(nowMs - lastDataMs)}`;
  const offline = (text: string) => span(`${theme.glyphs.offline} ${text}`, 'danger');
  const since = lastDataMs === null ? [] : [span(`   figures from ${times.clock(lastDataMs)}`, 'warning')];
  return [
    [offline(`${what}, ${waits}`), ...since],
    [offline(what), ...since],
    [offline(`${what}, ${waits}`)],
    [offline(what)],
  ];
}

function badges({ ui, facts, times, theme }: World): readonly Span[] {
  const frozen =
    ui.frozenAtMs === null
      ? []
      : [span(`  ${theme.glyphs.suspended} FROZEN at ${times.clock(ui.frozenAtMs)}`, 'warning')];
  return facts.isReadOnly ? [...frozen, span('  read-only', 'secondary')] : frozen;
}
