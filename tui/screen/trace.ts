// What one charger and the server say to each other, frame by frame, the newest last.
import type { World } from '../desk/desk.ts';
import { placeOf } from '../desk/ui-state.ts';
import { openPage } from '../dialog/page.ts';
import { bodySize } from '../layout.ts';
import { msOf } from '../text/times.ts';
import { line, span } from '../widget/line.ts';
import { hasFocus, listPane, shownRows, type ListSpec } from '../widget/list-pane.ts';
import type { Column } from '../widget/table.ts';
import { frameTexts, type FrameText } from './frame-text.ts';
import type { Screen } from './screen.ts';

const NO_FRAMES: readonly FrameText[] = [];

const frameList: ListSpec<FrameText> = {
  pane: 'frames',
  title: 'Messages',
  noun: 'message',
  isFollowing: true,
  rows: ({ snapshot: { trace }, ui }) =>
    trace?.chargerId === placeOf(ui).subject ? frameTexts(trace?.lines ?? []) : NO_FRAMES,
  idOf: ({ line: { seq } }) => String(seq),
  empty: () => [line(), line(span('Nothing has been said since the server keeps frames.', 'secondary'))],
  open: (desk, { name, line: { at, text } }) =>
    openPage(desk, { title: `${name}  ${at}`, text: prettyFrame(text) }),
  columns: ({ theme, times }): readonly Column<FrameText>[] => [
    { title: 'Time', width: 8, cell: ({ line: { at } }) => span(times.clock(msOf(at) ?? 0), 'secondary') },
    {
      title: '',
      width: 2,
      cell: ({ line: { kind } }) => {
        if (kind === 'connected') return span(theme.glyphs.live, 'ok');
        if (kind === 'disconnected') return span(theme.glyphs.offline, 'offline');
        return kind === 'in'
          ? span(theme.glyphs.incoming, 'active')
          : span(theme.glyphs.outgoing, 'reserved');
      },
    },
    { title: 'Message', width: 12, maxWidth: 32, cell: ({ name, role }) => span(name, role) },
    { title: 'Content', width: 10, fills: true, cell: ({ content }) => content },
  ],
};

/** A frame as it was, to be searched and read. */
function pagerLine({ theme }: World, { line: { at, kind, text } }: FrameText): string {
  const { incoming, outgoing } = theme.glyphs;
  const what = kind === 'in' ? incoming : kind === 'out' ? outgoing : kind;
  return `${at} ${what} ${text}`;
}

/** JSON with its lines apart; what is none as it is. */
function prettyFrame(text: string): string[] {
  try {
    return JSON.stringify(JSON.parse(text), null, 1)
      .split('\n')
      .map((one) => one.replace(/^ +/, (blanks) => ' '.repeat(blanks.length * 2)));
  } catch {
    return [text];
  }
}

export const trace: Screen = {
  id: 'trace',
  tab: null,
  under: 'chargers',
  name: 'Messages',
  bands(world) {
    const { columns, rows } = bodySize(world.size);
    const list = { ...frameList, title: `Messages of ${placeOf(world.ui).subject ?? ''}` };
    return [[listPane(world, list, { width: columns, height: rows }, hasFocus(world, list.pane, list.pane))]];
  },
  bindings: [
    {
      keys: ['P'],
      label: 'read these messages in your pager ($PAGER)',
      hint: 'pager',
      blocked: (world) => (shownRows(world, frameList).length === 0 ? 'there is no message to read' : null),
      run: (desk) => {
        const world = desk.world();
        desk.page(shownRows(world, frameList).map((one) => pagerLine(world, one)));
      },
    },
  ],
};
