// /api/usage: what cards and accounts have used of a month, and one card month by month. The users themselves are users.ts.
import Type from 'typebox';
import { accountKey } from '../../domain/quota.ts';
import type { AccountUsage as DomainAccountUsage, TagUsage as DomainTagUsage } from '../../domain/usage.ts';
import { fullName } from '../../domain/user.ts';
import { pageQuery } from '../contract/schema.ts';
import {
  AccountUsagePage,
  month,
  MonthUsagePage,
  TagUsagePage,
  type AccountUsage,
  type TagUsage,
} from '../contract/users.ts';
import { csvText } from '../csv.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { byText, pageOf } from '../page.ts';
import type { UserPorts } from '../ports/users.ts';
import { knownUser, userParams } from './users.ts';

const group = 'Users';
const CSV = 'text/csv';

const usageQuery = Type.Object({ ...pageQuery, month: Type.Optional(month) });

export function usageRoutes(ports: UserPorts): readonly Route[] {
  return [
    defineRoute({
      ...{ method: 'GET', path: '/api/usage', role: 'viewer', group },
      summary: 'What each card has used of a month, by idTag',
      description:
        'Of the current month unless told. Quotas are those of now. Cards that are in users1.csv no more are there if something was booked on them. As CSV, all cards come on one page.',
      query: usageQuery,
      answer: { description: 'Used, granted and left.', json: TagUsagePage, text: [CSV] },
      async handle({ query, mediaType }) {
        const rows = ports.usageByTag(query.month ?? ports.currentMonth()).map(tagUsageOf);
        rows.sort((a, b) => byText(a.idTag, b.idTag));
        if (mediaType === CSV) return { text: await csvText(rows, TAG_COLUMNS) };
        return { json: pageOf(rows, query, (row) => row.idTag) };
      },
    }),
    defineRoute({
      ...{ method: 'GET', path: '/api/usage/accounts', role: 'viewer', group },
      summary: 'What the cards that share a quota have used of a month',
      description: 'Of the current month unless told. Quotas are those of now. As CSV, all come on one page.',
      query: usageQuery,
      answer: { description: 'Used, granted and left.', json: AccountUsagePage, text: [CSV] },
      async handle({ query, mediaType }) {
        const rows = ports.usageByAccount(query.month ?? ports.currentMonth()).map(accountUsageOf);
        rows.sort((a, b) => byText(a.key, b.key));
        if (mediaType !== CSV) return { json: pageOf(rows, query, (row) => row.key) };
        const flat = rows.map((row) => ({ ...row, idTags: row.idTags.join(' ') }));
        return { text: await csvText(flat, ACCOUNT_COLUMNS) };
      },
    }),
    monthsRoute(ports),
  ];
}

function monthsRoute(ports: UserPorts): Route {
  return defineRoute({
    ...{ method: 'GET', path: '/api/users/{idTag}/months', role: 'viewer', group },
    summary: 'What a card has used month by month, the newest first',
    description:
      'Months in which it used nothing and was granted nothing are left out. Also of a card that is no user any more.',
    params: userParams,
    query: Type.Object(pageQuery),
    answer: { description: 'Used and granted, by month.', json: MonthUsagePage },
    problems: ['userUnknown'],
    handle({ params, query }) {
      const months = ports.monthsOf(params.idTag);
      if (months.length === 0) knownUser(ports, params.idTag);
      const { items, next } = pageOf(
        months,
        query,
        (one) => one.month,
        (a, b) => byText(b, a),
      );
      return { json: { items: items.map((one) => ({ ...one })), next } };
    },
  });
}

function tagUsageOf({ idTag, user, usedWh, grantedWh, leftWh, running }: DomainTagUsage): TagUsage {
  return {
    idTag,
    name: user ? fullName(user) : '',
    account: user?.account ?? null,
    isKnown: user !== null,
    quotaWh: user && !user.isUnlimited ? user.quotaWh : null,
    ...{ usedWh, grantedWh, leftWh, running },
  };
}

function accountUsageOf({ idTags, ...usage }: DomainAccountUsage): AccountUsage {
  const { account } = usage;
  return { key: accountKey({ account, idTag: idTags[0] ?? '' }), idTags: [...idTags], ...usage };
}

const TAG_COLUMNS = [
  'idTag',
  'name',
  'account',
  'isKnown',
  'quotaWh',
  'usedWh',
  'grantedWh',
  'leftWh',
  'running',
] as const satisfies readonly (keyof TagUsage)[];

const ACCOUNT_COLUMNS = [
  'account',
  'idTags',
  'quotaWh',
  'usedWh',
  'grantedWh',
  'leftWh',
  'running',
] as const satisfies readonly (keyof AccountUsage)[];
