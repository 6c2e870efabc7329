// What is wrong and needs a person: the server's alarms, cards that nobody knows, and what the dashboard said.
import type { Alarm } from '../../src/api/contract/alarms.ts';
import type { UnknownTag } from '../../src/api/contract/users.ts';
import { askNewUser } from '../action/new-user.ts';
import type { Message } from '../desk/desk.ts';
import { goTo } from '../desk/ui-state.ts';
import { openPage } from '../dialog/page.ts';
import { messageLook } from '../chrome/message-line.ts';
import { bodySize, split } from '../layout.ts';
import { count } from '../text/figures.ts';
import { duration, msOf } from '../text/times.ts';
import { line, span } from '../widget/line.ts';
import { hasFocus, listPane, selectedRow, type ListSpec } from '../widget/list-pane.ts';
import { byText, type Column } from '../widget/table.ts';
import type { Screen } from './screen.ts';

const alarmList: ListSpec<Alarm> = {
  pane: 'alarms',
  title: 'Alarms',
  noun: 'alarm',
  rows: ({ snapshot }) => snapshot.alarms,
  idOf: ({ id }) => id,
  empty: ({ theme }) => [line(), line(span(`  ${theme.glyphs.done} `, 'ok'), 'No alarm: all is well.')],
  open: (desk, { id, message, since }) =>
    openPage(desk, { title: `Alarm ${id}`, text: [message, '', `since ${since}`] }),
  columns: ({ theme, nowMs }): readonly Column<Alarm>[] => [
    { title: '', width: 1, cell: () => span(theme.glyphs.danger, 'danger') },
    { title: 'What', width: 60, fills: true, cell: ({ message }) => message },
    {
      ...{ title: 'Alarm', width: 12, maxWidth: 28, dropOrder: 1 },
      cell: ({ id }) => span(id, 'secondary'),
      compare: (a, b) => byText(a.id, b.id),
    },
    {
      title: 'Since',
      width: 9,
      align: 'right',
      cell: ({ since }) => duration(nowMs - (msOf(since) ?? nowMs)),
      compare: (a, b) => byText(b.since, a.since),
    },
  ],
};

const cardList: ListSpec<UnknownTag> = {
  pane: 'cards',
  title: 'Unknown cards',
  noun: 'card',
  rows: ({ snapshot }) => snapshot.unknownTags,
  idOf: ({ idTag }) => idTag,
  empty: () => [line(), line(span('  No unknown card was shown since the server runs.', 'secondary'))],
  open: (desk, { chargerId }) => goTo(desk, { screen: 'charger', subject: chargerId }),
  columns: ({ theme, nowMs }): readonly Column<UnknownTag>[] => [
    { title: '', width: 1, cell: () => span(theme.glyphs.unknown, 'warning') },
    {
      title: 'Card',
      width: 14,
      maxWidth: 24,
      cell: ({ idTag }) => idTag,
      compare: (a, b) => byText(a.idTag, b.idTag),
    },
    { title: 'At', width: 12, maxWidth: 24, cell: ({ chargerId }) => chargerId },
    {
      title: 'Times',
      width: 5,
      align: 'right',
      cell: (card) => count(card.count),
      compare: (a, b) => b.count - a.count,
    },
    {
      title: 'May be',
      width: 8,
      fills: true,
      dropOrder: 1,
      cell: ({ suggestions }) => suggestions.map(({ idTag }) => idTag).join(', '),
    },
    {
      title: 'Last',
      width: 9,
      align: 'right',
      cell: ({ lastSeenAt }) => duration(nowMs - (msOf(lastSeenAt) ?? nowMs)),
      compare: (a, b) => byText(b.lastSeenAt, a.lastSeenAt),
    },
  ],
};

const messageList: ListSpec<Message> = {
  pane: 'said',
  title: 'Said by the dashboard',
  noun: 'message',
  isBare: true,
  isFollowing: true,
  rows: ({ ui }) => ui.messages,
  idOf: ({ id }) => String(id),
  empty: () => [line(), line(span('  Nothing so far.', 'secondary'))],
  open: (desk, { text }) => openPage(desk, { title: 'Message', text: [text] }),
  columns: ({ theme, times }): readonly Column<Message>[] => [
    {
      title: '',
      width: 1,
      cell: ({ kind }) => span(theme.glyphs[messageLook(kind).glyph], messageLook(kind).role),
    },
    { title: 'Time', width: 8, cell: ({ atMs }) => span(times.clock(atMs), 'secondary') },
    { title: 'Message', width: 20, fills: true, cell: ({ text }) => text },
  ],
};

/** Borders and the names of the columns. */
const LIST_FRAME = 3;
const CARDS_ROWS_LEAST = 4;

export const alarms: Screen = {
  id: 'alarms',
  tab: { key: '6', title: 'Alarms', short: 'Alarms' },
  under: 'alarms',
  name: 'Alarms',
  bands(world) {
    const { columns: width, rows } = bodySize(world.size);
    const [, third = 0, fourth = 0] = split(rows, [4, 4, 3]);
    // Cards get what they need, alarms all that is left.
    const cards = Math.min(third, Math.max(CARDS_ROWS_LEAST, world.snapshot.unknownTags.length + LIST_FRAME));
    const focused = (pane: string) => hasFocus(world, pane, alarmList.pane);
    return [
      [listPane(world, alarmList, { width, height: rows - cards - fourth }, focused(alarmList.pane))],
      [listPane(world, cardList, { width, height: cards }, focused(cardList.pane))],
      [listPane(world, messageList, { width, height: fourth }, focused(messageList.pane))],
    ];
  },
  bindings: [
    {
      ...{ keys: ['n'], label: 'make the unknown card a user', hint: 'new user', role: 'admin' },
      blocked: (world) => (selectedRow(world, cardList) === null ? 'no unknown card was shown' : null),
      run: (desk) => askNewUser(desk, selectedRow(desk.world(), cardList)?.idTag),
    },
  ],
};
