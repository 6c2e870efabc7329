// The second line: the screens with their keys, and how far the month is.
import type { World } from '../desk/desk.ts';
import type { Screen } from '../screen/screen.ts';
import { plural } from '../text/figures.ts';
import { msOf } from '../text/times.ts';
import { emptyLine, line, lineWidth, span, spread, widthOf, type Line } from '../widget/line.ts';

const DAY_MS = 86_400_000;

export function tabLine(world: World, screens: readonly Screen[], current: Screen): Line {
  const { size, theme } = world;
  const months = monthTexts(world);
  const tabs = [
    tabsOf(screens, current, 'title'),
    tabsOf(screens, current, 'short'),
    tightTabsOf(screens, current),
  ];
  const fits = (left: Line, right: string) => lineWidth(left) + right.length + 2 <= size.columns;
  for (const left of tabs) {
    const month = months.find((text) => fits(left, text));
    if (month !== undefined)
      return spread(left, line(span(`${month} `, 'secondary')), size.columns, theme.glyphs.ellipsis);
  }
  return tabs.find((left) => fits(left, '')) ?? tabs.at(-1) ?? emptyLine;
}

/** The screen whose tab is at this column; null: none is. */
export function tabAt(
  world: World,
  screens: readonly Screen[],
  current: Screen,
  column: number,
): string | null {
  let left = 0;
  for (const { text } of tabLine(world, screens, current).spans) {
    const right = left + widthOf(text);
    const isHere = column >= left && column < right;
    left = right;
    if (!isHere) continue;
    const [, key] = /^ ?\[?(\S) /.exec(text) ?? [];
    return screens.find(({ tab }) => tab !== null && tab.key === key)?.id ?? null;
  }
  return null;
}

function tabsOf(screens: readonly Screen[], current: Screen, titles: 'title' | 'short'): Line {
  const spans = screens.flatMap(({ id, tab }) => {
    if (!tab) return [];
    const isLit = id === current.under;
    const text = `${tab.key} ${isLit ? tab.title : tab[titles]}`;
    return [isLit ? span(`[${text}]`, 'strong') : span(` ${text} `)];
  });
  return line(' ', ...spans);
}

/** Short names alone, also of the screen that is seen: all seven have room in the least of terminals. */
function tightTabsOf(screens: readonly Screen[], current: Screen): Line {
  return line(
    ...screens.flatMap(({ id, tab }) => {
      if (!tab) return [];
      const text = `${tab.key} ${tab.short}`;
      return [id === current.under ? span(` [${text}]`, 'strong') : span(` ${text}`)];
    }),
  );
}

/** The longest first. */
function monthTexts({ snapshot: { overview }, nowMs, times }: World): readonly string[] {
  if (!overview) return [];
  const endMs = msOf(overview.monthEndsAt);
  const month = times.month(overview.month);
  if (endMs === null) return [month];
  const days = Math.max(0, Math.ceil((endMs - nowMs) / DAY_MS));
  return [`${month}, ${plural(days, 'day')} left`, `${month}, ${days} d left`, `${days} d left`];
}
