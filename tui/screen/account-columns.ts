// The columns that lists of users are put together from, and how an account looks by what is left of its quota.
import type { Account } from '../data/accounts.ts';
import { WARN_SHARE } from '../data/attention.ts';
import { runningByCard } from '../data/connectors.ts';
import type { World } from '../desk/desk.ts';
import { kwhNumber, percent } from '../text/figures.ts';
import type { GlyphName } from '../theme/glyphs.ts';
import type { Role } from '../theme/role.ts';
import { bar } from '../widget/bar.ts';
import { span } from '../widget/line.ts';
import { byText, type Column } from '../widget/table.ts';

type AccountColumn = Column<Account>;

/** `999.9` */
const FIGURE_WIDTH = 5;

interface Look {
  readonly glyph: GlyphName;
  readonly role: Role;
}

export function accountLook({ users, share, limitWh, leftWh }: Account): Look {
  if (users.every(({ isBlocked }) => isBlocked)) return { glyph: 'unavailable', role: 'unavailable' };
  if (limitWh === null) return { glyph: 'unlimited', role: 'secondary' };
  if ((leftWh ?? 0) <= 0) return { glyph: 'danger', role: 'danger' };
  return share >= WARN_SHARE ? { glyph: 'warning', role: 'warning' } : { glyph: 'live', role: 'ok' };
}

export function accountSignColumn({ theme }: World): AccountColumn {
  return {
    title: '',
    width: 1,
    cell: (account) => span(theme.glyphs[accountLook(account).glyph], accountLook(account).role),
  };
}

export const nameColumn: AccountColumn = {
  title: 'User',
  width: 14,
  maxWidth: 28,
  cell: ({ name }) => name,
  compare: (a, b) => byText(a.name, b.name),
};

/** One card, or how many there are. */
export const cardsColumn: AccountColumn = {
  title: 'Card',
  width: 14,
  maxWidth: 24,
  cell: ({ users }) => users.map(({ idTag }) => idTag).join(' '),
};

export const quotaColumn: AccountColumn = figures('Quota', ({ quotaWh }) => quotaWh, 'none');

export const grantsColumn: AccountColumn = figures('Grants', ({ grantedWh }) => grantedWh || null, '');

export const usedColumn: AccountColumn = figures('Used', ({ usedWh }) => usedWh, '');

export const leftColumn: AccountColumn = {
  ...figures('Left', ({ leftWh }) => leftWh, 'no limit'),
  compare: (a, b) => (a.leftWh ?? Infinity) - (b.leftWh ?? Infinity),
};

/** Energy of the sessions that run now. */
export function runningColumn({ snapshot }: World): AccountColumn {
  const byCard = runningByCard(snapshot);
  const runningWh = ({ users, running }: Account) => {
    const sessions = users.flatMap(({ idTag }) => byCard.get(idTag) ?? []);
    if (sessions.length === 0) return running > 0 ? 0 : null;
    return sessions.reduce((sum, { energyWh }) => sum + energyWh, 0);
  };
  return {
    ...figures('Running', runningWh, ''),
    cell: (account) => span(figureText(runningWh(account), ''), 'active'),
  };
}

/** A bar, and the percent. */
export function shareColumn({ theme }: World): AccountColumn {
  return {
    title: 'Used %',
    width: 12,
    fills: true,
    cell(account, width) {
      const { share, limitWh } = account;
      if (limitWh === null) return '';
      const figure = percent(share).padStart(PERCENT_WIDTH);
      return span(`${bar(share, width - PERCENT_WIDTH, theme.glyphs)}${figure}`, barRole(account));
    },
    compare: (a, b) => b.share - a.share,
  };
}

/** `  100 %`, with blanks before it. */
const PERCENT_WIDTH = 7;

/** Only what is worth a look has a colour. */
function barRole(account: Account): Role {
  const { role } = accountLook(account);
  return role === 'ok' ? 'plain' : role;
}

/** The largest first. */
function figures(title: string, value: (account: Account) => number | null, none: string): AccountColumn {
  return {
    title,
    width: Math.max(FIGURE_WIDTH, title.length),
    maxWidth: 9,
    align: 'right',
    cell: (account) => figureText(value(account), none),
    compare: (a, b) => (value(b) ?? -Infinity) - (value(a) ?? -Infinity),
  };
}

function figureText(wh: number | null, none: string): string {
  return wh === null ? none : kwhNumber(wh);
}
