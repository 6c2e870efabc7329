// The second layout, for screen readers: the same panes as sentences, what the person is at first. Pure.
import { statusLine } from './chrome/status-line.ts';
import type { World } from './desk/desk.ts';
import { listOf } from './desk/ui-state.ts';
import { allScreens, hintsOf } from './key-tables.ts';
import { focusedPane } from './keys/list-keys.ts';
import { keyText } from './keys/binding.ts';
import { noDataPane } from './screen/no-data.ts';
import type { Pane } from './screen/screen.ts';
import { screenOf } from './screen/screens.ts';
import { plainText, type Line } from './widget/line.ts';
import { selectedIndex } from './widget/list-view.ts';
import { safeText } from './widget/safe-text.ts';

/** What of a pane that has not the keys is read. */
const LINES_OF_OTHERS = 2;
/** Rows after the selected one that are read as well. */
const ROWS_AHEAD = 5;
const WIDE = { columns: 100, rows: 40 };

/** One sentence a line. */
export function spokenLines(world: World): readonly string[] {
  // Without a picture there is no reason to leave anything out.
  const roomy = { ...world, size: WIDE };
  return [summary(roomy), ...content(roomy), ...lastMessage(world), keys(roomy)].map(safeText);
}

function summary(world: World): string {
  const text = textOf([statusLine(world)])[0] ?? '';
  // The time of day would be read again each minute.
  return text.replace(/\s+(\w{3} )?(\d+ \w{3} )?[\d:]{8}$/, '').replace(/ {2,}/g, ', ');
}

function content(world: World): readonly string[] {
  const { dialog } = world.ui;
  if (dialog) return [`${dialog.title}:`, ...textOf(dialog.lines(world, WIDE.columns))];
  const screen = screenOf(allScreens, world);
  const empty = noDataPane(world);
  if (empty) return textOf(empty.lines);
  const focused = focusedPane(world, screen);
  const others = screen
    .bands(world)
    .flat()
    .filter(({ id }) => id !== focused?.id);
  return [
    `Screen ${screen.name}.`,
    ...(focused ? paneSentences(world, focused) : []),
    ...others.flatMap((pane) => [`${pane.title}${pane.list ? '.' : ':'}`, ...paneText(pane)]),
  ];
}

function paneSentences(world: World, pane: Pane): readonly string[] {
  const { list, title } = pane;
  if (!list || list.ids.length === 0) return [`${title}:`, ...textOf(pane.lines)];
  const at = selectedIndex(listOf(world.ui, pane.id), list);
  const ahead = list.ids.slice(at + 1, at + 1 + ROWS_AHEAD);
  return [
    `${title}. Row ${at + 1} of ${list.ids.length}:`,
    ...[list.ids[at] ?? '', ...ahead].map((id, index) => `${at + 1 + index}: ${list.sentenceOf(id)}`),
  ];
}

/** A list is read when one has gone to it. */
function paneText({ list, lines }: Pane): readonly string[] {
  return list ? [] : textOf(lines).slice(0, LINES_OF_OTHERS);
}

/** What has letters or digits: nobody reads rules and signs. */
function textOf(lines: readonly Line[]): readonly string[] {
  return lines
    .filter(({ isPicture = false }) => !isPicture)
    .map((one) => plainText(one).trim())
    .filter((text) => /[\p{L}\p{N}]/u.test(text));
}

function lastMessage({ ui }: World): readonly string[] {
  const message = ui.messages.at(-1);
  return message ? [`Message: ${message.text}`] : [];
}

function keys(world: World): string {
  const { dialog } = world.ui;
  if (dialog) return dialog.hints(world);
  const texts = hintsOf(world).flatMap(({ keys: [key = ''], hint }) =>
    hint === undefined ? [] : [`${keyText(key, false)} ${hint}`],
  );
  return `Keys: ${texts.join(', ')}.`;
}
