// /api/users, grants, usage and unknown tags: what they answer and refuse. That edits reach users1.csv is test/users-admin.test.ts.
import t, { type Test } from 'tap';
import { sampleUser } from '../../domain/sample.fixture.ts';
import type { Problem } from '../contract/problem.ts';
import type { Grant, MonthUsage, User } from '../contract/users.ts';
import type { UserPorts } from '../ports/users.ts';
import { authorized, listening } from '../server.test-kit.ts';
import { BUSY_TAG, madeUpUsers } from '../users.test-kit.ts';

async function site(t: Test, users: UserPorts = madeUpUsers()) {
  const url = await listening(t, { users });
  return async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const response = await authorized(`${url}/api/${path}`, {
      method,
      headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    const { status } = response;
    const etag = response.headers.get('etag') ?? '';
    return { status, etag, text, json: isJson ? (JSON.parse(text) as unknown) : null };
  };
}

const problem = (status: number, code: string, more: Partial<Problem> = {}) => ({
  status,
  json: { type: `urn:kwota:problem:${code}`, status, ...more },
});

void t.test('users are listed by idTag, searched and filtered', async (t) => {
  const ask = await site(t);
  const { json, etag } = await ask('GET', 'users');
  const { items } = json as { items: User[] };
  t.same(
    items.map((user) => user.idTag),
    ['A', 'B', BUSY_TAG],
  );
  t.match(items[0], { name: 'Ada', quotaKwh: 10, usedWh: 1_000, leftWh: 9_500, account: 'flat' });
  t.match(etag, /^"/);
  t.match((await ask('GET', 'users?blocked=true')).json, { items: [{ idTag: 'B' }], next: null });
  t.match((await ask('GET', 'users?search=FLA')).json, { items: [{ idTag: 'A' }] });
  t.match((await ask('GET', 'users?limit=1')).json, { items: [{ idTag: 'A' }], next: 'A' });
  t.match((await ask('GET', 'users?limit=1&after=A')).json, { items: [{ idTag: 'B' }], next: 'B' });
});

void t.test('a cell that a spreadsheet would carry out is harmless, and numbers stay numbers', async (t) => {
  const users = ['=1', '+1', '-1', '@x', 'a "b", c'].map((name, index) =>
    sampleUser(`T${index}`, { name, surname: '', quotaWh: 1_500 }),
  );
  const ask = await site(t, madeUpUsers({ users }));
  const { text } = await ask('GET', 'users', undefined, { accept: 'text/csv' });
  t.same(
    text.split('\r\n').map((row) => row.split(',').slice(1, 2).join()),
    ['name', "'=1", "'+1", "'-1", "'@x", '"a ""b""', ''],
  );
  t.match(text, /\r\nT0,'=1,,1\.5,false,,false,,1000,500,9500,1\r\n/);
});

void t.test('what is changed has to be what was read', async (t) => {
  const ask = await site(t);
  const { etag, json } = await ask('GET', 'users/A');
  t.equal((json as User).etag, etag);
  for (const [method, body] of [
    ['PUT', { quotaKwh: 1 }],
    ['PATCH', {}],
    ['DELETE', undefined],
  ] as const) {
    t.match(await ask(method, 'users/A', body), problem(428, 'ifMatchMissing'), method);
    t.match(
      await ask(method, 'users/A', body, { 'if-match': '"old"' }),
      problem(412, 'versionChanged'),
      method,
    );
    t.match(await ask(method, 'users/X', body, { 'if-match': etag }), problem(404, 'userUnknown'), method);
    const busy = await ask(method, `users/${BUSY_TAG}`, method === 'PATCH' ? { name: 'x' } : body, {
      'if-match': '*',
    });
    t.match(busy, problem(503, 'usersFileNotEdited', { hint: 'try again' }), method);
  }
  const changed = await ask('PATCH', 'users/A', { account: null, isBlocked: true }, { 'if-match': etag });
  t.match(changed, { status: 200, json: { name: 'Ada', account: null, isBlocked: true } });
  t.not(changed.etag, etag);
  const replaced = await ask('PUT', 'users/A', { isUnlimited: true }, { 'if-match': changed.etag });
  t.match(replaced, { status: 200, json: { name: '', isUnlimited: true, isBlocked: false } });
  t.match(await ask('DELETE', 'users/A', undefined, { 'if-match': replaced.etag }), {
    status: 204,
    text: '',
  });
  t.match(await ask('GET', 'users/A'), problem(404, 'userUnknown'));
});

void t.test('the months of a card come newest first, a page at a time', async (t) => {
  const ask = await site(t);
  const months = async (query: string) => {
    const { json } = await ask('GET', `users/A/months${query}`);
    const { items, next } = json as { items: MonthUsage[]; next: string | null };
    return { months: items.map(({ month }) => month), next };
  };
  t.same(await months('?limit=2'), { months: ['2026-11', '2026-10'], next: '2026-10' });
  t.same(await months('?limit=2&after=2026-10'), { months: ['2025-12'], next: null });
  t.match(await ask('GET', 'users/X/months'), problem(404, 'userUnknown'));
});

void t.test('a user is added once, and every field that is wrong is named', async (t) => {
  const ask = await site(t);
  t.match(await ask('POST', 'users', { idTag: 'C', quotaKwh: 1.5 }), {
    status: 201,
    json: { quotaKwh: 1.5 },
  });
  t.match(await ask('POST', 'users', { idTag: 'C', quotaKwh: 1 }), problem(409, 'userExists'));
  const wrong = await ask('POST', 'users', { idTag: 'D', quotaKwh: -1, expires: 'soon' });
  t.match(wrong, problem(422, 'userInvalid'));
  t.match((wrong.json as Problem).errors, [{ path: 'quotaKwh' }, { path: 'expires' }]);
  t.match(await ask('POST', 'users', { idTag: 'D', quota: 1 }), problem(400, 'badBody'));
  const items = [
    { idTag: 'C', name: 'Cy' },
    { idTag: 'E', isUnlimited: true },
  ];
  t.match(await ask('POST', 'users/import', { items }), { status: 200, json: { added: 2 } });
  t.match(await ask('POST', 'users/import', { items: [{ idTag: 'F' }] }), problem(422, 'userInvalid'));
});

void t.test('grants are made, listed by month and taken back once', async (t) => {
  const ask = await site(t);
  const made = await ask('POST', 'users/A/grants', { kWh: 2.5, month: '2026-12' });
  t.match(made, { status: 201, json: { wh: 2_500, by: 'admin', month: '2026-12', revokes: null } });
  const { items } = (await ask('GET', 'users/A/grants?month=2026-12')).json as { items: Grant[] };
  t.same(items, [made.json]);
  t.match((await ask('GET', 'users/A/grants?limit=2')).json, {
    items: [{ id: 'GRANT0' }, {}],
    next: 'GRANT1',
  });
  t.match((await ask('GET', 'users/A/grants?after=GRANT1&limit=1')).json, { items: [{ revokes: 'GRANT0' }] });
  t.match(await ask('POST', 'users/A/grants/GRANT1/revoke'), { status: 201, json: { wh: -5_000 } });
  t.match(await ask('POST', 'users/A/grants/GRANT1/revoke'), problem(409, 'grantRevoked'));
  t.match(await ask('POST', 'users/A/grants/X/revoke'), problem(404, 'grantUnknown'));
  t.match(await ask('POST', 'users/A/grants', { kWh: 0 }), problem(422, 'userInvalid'));
  t.match(await ask('POST', 'users/X/grants', { kWh: 1 }), problem(404, 'userUnknown'));
  t.match(await ask('GET', 'users/X/grants'), problem(404, 'userUnknown'));
});

void t.test('a request that is repeated with its key grants once', async (t) => {
  const ask = await site(t);
  const key = { 'idempotency-key': 'the-same' };
  const first = await ask('POST', 'users/A/grants', { kWh: 1 }, key);
  t.same((await ask('POST', 'users/A/grants', { kWh: 1 }, key)).json, first.json);
  t.equal(((await ask('GET', 'users/A/grants')).json as { items: Grant[] }).items.length, 4);
});

void t.test('an enrolment ends with a card, without one, or at once where somebody waits', async (t) => {
  const ask = await site(t);
  t.match(await ask('POST', 'users/enroll', { quotaKwh: 1 }), { status: 201, json: { idTag: 'NEW' } });
  t.match(await ask('POST', 'users/enroll', { quotaKwh: 1 }), problem(409, 'userExists'));
  t.match(await ask('POST', 'users/enroll', {}), problem(422, 'userInvalid'));
  t.match(await ask('POST', 'users/enroll', { quotaKwh: 1, waitSeconds: 301 }), problem(400, 'badBody'));
  const none = await site(t, madeUpUsers({ card: { kind: 'none' } }));
  t.match(await none('POST', 'users/enroll', { quotaKwh: 1 }), problem(408, 'noCardShown'));
  const busy = await site(t, madeUpUsers({ card: { kind: 'busy' } }));
  t.match(await busy('POST', 'users/enroll', { quotaKwh: 1 }), problem(409, 'enrolmentBusy'));
  t.match((await ask('GET', 'unknown-tags')).json, {
    items: [
      {
        idTag: 'NEW',
        chargerId: 'CP1',
        firstSeenAt: '2026-11-30T12:00:00.000Z',
        suggestions: [{ idTag: 'A' }],
      },
    ],
  });
});

void t.test('usage comes by card and by account, for a month that is one', async (t) => {
  const ask = await site(t);
  t.match((await ask('GET', 'usage?limit=1')).json, {
    items: [{ idTag: 'A', name: 'Ada Example' }],
    next: 'A',
  });
  t.match((await ask('GET', 'usage/accounts')).json, {
    items: [{ key: 'account:flat', idTags: ['A'] }, {}, {}],
  });
  t.match(await ask('GET', 'usage?month=2026-13'), problem(400, 'badParameter'));
  const csv = await ask('GET', 'usage/accounts', undefined, { accept: 'text/csv' });
  t.match(csv.text, /^account,idTags,quotaWh,.*\r\nflat,A,10000,1000,500,9500,1\r\n/);
});
