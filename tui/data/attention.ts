// What needs a person, the worst first: faults, alarms, chargers that are away or wait, quotas that end, cards nobody knows. Pure.
import type { Session } from '../../src/api/contract/sessions.ts';
import type { UnknownTag } from '../../src/api/contract/users.ts';
import type { Place } from '../desk/desk.ts';
import { kwh, percent } from '../text/figures.ts';
import { msOf } from '../text/times.ts';
import type { Role } from '../theme/role.ts';
import type { GlyphName } from '../theme/glyphs.ts';
import { accountsByShare, type Account } from './accounts.ts';
import { connectorName, connectorRows, plugName, runningByCard, type ConnectorRow } from './connectors.ts';
import { remembered } from './memo.ts';
import type { Snapshot } from './snapshot.ts';

export interface Attention {
  readonly id: string;
  readonly glyph: GlyphName;
  readonly role: Role;
  /** Whom it is about. */
  readonly who: string;
  readonly what: string;
  /** Since when; null: it does not matter, or is not known. */
  readonly sinceMs: number | null;
  /** Where a quota will be used up; null: no matter. */
  readonly untilMs: number | null;
  /** Where one goes to look. */
  readonly place: Place;
  /** The server's alarm that says the same, in more words: it needs no line of its own. */
  readonly alarmId?: string;
}

/** From here on a quota is worth a look. */
export const WARN_SHARE = 0.8;
/** Cards that were refused longer ago are no news. */
const UNKNOWN_FOR_MS = 3_600_000;

/** `nowMs` to the minute, so that it is not worked out anew each second. */
export function attention(snapshot: Snapshot, nowMs: number): readonly Attention[] {
  const minute = Math.floor(nowMs / 60_000) * 60_000;
  return attentionOf(snapshot.alarms, connectorRows(snapshot), quotas(snapshot), snapshot.unknownTags, minute);
}

const attentionOf = remembered(
  (
    alarms: Snapshot['alarms'],
    connectors: readonly ConnectorRow[],
    quotaItems: readonly Attention[],
    unknown: readonly UnknownTag[],
    nowMs: number,
  ): readonly Attention[] => {
    const own = [...connectors.flatMap(connectorItem), ...quotaItems];
    const told = new Set(own.flatMap(({ alarmId }) => alarmId ?? []));
    return [
      ...alarms.filter(({ id }) => !told.has(id)).map(alarmItem),
      ...own,
      ...unknown
        .filter(({ lastSeenAt }) => nowMs - (msOf(lastSeenAt) ?? 0) < UNKNOWN_FOR_MS)
        .map(unknownItem),
    ];
  },
);

function alarmItem({ id, message, since }: Snapshot['alarms'][number]): Attention {
  return {
    ...{ id: `alarm:${id}`, glyph: 'danger', role: 'danger', who: 'alarm', what: message },
    ...{ sinceMs: msOf(since), untilMs: null, place: { screen: 'alarms' } },
  };
}

function connectorItem(row: ConnectorRow): Attention[] {
  const { id, status, errorCode, charger, sinceMs, session } = row;
  const place = { screen: 'charger', subject: charger.id };
  const common = { id: `connector:${id}`, who: connectorName(row), sinceMs, untilMs: null, place };
  if (charger.admission === 'pending')
    return [{ ...common, glyph: 'unknown', role: 'warning', who: charger.id, what: 'waits to be approved' }];
  if (status === 'Faulted')
    return [
      {
        ...{ ...common, glyph: 'danger', role: 'danger', alarmId: `faulted/${charger.id}` },
        what: errorCode === '' ? 'Faulted' : `Faulted: ${errorCode}`,
      },
    ];
  if (status === 'Offline')
    return [
      {
        ...{ ...common, glyph: 'offline', role: 'offline', alarmId: `offline/${charger.id}` },
        what: session === null ? 'offline' : 'offline, and a session runs there',
      },
    ];
  return [];
}

function quotas(snapshot: Snapshot): readonly Attention[] {
  return quotasOf(accountsByShare(snapshot), runningByCard(snapshot));
}

const quotasOf = remembered(
  (accounts: readonly Account[], byCard: ReturnType<typeof runningByCard>): readonly Attention[] =>
    accounts
      .filter(({ share, limitWh }) => limitWh !== null && share >= WARN_SHARE)
      .flatMap((account) => {
        const sessions = account.users.flatMap(({ idTag }) => byCard.get(idTag) ?? []);
        // What is known of users may be older than the sessions, or newer.
        return sessions.length > 0 || account.running > 0 ? [quotaItem(account, sessions)] : [];
      }),
);

function quotaItem(account: Account, sessions: readonly Session[]): Attention {
  const ends = sessions.flatMap(({ quotaEndsAt }) => msOf(quotaEndsAt) ?? []);
  const [session] = sessions;
  const isUsedUp = (account.leftWh ?? 0) <= 0;
  const left = isUsedUp ? 'nothing left' : `${kwh(account.leftWh ?? 0)} left`;
  return {
    id: `quota:${account.id}`,
    glyph: isUsedUp ? 'danger' : 'warning',
    role: isUsedUp ? 'danger' : 'warning',
    who: account.name,
    what: `${percent(account.share)} used, ${left}${session ? `, at ${plugName(session.chargerId, session.connectorId)}` : ''}`,
    sinceMs: null,
    untilMs: ends.length > 0 ? Math.min(...ends) : null,
    place: { screen: 'user', subject: account.id },
    alarmId: `quota/${account.users[0].account === null ? 'tag:' : ''}${account.id}`,
  };
}

function unknownItem({ idTag, chargerId, count, lastSeenAt }: UnknownTag): Attention {
  const times = count === 1 ? 'refused once' : `refused ${count} times`;
  return {
    ...{ id: `tag:${idTag}`, glyph: 'unknown', role: 'warning', who: idTag },
    what: `unknown card ${times} at ${chargerId}`,
    ...{ sinceMs: msOf(lastSeenAt), untilMs: null, place: { screen: 'users' } },
  };
}
