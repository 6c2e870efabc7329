// Users that a test makes up, behind the port of the API: edits happen in memory, with the domain's own rules. Not part of the program.
import type { Entry } from '../domain/entry.ts';
import { whOf } from '../domain/energy.ts';
import { sampleUser } from '../domain/sample.fixture.ts';
import type { AccountUsage, MonthUsage } from '../domain/usage.ts';
import type { UserOutcome } from '../domain/user-change.ts';
import { checkGrant, checkUser, type UserFields } from '../domain/user-fields.ts';
import type { User } from '../domain/user.ts';
import { etagOf } from './etag.ts';
import type { CardAnswer, SeenTag, ShownUser, UserPorts } from './ports/users.ts';

const MADE_AT_MS = Date.UTC(2026, 10, 30, 12);
const MONTH = '2026-11';
/** Editing this user fails as when another program never lets go of users1.csv. */
export const BUSY_TAG = 'BUSY';

export interface MadeUpUsers {
  readonly users?: readonly User[];
  /** What waiting for a card comes to. */
  readonly card?: CardAnswer;
}

/** `GRANT1` of user A is there, and `GRANT0`, which has been taken back. */
export function madeUpUsers({
  users = [sampleUser('A', { account: 'flat' }), sampleUser('B', { isBlocked: true }), sampleUser(BUSY_TAG)],
  card = { kind: 'card', tag: { idTag: 'NEW' } },
}: MadeUpUsers = {}): UserPorts {
  const rows = new Map(users.map((user) => [user.idTag, user]));
  const grants: Entry[] = [madeUpGrant('GRANT0'), madeUpGrant('GRANT1'), takenBack(madeUpGrant('GRANT0'))];
  const shown = (user: User): ShownUser => ({
    ...{ idTag: user.idTag, user, usedWh: 1_000, grantedWh: 500, leftWh: 9_500, running: 1 },
    etag: etagOf(user),
  });

  async function put(idTag: string, fields: UserFields, base: User | null): Promise<UserOutcome<User>> {
    await Promise.resolve();
    const checked = checkUser(idTag, fields, base);
    if (!checked.ok) return { ok: false, refusal: { code: 'invalid', problems: checked.problems } };
    if (idTag === BUSY_TAG || idTag === `${BUSY_TAG}-NEW`) return busy();
    rows.set(checked.user.idTag, checked.user);
    return { ok: true, value: checked.user };
  }

  return {
    all: () => [...rows.values()].map(shown),
    find(idTag) {
      const user = rows.get(idTag);
      return user ? shown(user) : null;
    },
    etagOfAll: () => etagOf([...rows.values()]),
    add: async (idTag, fields) =>
      rows.has(idTag) ? { ok: false, refusal: { code: 'exists', idTag } } : put(idTag, fields, null),
    change: (idTag, fields) => put(idTag, fields, rows.get(idTag) ?? null),
    replace: (idTag, fields) => put(idTag, fields, null),
    remove(idTag) {
      if (idTag === BUSY_TAG) return Promise.resolve(busy());
      rows.delete(idTag);
      return Promise.resolve({ ok: true, value: null });
    },
    async import(list) {
      for (const { idTag, ...fields } of list) {
        const outcome = await put(idTag, fields, rows.get(idTag) ?? null);
        if (!outcome.ok) return outcome;
      }
      return { ok: true, value: { added: list.length, changed: 0, unchanged: 0 } };
    },
    check(fields) {
      const checked = checkUser('card', fields, null);
      return checked.ok ? [] : checked.problems;
    },
    grants: (idTag, month) =>
      grants.filter((entry) => entry.idTag === idTag && (month === undefined || entry.month === month)),
    grant({ idTag }, { kWh, month = MONTH, note }, by) {
      const problems = checkGrant(kWh, month, note);
      if (problems.length > 0) return Promise.resolve({ ok: false, code: 'invalid', problems });
      const made = { ...madeUpGrant(`GRANT${grants.length}`), idTag, month, wh: whOf(kWh), source: by };
      grants.push(made);
      return Promise.resolve({ ok: true, entry: made });
    },
    revoke(idTag, grantId) {
      const found = grants.find((entry) => entry.id === grantId && entry.idTag === idTag);
      if (!found) return Promise.resolve({ ok: false, code: 'unknown' });
      if (grants.some((entry) => entry.revokes === grantId))
        return Promise.resolve({ ok: false, code: 'revoked' });
      grants.push(takenBack(found));
      return Promise.resolve({ ok: true, entry: takenBack(found) });
    },
    monthsOf: (idTag) => (rows.has(idTag) ? MONTHS : []),
    usageByTag: () => [...rows.values()].map(shown),
    usageByAccount: () => [...rows.values()].map(accountOfOne),
    unknownTags: () => [SEEN],
    currentMonth: () => MONTH,
    nextCard: () => Promise.resolve(card),
  };
}

const MONTHS: readonly MonthUsage[] = ['2026-11', '2026-10', '2025-12'].map((month) => ({
  ...{ month, usedWh: 1_000, adjustedWh: 0, grantedWh: 500 },
}));

function accountOfOne({ idTag, account, quotaWh }: User): AccountUsage {
  const amounts = { usedWh: 1_000, grantedWh: 500, quotaWh, leftWh: 9_500, running: 1 };
  return { account, idTags: [idTag], ...amounts };
}

const SEEN: SeenTag = {
  idTag: 'NEW',
  chargePointId: 'CP1',
  firstMs: MADE_AT_MS,
  lastMs: MADE_AT_MS + 1000,
  count: 2,
  suggestions: [{ idTag: 'A', likeness: 'case' }],
};

function busy<T>(): UserOutcome<T> {
  const fault = { code: 'busy', message: 'users1.csv is being written', hint: 'try again' };
  return { ok: false, refusal: { code: 'file', fault } };
}

function madeUpGrant(id: string): Entry {
  return { id, type: 'grant', idTag: 'A', month: MONTH, wh: 5_000, atMs: MADE_AT_MS, source: 'admin' };
}

function takenBack(grant: Entry): Entry {
  return { ...grant, id: `revocation-of-${grant.id}`, wh: -grant.wh, revokes: grant.id };
}
