// One user, or all cards that share a quota: what is left, what was used month by month, and the sessions.
import type { Session } from '../../src/api/contract/sessions.ts';
import type { Grant, User } from '../../src/api/contract/users.ts';
import { askTakeBack, grantsToTakeBack } from '../action/grant.ts';
import { sessionsOfAccount } from '../data/account-history.ts';
import { accountOf, personName, type Account } from '../data/accounts.ts';
import { sessionKey, type AccountHistory } from '../data/snapshot.ts';
import type { World } from '../desk/desk.ts';
import { goTo, placeOf } from '../desk/ui-state.ts';
import { bodySize, PANE_SIDES, split } from '../layout.ts';
import { kwhNumber } from '../text/figures.ts';
import { bar } from '../widget/bar.ts';
import { line, span, type Line } from '../widget/line.ts';
import { hasFocus, listPane, selectedRow, type Extent, type ListSpec } from '../widget/list-pane.ts';
import { fullAccountLines } from './account-facts.ts';
import { accountKeys } from './account-keys.ts';
import {
  chargerColumn,
  durationColumn,
  endColumn,
  idColumn,
  kwColumn,
  kwhColumn,
  signColumn,
  startColumn,
} from './session-columns.ts';
import { sessionKeys } from './session-keys.ts';
import type { Pane, Screen } from './screen.ts';

/** null: he is not known, or was removed. */
function shownAccount({ snapshot, ui }: World): Account | null {
  return accountOf(snapshot, placeOf(ui).subject ?? '');
}

/** null: it is being read. */
function historyOf({ snapshot: { account }, ui }: World): AccountHistory | null {
  return account?.id === placeOf(ui).subject ? account : null;
}

const NO_SESSIONS: readonly Session[] = [];

const sessionList: ListSpec<Session> = {
  pane: 'sessions',
  title: 'Latest sessions',
  noun: 'session',
  rows(world) {
    const history = historyOf(world);
    return history === null ? NO_SESSIONS : sessionsOfAccount(world.snapshot, history);
  },
  idOf: sessionKey,
  empty: (world) => [
    line(
      span(
        historyOf(world) === null ? `${world.theme.glyphs.working} loading` : 'No session so far.',
        'secondary',
      ),
    ),
  ],
  open: (desk, session) => goTo(desk, { screen: 'session', subject: sessionKey(session) }),
  columns: (world) => [
    signColumn(world),
    { ...idColumn, title: 'Id', dropOrder: 3 },
    { ...chargerColumn, width: 14 },
    startColumn(world),
    { ...durationColumn(world), dropOrder: 2 },
    kwhColumn,
    kwColumn,
    { ...endColumn(world), fills: true, dropOrder: 1 },
  ],
};

function bands(world: World): readonly (readonly Pane[])[] {
  const { columns, rows } = bodySize(world.size);
  const account = shownAccount(world);
  const subject = placeOf(world.ui).subject ?? '';
  const [left = 0, right = 0] = split(columns, [5, 4]);
  const [top = 0, bottom = 0] = split(rows, [5, 3]);
  const facts = { id: 'user', title: account?.name ?? subject, width: left, height: top, list: null };
  const lines =
    account === null ? unknownLines(world, subject) : accountLines(world, account, left - PANE_SIDES);
  return [
    [{ ...facts, lines }, monthsPane(world, account, { width: right, height: top })],
    [
      listPane(
        world,
        sessionList,
        { width: columns, height: bottom },
        hasFocus(world, sessionList.pane, sessionList.pane),
      ),
    ],
  ];
}

function unknownLines({ snapshot, theme }: World, subject: string): readonly Line[] {
  if (snapshot.users === null) return [line(span(`${theme.glyphs.working} loading`, 'secondary'))];
  return [line(`Nobody has ${subject.startsWith('account:') ? 'this account' : 'this card'} any more.`)];
}

function accountLines(world: World, account: Account, width: number): readonly Line[] {
  const lines = fullAccountLines(world, account, width);
  const [{ idTag, expires }, ...others] = account.users;
  if (others.length > 0) return [...lines, ...account.users.map(cardLine)];
  const until = expires === null ? '' : `   until ${expires}`;
  return [line(span('card ', 'secondary'), idTag, span(until, 'secondary')), ...lines];
}

/** One of the cards that share the quota. */
function cardLine(user: User): Line {
  return line(
    span('card ', 'secondary'),
    `${user.idTag}  ${personName(user)}`,
    span(user.isBlocked ? '  blocked' : '', 'warning'),
    span(`  ${kwhNumber(user.usedWh)} used`, 'secondary'),
  );
}

const MONTH_WIDTH = 9;
const FIGURE_WIDTH = 8;

function monthsPane(world: World, account: Account | null, extent: Extent): Pane {
  const { theme, times } = world;
  const history = historyOf(world);
  const months = history?.months ?? [];
  const most = Math.max(account?.limitWh ?? 0, ...months.map(({ usedWh }) => usedWh));
  const room = extent.width - PANE_SIDES - MONTH_WIDTH - FIGURE_WIDTH - 2;
  const lines = months.flatMap(({ month, usedWh, adjustedWh }) => [
    line(
      span(times.month(month).padEnd(MONTH_WIDTH), 'secondary'),
      `${kwhNumber(usedWh).padStart(FIGURE_WIDTH)}  `,
      span(bar(most === 0 ? 0 : usedWh / most, Math.max(0, room), theme.glyphs), 'active'),
    ),
    ...(adjustedWh === 0 ? [] : [note(`of it ${kwhNumber(adjustedWh)} from other programs`)]),
    ...(history?.grants ?? []).filter((grant) => grant.month === month).map(grantLine),
  ]);
  const empty = [
    line(span(history === null ? `${theme.glyphs.working} loading` : 'Nothing so far.', 'secondary')),
  ];
  return {
    ...{ id: 'months', title: 'By month, kWh', ...extent, list: null },
    lines: lines.length > 0 ? lines : empty,
  };
}

function grantLine({ wh, by, note: why, revokes }: Grant): Line {
  const what = revokes === null ? `+${kwhNumber(wh)} granted` : `${kwhNumber(wh)} taken back`;
  return note(`${what} by ${by}${why === null ? '' : `: ${why}`}`);
}

function note(text: string): Line {
  return line(span(`  ${text}`, 'secondary'));
}

function toTakeBack(world: World): readonly Grant[] {
  return grantsToTakeBack(historyOf(world)?.grants ?? [], world.snapshot.overview?.month ?? '');
}

const [stopKey, ...otherSessionKeys] = sessionKeys((world) => selectedRow(world, sessionList));

export const user: Screen = {
  id: 'user',
  tab: null,
  under: 'users',
  name: 'User',
  bands,
  bindings: [
    ...accountKeys(shownAccount),
    {
      ...{ keys: ['-'], label: 'take a grant back', role: 'admin' },
      blocked: (world) => (toTakeBack(world).length === 0 ? 'nothing was granted for this month' : null),
      run(desk) {
        const account = shownAccount(desk.world());
        if (account) askTakeBack(desk, account, toTakeBack(desk.world()));
      },
    },
    ...(stopKey ? [stopKey] : []),
    ...otherSessionKeys.filter(({ keys }) => !keys.includes('U')),
  ],
};
