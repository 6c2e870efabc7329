// The two panes of figures of the overview: power of the last hour, energy of the month.
import { siteFigures } from '../data/site-figures.ts';
import type { World } from '../desk/desk.ts';
import { kw, kwh, kwhNumber, percent } from '../text/figures.ts';
import { bar, sparkline } from '../widget/bar.ts';
import { columnChart } from '../widget/column-chart.ts';
import { line, span, type Line } from '../widget/line.ts';
import type { Extent } from '../widget/list-pane.ts';
import type { Pane } from './screen.ts';

/** Border and blank on either side. */
const SIDES = 4;
const BORDERS = 2;

export function powerPane(world: World, extent: Extent): Pane {
  const { snapshot } = world;
  const width = extent.width - SIDES;
  const minutes = (snapshot.overview?.powerByMinute ?? []).map(({ powerW }) => powerW);
  const { powerW } = siteFigures(snapshot);
  const peakW = Math.max(0, ...minutes);
  const meanW = minutes.length > 0 ? minutes.reduce((sum, one) => sum + one, 0) / minutes.length : 0;
  const figures = line(
    span(powerW === null ? 'not known now' : `${kw(powerW)} now`, 'strong'),
    span(minutes.length > 0 ? `   ${kw(peakW)} peak   ${kw(meanW)} mean` : '   no history yet', 'secondary'),
  );
  const height = extent.height - BORDERS;
  const chart = chartLines(world, minutes, width, height - 1, (value) => kw(value));
  return {
    ...{ id: 'power', title: 'Power, last 60 min', ...extent, list: null },
    lines: [figures, ...chart].slice(0, height),
  };
}

export function energyPane(world: World, extent: Extent): Pane {
  const { snapshot, theme, times } = world;
  const { overview } = snapshot;
  const width = extent.width - SIDES;
  const title = overview ? `Energy, ${times.month(overview.month)}` : 'Energy';
  if (!overview) return { id: 'energy', title, ...extent, lines: [], list: null };
  const { usedWh, quotaWh, runningWh, paceWh, energyByDay } = overview;
  const share = quotaWh > 0 ? usedWh / quotaWh : 0;
  const used =
    quotaWh > 0
      ? line(span(kwhNumber(usedWh), 'strong'), span(` of ${kwh(quotaWh)} quota`, 'secondary'))
      : line(span(kwh(usedWh), 'strong'), span(' used, no quotas', 'secondary'));
  const share100 = percent(share);
  const barLine = line(bar(share, width - share100.length - 2, theme.glyphs), `  ${share100}`);
  const more = line(
    span(`${kwh(runningWh)} running`, 'secondary'),
    span(paceWh === null ? '' : `   at this pace ${kwh(paceWh)} at the end`, 'secondary'),
  );
  const lines = quotaWh > 0 ? [used, barLine, more] : [used, more];
  const height = extent.height - BORDERS;
  const days = energyByDay.map(({ wh }) => wh);
  const rest = height - lines.length;
  return {
    ...{ id: 'energy', title, ...extent, list: null },
    lines: [...lines, ...(rest > 0 ? chartLines(world, days, width, rest, (value) => kwh(value)) : [])].slice(
      0,
      height,
    ),
  };
}

/** A sparkline where there is one line, a chart with a scale where there are more. */
function chartLines(
  { theme }: World,
  values: readonly number[],
  width: number,
  height: number,
  scale: (value: number) => string,
): readonly Line[] {
  if (height <= 0 || values.length === 0) return [];
  if (height < 3) return [line(span(sparkline(values, width, theme.glyphs), 'active'))];
  return columnChart(values, { width, height, glyphs: theme.glyphs, scale });
}
