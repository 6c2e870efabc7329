// What is shown while nothing has been read yet: that it is being loaded, or why it cannot be.
import type { World } from '../desk/desk.ts';
import { bodySize } from '../layout.ts';
import { line, span, type Line } from '../widget/line.ts';
import type { Pane } from './screen.ts';

/** null: there is something to show. */
export function noDataPane(world: World): Pane | null {
  const { snapshot, size } = world;
  if (snapshot.chargers !== null) return null;
  const { columns: width, rows: height } = bodySize(size);
  const lines = snapshot.link.state === 'lost' ? lostLines(world) : loadingLines(world);
  return { id: 'no-data', title: 'kwota', width, height, lines, list: null };
}

function loadingLines({ facts, theme }: World): readonly Line[] {
  return [line(), line(), line(`   ${theme.glyphs.working} Loading from ${facts.siteHint}`)];
}

function lostLines({ snapshot: { link }, facts }: World): readonly Line[] {
  return [
    line(),
    line(),
    line(span(`   No answer from ${facts.siteHint}`, 'danger')),
    line(),
    line(`   ${link.problem?.message ?? ''}`),
    line(span(`   ${link.problem?.hint ?? ''}`, 'secondary')),
    line(),
    line(span('   R', 'strong'), ' try now    ', span('q', 'strong'), ' quit'),
  ];
}
