// The client's part for users: what src/api/client.ts is for chargers. It knows URLs, and nothing of the server's code.
import { ApiClientError, requestJson, type ApiAccess } from './client.ts';
import type {
  Enrolment,
  Grant,
  Imported,
  MonthUsage,
  NewGrant,
  NewUser,
  UnknownTag,
  User,
  UserChange,
} from './contract/users.ts';

/** Every call rejects with an ApiClientError. */
export interface UserClient {
  users(): Promise<readonly User[]>;
  user(idTag: string): Promise<User>;
  add(user: NewUser): Promise<User>;
  /**
   * Of the user that `etag` names, as it was seen; without it of the user as it is at this moment. A change by somebody
   * else in between is not overwritten.
   */
  change(idTag: string, fields: UserChange, etag?: string): Promise<User>;
  /** `etag` as for a change. */
  remove(idTag: string, etag?: string): Promise<void>;
  /** Resolves when an unknown card was shown and is that user; `signal` ends the wait. */
  enroll(enrolment: Enrolment, signal?: AbortSignal): Promise<User>;
  import(items: readonly NewUser[]): Promise<Imported>;
  /** `idempotencyKey`: the same request with the same key grants once. */
  grant(idTag: string, grant: NewGrant, idempotencyKey: string): Promise<Grant>;
  grants(idTag: string): Promise<readonly Grant[]>;
  revoke(idTag: string, grantId: string): Promise<Grant>;
  /** What the card has used and was granted month by month, the newest first. */
  months(idTag: string): Promise<readonly MonthUsage[]>;
  unknownTags(): Promise<readonly UnknownTag[]>;
  /** The next unknown card, shown at this charger or (undefined) at any; nobody else can wait there meanwhile. */
  nextUnknownTag(chargerId: string | undefined, waitSeconds: number): Promise<UnknownTag>;
}

/** The largest page that the API gives. */
const PAGE_LIMIT = 1000;
/** What the API waits for a card unless told. */
const ENROLMENT_WAIT_S = 60;
const ANSWER_AFTER_WAIT_MS = 10_000;
const LIST_HINT = 'kwota users list shows all';

export function createUserClient(access: ApiAccess): UserClient {
  const user = async (idTag: string) => (await requestJson(access, userPath(idTag))) as User;
  const withMatch = async (idTag: string, etag?: string) => ({
    'if-match': etag ?? (await user(idTag)).etag,
  });
  return {
    users: () => allPages<User>(access, 'users'),
    user,
    add: async (body) => (await requestJson(access, 'users', { method: 'POST', body })) as User,
    async change(idTag, body, etag) {
      const headers = await withMatch(idTag, etag);
      return (await requestJson(access, userPath(idTag), { method: 'PATCH', body, headers })) as User;
    },
    async remove(idTag, etag) {
      const headers = await withMatch(idTag, etag);
      await requestJson(access, userPath(idTag), { method: 'DELETE', headers });
    },
    async enroll(body, signal) {
      const waitMs = (body.waitSeconds ?? ENROLMENT_WAIT_S) * 1000;
      const sending = { method: 'POST', body, signal, withinMs: waitMs + ANSWER_AFTER_WAIT_MS } as const;
      return (await requestJson(access, 'users/enroll', sending)) as User;
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
    grants: async (idTag) => allPages<Grant>(access, `${userPath(idTag)}/grants`),
    async revoke(idTag, grantId) {
      const path = `${userPath(idTag)}/grants/${segment(grantId, 'grantUnknown')}/revoke`;
      return (await requestJson(access, path, { method: 'POST' })) as Grant;
    },
    months: async (idTag) => allPages<MonthUsage>(access, `${userPath(idTag)}/months`),
    unknownTags: () => allPages<UnknownTag>(access, 'unknown-tags'),
    async nextUnknownTag(chargerId, waitSeconds) {
      const body = { waitSeconds, ...(chargerId === undefined ? {} : { chargerId }) };
      const withinMs = waitSeconds * 1000 + ANSWER_AFTER_WAIT_MS;
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
