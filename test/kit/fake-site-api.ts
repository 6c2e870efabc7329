// A server that says yes, and remembers what it was asked: for keys that command chargers.
import { ApiClientError } from '../../src/api/client.ts';
import type { WhichSession } from '../../src/api/site-client.ts';
import type { SiteApi } from '../../tui/data/site-api.ts';

export interface FakeSite {
  readonly api: SiteApi;
  /** `Reset CP-1 {"type":"Soft"}` */
  readonly asked: string[];
  /** The answer from now on; an error is thrown; a function is asked what it is to this call. */
  answer: Reply | ((what: string) => Reply | Promise<Reply>);
}

type Reply = Readonly<Record<string, unknown>> | string | ApiClientError;

export function fakeSite(): FakeSite {
  const asked: string[] = [];
  const site: FakeSite = { api: {} as SiteApi, asked, answer: { status: 'Accepted' } };
  const answered = async (what: string): Promise<never> => {
    asked.push(what);
    const reply = typeof site.answer === 'function' ? await site.answer(what) : site.answer;
    if (reply instanceof ApiClientError) throw reply;
    // The test says what comes: it knows of which type.
    return reply as never;
  };
  const api: Partial<SiteApi> = {
    commands: {
      call: (id: string, action: string, payload: object) =>
        answered(`${action} ${id} ${JSON.stringify(payload)}`),
    } as Partial<SiteApi['commands']> as SiteApi['commands'],
    chargerAdmin: {
      async approve(id: string) {
        await answered(`approve ${id}`);
        return { id, admission: 'accepted' as const };
      },
      async forget(id: string) {
        await answered(`forget ${id}`);
      },
    } as Partial<SiteApi['chargerAdmin']> as SiteApi['chargerAdmin'],
    site: {
      stopSession: ({ transactionId, charger = '' }: WhichSession) =>
        answered(`stop ${charger} ${transactionId}`),
      closeSession: ({ transactionId, charger = '' }: WhichSession, request: object) =>
        answered(`close ${charger} ${transactionId} ${JSON.stringify(request)}`),
      session: ({ transactionId }: WhichSession) => answered(`session ${transactionId}`),
      sessionsCsv: (filter: object) => answered(`csv ${JSON.stringify(filter)}`),
    } as Partial<SiteApi['site']> as SiteApi['site'],
    users: fakeUsers(answered),
  };
  return Object.assign(site, { api: api as SiteApi });
}

/** Every call is a line like `change TAG1 {"isBlocked":true} if e`. */
function fakeUsers(answered: (what: string) => Promise<never>): SiteApi['users'] {
  const text = JSON.stringify;
  return {
    user: (idTag: string) => answered(`user ${idTag}`),
    add: (user: object) => answered(`add ${text(user)}`),
    change: (idTag: string, fields: object, etag = 'any') =>
      answered(`change ${idTag} ${text(fields)} if ${etag}`),
    async remove(idTag: string, etag = 'any') {
      await answered(`remove ${idTag} if ${etag}`);
    },
    enroll: (enrolment: object) => answered(`enroll ${text(enrolment)}`),
    import: (items: readonly object[]) => answered(`import ${text(items)}`),
    grant: (idTag: string, grant: object, key: string) => answered(`grant ${idTag} ${text(grant)} as ${key}`),
    revoke: (idTag: string, grantId: string) => answered(`revoke ${idTag} ${grantId}`),
  } as Partial<SiteApi['users']> as SiteApi['users'];
}

/** What was asked has been answered, and told. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 3; i += 1) await new Promise((resolve) => setImmediate(resolve));
}
