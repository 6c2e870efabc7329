// What is known of one user, or of all cards that share a quota, as lines: in short under a list, in full on its own screen.
import type { User } from '../../src/api/contract/users.ts';
import { personName, type Account } from '../data/accounts.ts';
import { plugName, runningByCard } from '../data/connectors.ts';
import type { World } from '../desk/desk.ts';
import { wrapped } from '../dialog/body.ts';
import { kwh, kwhNumber, percent } from '../text/figures.ts';
import { msOf } from '../text/times.ts';
import { bar } from '../widget/bar.ts';
import { firstThatFits, line, lineWidth, plainText, span, type Line } from '../widget/line.ts';
import { accountLook } from './account-columns.ts';

/** Three lines or four; the most important first. */
export function briefAccountLines(world: World, account: Account, width: number): readonly Line[] {
  const blocked = blockedLine(world, account);
  const charging = chargingInShort(world, account);
  return [
    cardsLine(account),
    figuresLine(world, account, width),
    ...[blocked, charging].filter((one) => one !== null),
  ];
}

/** For a pane of its own: a bar, the figures one under the other, and what is to be said. */
export function fullAccountLines(world: World, account: Account, width: number): readonly Line[] {
  const { quotaWh, grantedWh, usedWh, leftWh } = account;
  const runningWh = runningWhOf(world, account);
  const figure = (name: string, wh: number | null) =>
    line(
      span(name.padEnd(NAME_WIDTH), 'secondary'),
      wh === null ? 'no limit' : kwh(wh).padStart(FIGURE_WIDTH),
    );
  return [
    ...shareLines(world, account, width),
    figure('quota', quotaWh),
    ...(grantedWh === 0 ? [] : [figure('granted', grantedWh)]),
    figure('used', usedWh),
    ...(runningWh === 0 ? [] : [figure('  running', runningWh)]),
    figure('left', leftWh),
    line(),
    ...stateLines(world, account).flatMap((one) => wrappedLine(one, width)),
  ];
}

/** A line in as many as it takes; all of it then means what it began with. */
function wrappedLine(one: Line, width: number): readonly Line[] {
  if (lineWidth(one) <= width) return [one];
  const role = one.spans[0]?.role ?? 'plain';
  return wrapped(plainText(one), width).map(({ spans }) =>
    line(...spans.map(({ text }) => span(text, role))),
  );
}

const NAME_WIDTH = 10;
const FIGURE_WIDTH = 12;

function shareLines({ theme }: World, account: Account, width: number): readonly Line[] {
  const { share, limitWh } = account;
  if (limitWh === null) return [];
  const text = percent(share).padStart(PERCENT_WIDTH);
  return [line(span(`${bar(share, width - PERCENT_WIDTH, theme.glyphs)}${text}`, accountLook(account).role))];
}

const PERCENT_WIDTH = 7;

/** A card alone, or all cards with whose they are. */
function cardsLine({ users }: Account): Line {
  const [first, ...others] = users;
  if (others.length === 0) return line(span('card ', 'secondary'), cardText(first));
  const all = users.map((user) => `${user.idTag} ${personName(user)}${user.isBlocked ? ' (blocked)' : ''}`);
  return line(span(`${users.length} cards  `, 'secondary'), all.join(', '));
}

function cardText({ idTag, expires }: User): string {
  return expires === null ? idTag : `${idTag}   until ${expires}`;
}

/** Why it may not charge, and where it charges; a line each. */
function stateLines(world: World, account: Account): readonly Line[] {
  const blocked = blockedLine(world, account);
  return [...(blocked === null ? [] : [blocked]), ...chargingLines(world, account)];
}

function blockedLine({ snapshot: { overview }, times }: World, account: Account): Line | null {
  const { users, limitWh, leftWh } = account;
  if (users.every(({ isBlocked }) => isBlocked))
    return line(span('Blocked: may not charge until somebody unblocks it.', 'warning'));
  if (limitWh === null || (leftWh ?? 0) > 0) return null;
  const opensMs = msOf(overview?.monthEndsAt);
  const opens = opensMs === null ? '' : `, opens ${times.dayMinute(opensMs)}`;
  return line(span(`Quota used up${opens}.`, 'danger'), span(' A grant opens it at once.', 'secondary'));
}

/** All in one line. */
function chargingInShort({ snapshot, times, nowMs }: World, { users }: Account): Line | null {
  const byCard = runningByCard(snapshot);
  const sessions = users.flatMap(({ idTag }) => byCard.get(idTag) ?? []);
  if (sessions.length === 0) return null;
  const where = sessions.map(({ chargerId, connectorId }) => plugName(chargerId, connectorId)).join(', ');
  const ends = sessions.flatMap(({ quotaEndsAt }) => msOf(quotaEndsAt) ?? []);
  return line(
    span('Charging', 'active'),
    ` at ${where}`,
    ends.length === 0 ? '' : span(`, stops at ${times.short(Math.min(...ends), nowMs)}`, 'strong'),
  );
}

function chargingLines({ snapshot, times, nowMs }: World, { users }: Account): readonly Line[] {
  const byCard = runningByCard(snapshot);
  return users
    .flatMap(({ idTag }) => byCard.get(idTag) ?? [])
    .map(({ chargerId, connectorId, energyWh, quotaEndsAt, transactionId }) => {
      const endsMs = msOf(quotaEndsAt);
      return line(
        span('Charging', 'active'),
        ` at ${plugName(chargerId, connectorId)}, ${kwh(energyWh)}`,
        endsMs === null ? '' : span(`, stops at ${times.short(endsMs, nowMs)}`, 'strong'),
        span(` (session ${transactionId})`, 'secondary'),
      );
    });
}

function runningWhOf({ snapshot }: World, { users }: Account): number {
  const byCard = runningByCard(snapshot);
  const sessions = users.flatMap(({ idTag }) => byCard.get(idTag) ?? []);
  return sessions.reduce((sum, { energyWh }) => sum + energyWh, 0);
}

function figuresLine(world: World, account: Account, width: number): Line {
  const { quotaWh, grantedWh, usedWh, leftWh } = account;
  const quota = quotaWh === null ? 'no limit' : `quota ${kwhNumber(quotaWh)}`;
  const granted = grantedWh === 0 ? '' : `   granted ${kwhNumber(grantedWh)}`;
  const running = `   running ${kwhNumber(runningWhOf(world, account))}`;
  const left = leftWh === null ? '' : `   left ${kwhNumber(leftWh)}`;
  const used = `   used ${kwhNumber(usedWh)}`;
  const candidates = [
    `${quota}${granted}${used}${running}${left} kWh`,
    `${quota}${granted}${used}${left} kWh`,
  ];
  return firstThatFits(
    candidates.map((text) => line(span(text, 'secondary'))),
    width,
  );
}
