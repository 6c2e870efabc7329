// The client's part for users against the real server: what was seen is what is changed, and a wait can be ended.
import t from 'tap';
import { ApiClientError } from './client.ts';
import type { CardAnswer } from './ports/users.ts';
import { listening, TOKEN } from './server.test-kit.ts';
import { createUserClient } from './user-client.ts';
import { madeUpUsers } from './users.test-kit.ts';

async function rejectsWith(asked: Promise<unknown>): Promise<string> {
  return asked.then(
    () => 'resolved',
    (error: unknown) => (error instanceof ApiClientError ? error.code : String(error)),
  );
}

void t.test('a change of what was seen is refused when somebody else was faster', async (t) => {
  const api = createUserClient({ url: await listening(t, { users: madeUpUsers() }), token: TOKEN });
  const seen = await api.user('A');
  await api.change('A', { quotaKwh: 20 }, seen.etag);
  t.equal(await rejectsWith(api.change('A', { quotaKwh: 30 }, seen.etag)), 'versionChanged');
  t.equal(await rejectsWith(api.remove('A', seen.etag)), 'versionChanged');
  t.equal((await api.user('A')).quotaKwh, 20);
  await api.change('A', { quotaKwh: 30 });
  t.equal((await api.user('A')).quotaKwh, 30, 'without a version it is the one of this moment');
  await api.remove('A', (await api.user('A')).etag);
  t.equal(await rejectsWith(api.user('A')), 'userUnknown');
});

void t.test('months of a card, also one that is a strange segment of a URL', async (t) => {
  const api = createUserClient({ url: await listening(t, { users: madeUpUsers() }), token: TOKEN });
  t.same(
    (await api.months('A')).map(({ month }) => month),
    ['2026-11', '2026-10', '2025-12'],
  );
  t.equal(await rejectsWith(api.months('..')), 'userUnknown');
});

void t.test('who waits for a card gets the user, or goes away and leaves nobody waiting', async (t) => {
  const waiting = Promise.withResolvers<undefined>();
  const gone = Promise.withResolvers<undefined>();
  const nextCard = ({ signal }: { signal?: AbortSignal }) => {
    waiting.resolve(undefined);
    return new Promise<CardAnswer>((resolve) => {
      signal?.addEventListener('abort', () => {
        gone.resolve(undefined);
        resolve({ kind: 'cancelled' });
      });
    });
  };
  const url = await listening(t, { users: { ...madeUpUsers(), nextCard } });
  const api = createUserClient({ url, token: TOKEN });
  const ending = new AbortController();
  const enrolled = api.enroll({ name: 'Ada', quotaKwh: 10 }, ending.signal);
  await waiting.promise;
  ending.abort();
  await t.rejects(enrolled, { code: 'noServer' });
  await gone.promise;

  const atOnce = createUserClient({ url: await listening(t, { users: madeUpUsers() }), token: TOKEN });
  t.match(await atOnce.enroll({ name: 'Ada', quotaKwh: 10 }), { idTag: 'NEW', name: 'Ada' });
});
