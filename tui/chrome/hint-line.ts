// The last line: the keys that matter here, from the same table that the keys work by.
import type { World } from '../desk/desk.ts';
import { blockedBy, keyText, type Binding } from '../keys/binding.ts';
import { line, lineWidth, span, type Line, type Span } from '../widget/line.ts';

/** More is under `?`. */
const HINTS_MAX = 9;
const GAP = '  ';

export function hintLine(world: World, bindings: readonly Binding[]): Line {
  const { dialog } = world.ui;
  if (dialog) return line(span(` ${dialog.hints(world)}`, 'secondary'));
  const hinted = bindings.filter(({ hint }) => hint !== undefined);
  // The last ones are those that always help: they stay when there is little room.
  const always = hinted.slice(-ALWAYS_SHOWN);
  const spans: Span[] = [];
  const room = world.size.columns - lineWidth(line(...always.flatMap((one) => hintOf(one, world)))) - 1;
  for (const binding of hinted.slice(0, -ALWAYS_SHOWN).slice(0, HINTS_MAX - ALWAYS_SHOWN)) {
    const next = [...spans, ...hintOf(binding, world)];
    if (lineWidth(line(...next)) > room) break;
    spans.splice(0, spans.length, ...next);
  }
  return line(' ', ...spans, ...always.flatMap((one) => hintOf(one, world)));
}

const ALWAYS_SHOWN = 2;

function hintOf(binding: Binding, world: World): readonly Span[] {
  const key = keyText(binding.keys[0] ?? '', world.theme.glyphs.upDown.length === 2);
  const isBlocked = blockedBy(binding, world) !== null;
  return [
    span(key, isBlocked ? 'secondary' : 'strong'),
    span(` ${binding.hint ?? ''}${GAP}`, isBlocked ? 'secondary' : 'plain'),
  ];
}
