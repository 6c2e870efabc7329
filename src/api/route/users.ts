// /api/users: the rows of users1.csv, read and edited. Grants are grants.ts, enrolling enrolments.ts.
import Type from 'typebox';
import { kWhOf } from '../../domain/energy.ts';
import { refusalText, type UserOutcome } from '../../domain/user-change.ts';
import { fullName } from '../../domain/user.ts';
import type { ProblemCode } from '../contract.ts';
import { pageQuery } from '../contract/schema.ts';
import { idTag, Imported, NewUser, User, UserChange, UserImport, UsersPage } from '../contract/users.ts';
import { csvText } from '../csv.ts';
import { defineRoute, type Reply, type Route } from '../define-route.ts';
import { requireMatch } from '../etag.ts';
import { byText, pageOf } from '../page.ts';
import { HttpProblem } from '../problem.ts';
import type { ShownUser, UserPorts } from '../ports/users.ts';

const group = 'Users';
const CSV = 'text/csv';

export const userParams = Type.Object({ idTag });

const usersQuery = Type.Object({
  ...pageQuery,
  search: Type.Optional(
    Type.String({ description: 'Only users with this in idTag, name or account, whatever the case.' }),
  ),
  blocked: Type.Optional(Type.Boolean({ description: 'Only those that are blocked, or are not.' })),
});

/** What an edit of users1.csv may end in, beside success. */
const EDIT_PROBLEMS = ['userInvalid', 'usersFileNotEdited'] as const satisfies readonly ProblemCode[];

export function userRoutes(ports: UserPorts): readonly Route[] {
  // The words of a path come before its parameters: the first path that fits is taken.
  return [listRoute(ports), ...creatingRoutes(ports), getRoute(ports), ...changingRoutes(ports)];
}

function listRoute(ports: UserPorts): Route {
  return defineRoute({
    ...{ method: 'GET', path: '/api/users', role: 'viewer', group, summary: 'All users, by idTag' },
    description:
      'The entity tag is that of the whole list. As CSV, all that were asked for come on one page.',
    query: usersQuery,
    answer: { description: 'Users with what they have used of this month.', json: UsersPage, text: [CSV] },
    async handle({ query, mediaType }) {
      const etag = ports.etagOfAll();
      const found = ports
        .all()
        .filter((one) => isFound(one, query.search, query.blocked))
        .sort((a, b) => byText(a.idTag, b.idTag));
      if (mediaType === CSV) return { text: await csvText(found.map(userOf), USER_COLUMNS), etag };
      const { items, next } = pageOf(found, query, (one) => one.idTag);
      return { json: { items: items.map(userOf), next }, etag };
    },
  });
}

function getRoute(ports: UserPorts): Route {
  return defineRoute({
    ...{ method: 'GET', path: '/api/users/{idTag}', role: 'viewer', group, summary: 'One user' },
    params: userParams,
    answer: { description: 'The user, with what it has used of this month.', json: User },
    problems: ['userUnknown'],
    handle: ({ params }) => replyOf(knownUser(ports, params.idTag)),
  });
}

function creatingRoutes(ports: UserPorts): readonly Route[] {
  return [
    defineRoute({
      ...{ method: 'POST', path: '/api/users', role: 'admin', group, summary: 'Adds a user' },
      body: NewUser,
      answer: { status: 201, description: 'The user; it may charge from now on.', json: User },
      problems: ['userExists', ...EDIT_PROBLEMS],
      async handle({ body: { idTag: tag, ...given }, caller }) {
        const user = done(await ports.add(tag, given, caller.name));
        return replyOf(knownUser(ports, user.idTag));
      },
    }),
    defineRoute({
      ...{ method: 'POST', path: '/api/users/import', role: 'admin', group, summary: 'Imports many users' },
      description: 'Fields that are left out stay as they are in users that are known. Nobody is removed.',
      body: UserImport,
      answer: { description: 'How many were added and changed.', json: Imported },
      problems: EDIT_PROBLEMS,
      async handle({ body, caller }) {
        return { json: { ...done(await ports.import(body.items, caller.name)) } };
      },
    }),
  ];
}

function changingRoutes(ports: UserPorts): readonly Route[] {
  const shared = {
    path: '/api/users/{idTag}',
    role: 'admin',
    group,
    params: userParams,
    ifMatch: true,
    problems: ['userUnknown', ...EDIT_PROBLEMS],
  } as const;
  const edit = (method: 'PUT' | 'PATCH', summary: string, description: string, edited: typeof ports.change) =>
    defineRoute({
      ...{ ...shared, method, summary, description },
      body: UserChange,
      answer: { description: 'The user as it is now.', json: User },
      async handle({ params: { idTag: tag }, body, ifMatch, caller }) {
        done(await edited(tag, body, matchedEtag(ports, tag, ifMatch), caller.name));
        return replyOf(knownUser(ports, tag));
      },
    });
  const whole = 'Fields that are left out become what an empty column says.';
  const part = 'Fields that are left out stay as they are.';
  return [
    edit('PUT', 'Replaces a user', whole, ports.replace.bind(ports)),
    edit('PATCH', 'Changes a user', part, ports.change.bind(ports)),
    defineRoute({
      ...shared,
      method: 'DELETE',
      summary: 'Removes a user',
      description: 'Running sessions go on up to the quota last known; what was used stays in the books.',
      problems: ['userUnknown', 'usersFileNotEdited'],
      answer: { status: 204, description: 'It is gone.' },
      async handle({ params, ifMatch, caller }) {
        const etag = matchedEtag(ports, params.idTag, ifMatch);
        done(await ports.remove(params.idTag, etag, caller.name));
        return { empty: true };
      },
    }),
  ];
}

/** Throws a 404. */
export function knownUser(ports: UserPorts, tag: string): ShownUser {
  const found = ports.find(tag);
  if (found) return found;
  const { message, hint } = refusalText({ code: 'unknown', idTag: tag });
  throw new HttpProblem('userUnknown', { detail: message, hint });
}

/** What came of an edit; throws the problem that it is otherwise. */
export function done<T>(outcome: UserOutcome<T>): T {
  if (outcome.ok) return outcome.value;
  const { refusal } = outcome;
  const { message: detail, hint } = refusalText(refusal);
  switch (refusal.code) {
    case 'invalid': {
      const errors = refusal.problems.map(({ field, message }) => ({ path: field, message }));
      throw new HttpProblem('userInvalid', { detail, hint, errors });
    }
    case 'unknown':
      throw new HttpProblem('userUnknown', { detail, hint });
    case 'exists':
      throw new HttpProblem('userExists', { detail, hint });
    case 'changed':
      throw new HttpProblem('versionChanged', { detail, hint, headers: { etag: refusal.etag } });
    case 'file':
      throw new HttpProblem('usersFileNotEdited', { detail, hint });
  }
}

export function userOf({ user, etag, usedWh, grantedWh, leftWh, running }: ShownUser): User {
  const { quotaWh, ...row } = user;
  return { ...row, quotaKwh: kWhOf(quotaWh), usedWh, grantedWh, leftWh, running, etag };
}

function replyOf(found: ShownUser): Reply<User> {
  return { json: userOf(found), etag: found.etag };
}

/** That of the user in force, which If-Match names; users1.csv is then asked for the same one. */
function matchedEtag(ports: UserPorts, tag: string, ifMatch: string | null): string {
  const { etag } = knownUser(ports, tag);
  requireMatch(ifMatch, etag);
  return etag;
}

function isFound({ user }: ShownUser, search: string | undefined, blocked: boolean | undefined): boolean {
  if (blocked !== undefined && user.isBlocked !== blocked) return false;
  const texts = [user.idTag, fullName(user), user.account ?? ''];
  return search === undefined || texts.some((one) => one.toLowerCase().includes(search.toLowerCase()));
}

const USER_COLUMNS = [
  'idTag',
  'name',
  'surname',
  'quotaKwh',
  'isUnlimited',
  'account',
  'isBlocked',
  'expires',
  'usedWh',
  'grantedWh',
  'leftWh',
  'running',
] as const satisfies readonly (keyof User)[];
