// The client's part for users: what src/api/client.ts is for chargers. It knows URLs, and nothing of the server's code.
import { ApiClientError, requestJson, type ApiAccess } from './client.ts';
import type { Grant, Imported, NewGrant, NewUser, UnknownTag, User, UserChange } from './contract/users.ts';

/** Every call rejects with an ApiClientError. */
export interface UserClient {
  users(): Promise<readonly User[]>;
  add(user: NewUser): Promise<User>;
  /** Of the user as it is at this moment: a change by somebody else in between is not overwritten. */
  change(idTag: string, fields: UserChange): Promise<User>;
  remove(idTag: string): Promise<void>;
  import(items: readonly NewUser[]): Promise<Imported>;
  /** `idempotencyKey`: the same request with the same key grants once. */
  grant(idTag: string, grant: NewGrant, idempotencyKey: string): Promise<Grant>;
  grants(idTag: string): Promise<readonly Grant[]>;
  revoke(idTag: string, grantId: string): Promise<Grant>;
  unknownTags(): Promise<readonly UnknownTag[]>;
  /** The next unknown card, shown at this charger or (undefined) at any; nobody else can wait there meanwhile. */
  nextUnknownTag(chargerId: string | undefined, waitSeconds: number): Promise<UnknownTag>;
}

/** The largest page that the API gives. */
const PAGE_LIMIT = 1000;
/** Beyond the wait itself. */
const ANSWER_GRACE_MS = 10_000;
const LIST_HINT = 'kwota users list shows all';

export function createUserClient(access: ApiAccess): UserClient {
  const user = async (idTag: string) => (await requestJson(access, userPath(idTag))) as User;
  const withMatch = async (idTag: string) => ({ 'if-match': (await user(idTag)).etag });
  return {
    users: () => allPages<User>(access, 'users'),
    add: async (body) => (await requestJson(access, 'users', { method: 'POST', body })) as User,
    async change(idTag, body) {
      const headers = await withMatch(idTag);
      return (await requestJson(access, userPath(idTag), { method: 'PATCH', body, headers })) as User;
    },
    async remove(idTag) {
      const headers = await withMatch(idTag);
      await requestJson(access, userPath(idTag), { method: 'DELETE', headers });
    },
    async import(items) {
      const body = { items };
      return (await requestJson(access, 'users/import', { method: 'POST', body })) as Imported;
    },
    async grant(idTag, body, idempotencyKey) {
      const headers = { 'idempotency-key': idempotencyKey };
      const path = `${userPath(idTag)}/grants`;
      return (await requestJson(access, path, { method: 'POST', body, headers })) as Grant;
    },
    grants: (idTag) => allPages<Grant>(access, `${userPath(idTag)}/grants`),
    async revoke(idTag, grantId) {
      const path = `${userPath(idTag)}/grants/${segment(grantId, 'grantUnknown')}/revoke`;
      return (await requestJson(access, path, { method: 'POST' })) as Grant;
    },
    unknownTags: () => allPages<UnknownTag>(access, 'unknown-tags'),
    async nextUnknownTag(chargerId, waitSeconds) {
      const body = { waitSeconds, ...(chargerId === undefined ? {} : { chargerId }) };
      const withinMs = waitSeconds * 1000 + ANSWER_GRACE_MS;
      return (await requestJson(access, 'unknown-tags/next', {
        ...{ method: 'POST', body, withinMs },
      })) as UnknownTag;
    },
  };
}

async function allPages<T>(access: ApiAccess, path: string): Promise<T[]> {
  const items: T[] = [];
  for (let after: string | null | undefined; after !== null;) {
    const query = new URLSearchParams({ limit: String(PAGE_LIMIT) });
    if (after !== undefined) query.set('after', after);
    const page = (await requestJson(access, `${path}?${query.toString()}`)) as Page<T>;
    items.push(...page.items);
    after = page.next;
  }
  return items;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

function userPath(idTag: string): string {
  return `users/${segment(idTag, 'userUnknown')}`;
}

const WHAT = { userUnknown: 'user', grantUnknown: 'grant' } as const;

/** These are no segments of a URL, also when encoded: the request would go elsewhere. */
function segment(text: string, code: 'userUnknown' | 'grantUnknown'): string {
  if (text === '.' || text === '..' || text === '')
    throw new ApiClientError(code, `there is no ${WHAT[code]} ${JSON.stringify(text)}`, LIST_HINT);
  return encodeURIComponent(text.toWellFormed());
}
