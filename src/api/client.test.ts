// The client against the real server, and against whatever else may answer at an address.
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { ApiClientError, createApiClient } from './client.ts';
import { charger, listening, madeUpChargers, TOKEN } from './server.test-kit.ts';

async function failureOf(asked: Promise<unknown>): Promise<ApiClientError> {
  const error: unknown = await asked.then(
    () => null,
    (cause: unknown) => cause,
  );
  if (error instanceof ApiClientError) return error;
  throw new Error(`no ApiClientError: ${String(error)}`);
}

async function strangeServer(t: Test, answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

void t.test('what the server tells arrives as it is, whatever the id', async (t) => {
  const chargers = madeUpChargers({ chargePoints: [charger('CP1'), charger('site/CP 2%')] });
  const url = await listening(t, { chargers });
  const api = createApiClient({ url: `${url}/`, token: TOKEN });
  t.same(
    (await api.chargers()).map(({ id }) => id),
    ['CP1', 'site/CP 2%'],
  );
  t.match(await api.charger('site/CP 2%'), { id: 'site/CP 2%', quirks: [] });
  t.match(await api.trace('CP1', { afterSeq: 4, limit: 9 }), [{ seq: 7, kind: 'in' }]);
  await api.trace('CP1');
  t.strictSame(chargers.asked, [
    { chargePointId: 'CP1', limit: 9, afterSeq: 4 },
    { chargePointId: 'CP1', limit: 500 },
  ]);
  t.equal(await api.recording('CP1'), '{"chargePointId":"CP1"}\n');
});

void t.test('a list longer than a page arrives whole', async (t) => {
  const ids = Array.from({ length: 2001 }, (_, index) => `CP${String(index).padStart(4, '0')}`);
  const url = await listening(t, {
    chargers: madeUpChargers({ chargePoints: ids.map((id) => charger(id)) }),
  });
  const found = await createApiClient({ url, token: TOKEN }).chargers();
  t.same(
    found.map(({ id }) => id),
    ids,
  );
});

void t.test('a refusal has a code that stays and a hint', async (t) => {
  const url = await listening(t, {
    chargers: madeUpChargers({ chargePoints: [charger('CP1')], closest: 'CP1' }),
  });
  const api = createApiClient({ url, token: TOKEN });
  const unknown = await failureOf(api.charger('CP9'));
  t.match(unknown, { code: 'chargerUnknown', message: 'there is no charger "CP9"', hint: /mean "CP1"/ });
  for (const id of ['', '.', '..']) t.equal((await failureOf(api.trace(id))).code, 'chargerUnknown', id);
  t.match(await failureOf(api.trace('CP1', { limit: 0 })), { code: 'badParameter', message: /^limit / });
  for (const token of ['wrong', '', 'two words', 'zeilen\numbruch', 'ключ']) {
    const refused = await failureOf(createApiClient({ url, token }).chargers());
    t.match(refused, { code: 'tokenRefused', hint: /--token/ }, token);
  }
});

void t.test('a server that fails is told apart from one that is not there', async (t) => {
  const failing = madeUpChargers({ chargePoints: [charger('CP1')] });
  const url = await listening(t, {
    chargers: { ...failing, recordingOf: () => Promise.reject(new Error('secret')) },
  });
  const failed = await failureOf(createApiClient({ url, token: TOKEN }).recording('CP1'));
  t.match(failed, { code: 'serverFailed', hint: 'the log says why' });
  const nobody = await failureOf(createApiClient({ url: 'http://127.0.0.1:1', token: TOKEN }).chargers());
  t.match(nobody, { code: 'noServer', message: 'no server answers at http://127.0.0.1:1' });
  t.ok(nobody.cause instanceof Error);
  const dropping = await strangeServer(t, (request) => request.socket.destroy());
  t.equal((await failureOf(createApiClient({ url: dropping, token: TOKEN }).chargers())).code, 'noServer');
});

void t.test('what is no kwota of this version is called that, and no token is sent on', async (t) => {
  const elsewhere: string[] = [];
  const trap = await strangeServer(t, (request, response) => {
    elsewhere.push(request.url ?? '');
    response.end('{"items":[]}');
  });
  const answers: RequestListener[] = [
    (_, response) => response.end('<html>'),
    (_, response) => response.end('null'),
    (_, response) => response.end('{"items":"none"}'),
    (_, response) => response.writeHead(404).end('{"type":"about:blank","title":"Not Found","status":404}'),
    (_, response) => response.writeHead(418).end('{"type":"urn:kwota:problem:toString"}'),
    (_, response) => response.writeHead(404).end('{"type":"urn:kwota:problem:nothingHere"}'),
    (_, response) => response.writeHead(302, { location: `${trap}/api/chargers` }).end(),
  ];
  for (const [index, answer] of answers.entries()) {
    const url = await strangeServer(t, answer);
    const error = await failureOf(createApiClient({ url, token: TOKEN }).chargers());
    t.match(error, { code: 'otherServer', message: RegExp(url), hint: /kwota --version/ }, String(index));
  }
  t.strictSame(elsewhere, []);
  const half = await strangeServer(t, (_, response) => response.end('{"id":"CP1"}'));
  t.equal((await failureOf(createApiClient({ url: half, token: TOKEN }).charger('CP1'))).code, 'otherServer');
});
