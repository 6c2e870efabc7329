// The two panes of figures of the overview: power of the last hour, energy of the month.
import type { Overview } from '../../src/api/contract/overview.ts';
import { siteFigures } from '../data/site-figures.ts';
import type { World } from '../desk/desk.ts';
import { PANE_BORDERS, PANE_SIDES } from '../layout.ts';
import { kw, kwh, kwhNumber, kwNumber, percent } from '../text/figures.ts';
import { bar } from '../widget/bar.ts';
import { columnChart } from '../widget/column-chart.ts';
import { firstThatFits, line, span, type Line } from '../widget/line.ts';
import type { Extent } from '../widget/list-pane.ts';
import type { Pane } from './screen.ts';

export function powerPane(world: World, extent: Extent): Pane {
  const { snapshot, theme } = world;
  const width = extent.width - PANE_SIDES;
  const height = extent.height - PANE_BORDERS;
  const minutes = (snapshot.overview?.powerByMinute ?? []).map(({ powerW }) => powerW);
  const chart = { width, height: height - 1, glyphs: theme.glyphs, scale: kw };
  return {
    ...{ id: 'power', title: 'Power, last 60 min', ...extent, list: null },
    lines: [powerFigures(siteFigures(snapshot).powerW, minutes, width), ...columnChart(minutes, chart)],
  };
}

function powerFigures(powerW: number | null, minutes: readonly number[], width: number): Line {
  const now = span(powerW === null ? 'not known now' : `${kw(powerW)} now`, 'strong');
  if (minutes.length === 0) return line(now, span('   no history yet', 'secondary'));
  // A minute is told when it is over, and as its mean: what is drawn now may be more than all of them.
  const peak = `   ${kwNumber(Math.max(powerW ?? 0, ...minutes))} peak`;
  const mean = `   ${kwNumber(minutes.reduce((sum, one) => sum + one, 0) / minutes.length)} mean`;
  const candidates = [`${peak}${mean}`, peak, ''].map((text) => line(now, span(text, 'secondary')));
  return firstThatFits(candidates, width);
}

export function energyPane(world: World, extent: Extent): Pane {
  const { snapshot, theme, times } = world;
  const { overview } = snapshot;
  const width = extent.width - PANE_SIDES;
  const height = extent.height - PANE_BORDERS;
  if (!overview) return { id: 'energy', title: 'Energy', ...extent, lines: [], list: null };
  const lines = energyFigures(world, overview, width);
  const chart = { width, height: height - lines.length, glyphs: theme.glyphs, scale: kwh };
  const days = overview.energyByDay.map(({ wh }) => wh);
  return {
    ...{ id: 'energy', title: `Energy, ${times.month(overview.month)}`, ...extent, list: null },
    lines: [...lines, ...columnChart(days, chart)].slice(0, height),
  };
}

function energyFigures({ theme }: World, overview: Overview, width: number): readonly Line[] {
  const { usedWh, quotaWh, quotaUsedWh, runningWh, paceWh } = overview;
  const running = `${kwh(runningWh)} running`;
  const pace = paceWh === null ? '' : `   pace ${kwh(paceWh)}`;
  const candidates = [`${running}${pace} by the end`, `${running}${pace}`, running];
  const more = firstThatFits(
    (pace === '' ? [running] : candidates).map((text) => line(span(text, 'secondary'))),
    width,
  );
  if (quotaWh === 0) return [line(span(kwh(usedWh), 'strong'), span(' used, no quotas', 'secondary')), more];
  const share = percent(quotaUsedWh / quotaWh);
  const used = [` of ${kwh(quotaWh)} quota`, ` of ${kwhNumber(quotaWh)}`].map((text) =>
    line(span(kwhNumber(quotaUsedWh), 'strong'), span(text, 'secondary')),
  );
  const shareBar = bar(quotaUsedWh / quotaWh, width - share.length - 2, theme.glyphs);
  return [firstThatFits(used, width), line(shareBar, `  ${share}`), more];
}
