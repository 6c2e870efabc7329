// Users and their quotas: those first that have used most of it. Cards that share a quota are one row.
import { accountsByShare, type Account } from '../data/accounts.ts';
import type { World } from '../desk/desk.ts';
import { goTo } from '../desk/ui-state.ts';
import { bodySize, isTall, PANE_BORDERS, PANE_SIDES } from '../layout.ts';
import { line, span, type Line } from '../widget/line.ts';
import { hasFocus, listPane, selectedRow, type Extent, type ListSpec } from '../widget/list-pane.ts';
import type { Column } from '../widget/table.ts';
import {
  accountSignColumn,
  cardsColumn,
  grantsColumn,
  leftColumn,
  nameColumn,
  quotaColumn,
  runningColumn,
  shareColumn,
  usedColumn,
} from './account-columns.ts';
import { briefAccountLines } from './account-facts.ts';
import { accountKeys } from './account-keys.ts';
import type { Pane, Screen } from './screen.ts';
import { unknownCards } from './unknown-cards.ts';

const accountList: ListSpec<Account> = {
  pane: 'users',
  title: 'Users',
  noun: 'user',
  order: 'used %',
  rows: ({ snapshot }) => accountsByShare(snapshot),
  idOf: ({ id }) => id,
  empty: noUsers,
  open: (desk, { id }) => goTo(desk, { screen: 'user', subject: id }),
  columns: (world): readonly Column<Account>[] => [
    accountSignColumn(world),
    nameColumn,
    { ...cardsColumn, dropOrder: 4 },
    { ...quotaColumn, dropOrder: 1 },
    { ...grantsColumn, dropOrder: 3 },
    usedColumn,
    { ...runningColumn(world), dropOrder: 2 },
    leftColumn,
    shareColumn(world),
  ],
};

function noUsers({ snapshot, theme }: World): readonly Line[] {
  if (snapshot.users === null) return [line(), line(span(`  ${theme.glyphs.working} loading`, 'secondary'))];
  return [
    line(),
    line('  There is no user yet, so no card may charge.'),
    line(),
    line(
      span('  n', 'strong'),
      ' adds one,  ',
      span('N', 'strong'),
      ' the next card that is shown at a charger;',
    ),
    line('  or write them into users1.csv of the data folder: it is read when it changes.'),
  ];
}

/** From here on there is room for the selected user under the list. */
const ROWS_WITH_DETAILS = 18;
const DETAILS_ROWS = 5;
const DETAILS_ROWS_TALL = 6;
const UNKNOWN_SHOWN = 1;
const UNKNOWN_SHOWN_TALL = 5;

function bands(world: World): readonly (readonly Pane[])[] {
  const { columns: width, rows } = bodySize(world.size);
  const isRoomy = isTall(world.size);
  const details = rows < ROWS_WITH_DETAILS ? 0 : isRoomy ? DETAILS_ROWS_TALL : DETAILS_ROWS;
  const unknown = Math.min(world.snapshot.unknownTags.length, isRoomy ? UNKNOWN_SHOWN_TALL : UNKNOWN_SHOWN);
  const unknownHeight = unknown === 0 ? 0 : unknown + PANE_BORDERS;
  const isFocused = (pane: string) => hasFocus(world, pane, accountList.pane);
  const height = rows - details - unknownHeight;
  return [
    [listPane(world, accountList, { width, height }, isFocused(accountList.pane))],
    ...(details === 0 ? [] : [[detailsPane(world, { width, height: details })]]),
    ...(unknown === 0
      ? []
      : [[listPane(world, unknownCards, { width, height: unknownHeight }, isFocused(unknownCards.pane))]]),
  ];
}

function detailsPane(world: World, extent: Extent): Pane {
  const account = selectedRow(world, accountList);
  const lines = account === null ? [] : briefAccountLines(world, account, extent.width - PANE_SIDES);
  return { id: 'details', title: account?.name ?? 'User', ...extent, lines, list: null };
}

export const users: Screen = {
  id: 'users',
  tab: { key: '4', title: 'Users', short: 'Users' },
  under: 'users',
  name: 'Users',
  bands,
  bindings: [
    ...accountKeys((world) =>
      hasFocus(world, accountList.pane, accountList.pane) ? selectedRow(world, accountList) : null,
    ),
  ],
};
