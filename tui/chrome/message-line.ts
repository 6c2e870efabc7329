// The line over the key hints: what was said last, or the line that is being typed.
import type { Message, World } from '../desk/desk.ts';
import type { Role } from '../theme/role.ts';
import type { GlyphName } from '../theme/glyphs.ts';
import { duration } from '../text/times.ts';
import { emptyLine, line, span, type Line } from '../widget/line.ts';

const SHOWN_MS: Readonly<Record<Message['kind'], number>> = {
  info: 8_000,
  working: Infinity,
  done: 20_000,
  warning: 60_000,
  failed: 60_000,
};
/** How long something may take before the wait is counted. */
const COUNTED_AFTER_MS = 2_000;

const LOOKS: Readonly<Record<Message['kind'], { readonly glyph: GlyphName; readonly role: Role }>> = {
  info: { glyph: 'info', role: 'plain' },
  working: { glyph: 'working', role: 'secondary' },
  done: { glyph: 'done', role: 'ok' },
  warning: { glyph: 'warning', role: 'warning' },
  failed: { glyph: 'danger', role: 'danger' },
};

/** How a message of that kind is shown. */
export function messageLook(kind: Message['kind']): { readonly glyph: GlyphName; readonly role: Role } {
  return LOOKS[kind];
}

export function messageLine(world: World): Line {
  const { ui, nowMs, theme, times, size } = world;
  if (ui.dialog?.place === 'prompt') return ui.dialog.lines(world, size.columns)[0] ?? emptyLine;
  const message = ui.messages.at(-1);
  if (!message || nowMs - message.atMs > SHOWN_MS[message.kind] || isOlderThanLoss(message, world))
    return problemLine(world);
  const { glyph, role } = messageLook(message.kind);
  const waited = nowMs - message.atMs;
  const wait = message.kind === 'working' && waited > COUNTED_AFTER_MS ? `, waiting ${duration(waited)}` : '';
  return line(
    span(` ${theme.glyphs[glyph]} `, role),
    span(`${times.clock(message.atMs)}  `, 'secondary'),
    `${message.text}${wait}`,
  );
}

/** What was said before the connection was lost is less important than that. */
function isOlderThanLoss({ atMs }: Message, { snapshot: { link } }: World): boolean {
  return link.state === 'lost' && atMs <= (link.lastDataMs ?? 0);
}

function problemLine({ snapshot: { link }, theme }: World): Line {
  if (link.state !== 'lost' || link.problem === null) return emptyLine;
  return line(span(` ${theme.glyphs.danger} `, 'danger'), `${link.problem.message}; ${link.problem.hint}`);
}
