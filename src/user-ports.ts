// What the API shows and does of users, joined from the services. Part of the composition root: it decides nothing.
import type { ShownUser, UserPorts } from './api/ports/users.ts';
import { grantsOf } from './csms/grants.ts';
import type { Services } from './csms/services.ts';
import type { UserAdmin } from './csms/user-admin.ts';
import { etagOf } from './csms/user-edits.ts';
import type { SiteCalendar } from './domain/site-calendar.ts';
import { accountsOf, monthsOfTag, usageByAccount, usageByTag, usageOfUser } from './domain/usage.ts';
import { checkUser } from './domain/user-fields.ts';
import type { User } from './domain/user.ts';
import type { Clock } from './runtime/clock.ts';

export interface UserPortParts {
  readonly services: Services;
  readonly admin: UserAdmin;
  readonly calendar: SiteCalendar;
  readonly clock: Clock;
}

/** Any tag: the fields alone are looked at. */
const CARD_TO_COME = 'card';

export function createUserPorts({ services, admin, calendar, clock }: UserPortParts): UserPorts {
  const { users, durable, grants, unknownTags, enrolments } = services;
  const currentMonth = () => calendar.monthAt(clock.now());
  const shown = (user: User, month: string): ShownUser => ({
    ...usageOfUser(user, users.accountOf(user), month, durable),
    ...{ user, etag: etagOf(user) },
  });
  return {
    all() {
      const month = currentMonth();
      return [...users.all()].map((user) => shown(user, month));
    },
    find(idTag) {
      const user = users.find(idTag);
      return user?.idTag === idTag ? shown(user, currentMonth()) : null;
    },
    etagOfAll: () => etagOf([...users.all()]),
    add: (idTag, fields, by) => admin.add(idTag, fields, by),
    change: (idTag, fields, etag, by) => admin.change(idTag, fields, etag, by),
    replace: (idTag, fields, etag, by) => admin.replace(idTag, fields, etag, by),
    remove: (idTag, etag, by) => admin.remove(idTag, etag, by),
    import: (list, by) => admin.import(list, by),
    check(fields) {
      const checked = checkUser(CARD_TO_COME, fields, null);
      return checked.ok ? [] : checked.problems;
    },
    grants: (idTag, month) => grantsOf(durable, idTag, month),
    grant: (user, request, by) => grants.grant(user, request, by),
    revoke: (idTag, grantId, by) => grants.revoke(idTag, grantId, by),
    currentMonth,
    monthsOf: (idTag) => monthsOfTag(idTag, durable),
    usageByTag: (month) => usageByTag(accountsOf(users.all()), month, durable),
    usageByAccount: (month) => usageByAccount(accountsOf(users.all()), month, durable),
    unknownTags: () => unknownTags.list(),
    nextCard: (wanted) => enrolments.nextCard(wanted),
  };
}
