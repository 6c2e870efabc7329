// The lines of a form that say what a user is, and what was typed into them as the API takes it.
import type { User, UserChange } from '../../src/api/contract/users.ts';
import type { Field, Values } from '../dialog/form.ts';
import { kwhOfWh, typedKwh, whOfText } from '../text/typed-figures.ts';

const NO_LIMIT = 'none';
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What a form starts from; null: a user to come. */
export function userFields(user: User | null): readonly Field[] {
  return [
    { name: 'name', label: 'Name', value: user?.name ?? '' },
    { name: 'surname', label: 'Surname', value: user?.surname ?? '' },
    quotaField(user),
    { name: 'account', label: 'Shares the quota of', value: user?.account ?? '' },
    {
      ...{ name: 'expires', label: 'Last good day', value: user?.expires ?? '' },
      problem: (text) => (text === '' || DAY.test(text) ? null : 'it is a day like 2026-12-31, or empty'),
    },
  ];
}

export function quotaField(user: Pick<User, 'isUnlimited' | 'quotaKwh'> | null): Field {
  const value = user === null ? '' : user.isUnlimited ? NO_LIMIT : typedKwh(user.quotaKwh);
  return {
    ...{ name: 'quota', label: 'Quota, kWh a month', value },
    problem: (text) =>
      text === NO_LIMIT || whOfText(text) !== null ? null : 'it is kWh like 120 or 12.5, or none: no limit',
  };
}

/** All that the form says of a user. */
export function typedUser({
  name = '',
  surname = '',
  account = '',
  expires = '',
  ...quota
}: Values): UserChange {
  return {
    ...{ name, surname, account: account === '' ? null : account, expires: expires === '' ? null : expires },
    ...typedQuota(quota),
  };
}

export function typedQuota({ quota = '' }: Values): UserChange {
  const wh = whOfText(quota);
  return wh === null ? { isUnlimited: true } : { isUnlimited: false, quotaKwh: kwhOfWh(wh) };
}

/** What of it differs from the user as he is. */
export function changesOf(user: User, wanted: UserChange): UserChange {
  const before: UserChange = user;
  const names = Object.keys(wanted) as (keyof UserChange)[];
  return Object.fromEntries(
    names.filter((name) => wanted[name] !== before[name]).map((name) => [name, wanted[name]]),
  );
}

/** How two versions of a user differ, in words: `quota was 120, is 150`; empty: in nothing that a form shows. */
export function differenceText(before: User, after: User): string {
  const [old, now] = [userFields(before), userFields(after)];
  const texts = old.flatMap(({ name, value }, index) => {
    const other = now[index]?.value ?? '';
    return value === other ? [] : [`${name} was ${value || 'empty'}, is ${other || 'empty'}`];
  });
  if (before.isBlocked !== after.isBlocked)
    texts.push(after.isBlocked ? 'it is blocked now' : 'it is no longer blocked');
  return texts.join('; ');
}
