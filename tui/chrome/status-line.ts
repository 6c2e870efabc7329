// The first line: whether what is seen is live, and the site in a few figures.
import type { World } from '../desk/desk.ts';
import { siteFigures } from '../data/site-figures.ts';
import { isWide } from '../layout.ts';
import { count, kw, plural } from '../text/figures.ts';
import { duration } from '../text/times.ts';
import { line, span, spread, type Line, type Span } from '../widget/line.ts';

export function statusLine(world: World): Line {
  const { size, times, nowMs, theme } = world;
  const clock = isWide(size) ? times.full(nowMs) : times.clock(nowMs);
  const right = line(...badges(world), `  ${clock} `);
  return spread(
    line(span(' kwota  ', 'strong'), ...leftPart(world)),
    right,
    size.columns,
    theme.glyphs.ellipsis,
  );
}

function leftPart(world: World): readonly Span[] {
  const { snapshot, facts, theme } = world;
  const { link, chargers } = snapshot;
  if (link.state === 'lost') return lostPart(world);
  if (link.state === 'starting' || chargers === null)
    return [span(`${theme.glyphs.working} connecting to ${facts.siteHint}`, 'secondary')];
  const live = [span(`${theme.glyphs.live} live`, 'ok'), span('   ')];
  if (chargers.length === 0) return [...live, span('no chargers yet')];
  return [...live, ...figures(world)];
}

function figures({ snapshot, size, theme }: World): readonly Span[] {
  const { chargers, connected, faulted, sessions, powerW } = siteFigures(snapshot);
  const name = snapshot.overview?.siteName ?? '';
  return [
    ...(isWide(size) && name !== '' ? [span(`${name}   `)] : []),
    span(plural(chargers, 'charger')),
    span(`  ${count(connected)} online`),
    span(`  ${plural(sessions, 'session')}`),
    span(powerW === null ? '' : `  ${kw(powerW)}`),
    ...(faulted > 0 ? [span(`   ${theme.glyphs.danger} ${plural(faulted, 'fault')}`, 'danger')] : []),
  ];
}

function lostPart({ snapshot: { link }, nowMs, theme, times, facts }: World): readonly Span[] {
  const { lastDataMs, retryAtMs } = link;
  const waits = retryAtMs === null ? 'trying now' : `next try in ${duration(retryAtMs - nowMs + 999)}`;
  const what =
    lastDataMs === null ? `no answer from ${facts.siteHint}` : `no data for ${duration(nowMs - lastDataMs)}`;
  const since = lastDataMs === null ? '' : `   figures from ${times.clock(lastDataMs)}`;
  return [span(`${theme.glyphs.offline} ${what}, ${waits}`, 'danger'), span(since, 'warning')];
}

function badges({ ui, facts, times, theme }: World): readonly Span[] {
  const frozen =
    ui.frozenAtMs === null
      ? []
      : [span(`  ${theme.glyphs.suspended} FROZEN at ${times.clock(ui.frozenAtMs)}`, 'warning')];
  return facts.isReadOnly ? [...frozen, span('  read-only', 'secondary')] : frozen;
}
