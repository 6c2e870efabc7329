// The chargers as the API shows them, and ids that are written to do harm.
import { once } from 'node:events';
import { connect } from 'node:net';
import t from 'tap';
import type { Charger, ChargerDetails, ChargersPage } from '../contract/chargers.ts';
import type { Problem } from '../contract/problem.ts';
import {
  authorized,
  charger,
  listening,
  madeUpChargers,
  NOON_MS,
  runningSession,
  TOKEN,
} from '../server.test-kit.ts';

const NOON = '2026-11-30T12:00:00.000Z';

void t.test('a charger is shown with what it said, its connectors and its running sessions', async (t) => {
  const connectors = {
    '0': { status: 'Available', errorCode: 'NoError', sinceMs: NOON_MS },
    '2': { status: 'Charging', errorCode: 'NoError', sinceMs: NOON_MS },
  };
  const boot = { vendor: 'Kit', model: 'One', serialNumber: 'S1', firmwareVersion: '1.0' };
  const seen = { firstSeenMs: NOON_MS, lastSeenMs: NOON_MS + 1000 };
  const texts = { what: 'It repeats.', handling: 'Counted once.' };
  const url = await listening(t, {
    chargers: madeUpChargers({
      chargePoints: [
        charger('CP2'),
        charger('CP1', { ...boot, connectors, lastHeardMs: NOON_MS, admission: 'new' }),
      ],
      connected: ['CP1'],
      sessions: [runningSession('CP1', 12)],
      quirks: [{ quirk: 'repeated-start', count: 3, ...seen, ...texts }],
    }),
  });
  const shown: Charger = {
    id: 'CP1',
    ...boot,
    admission: 'new',
    isConnected: true,
    connectedSince: '2026-11-30T11:59:00.000Z',
    bootedAt: null,
    security: { isEncrypted: true, authenticatedBy: 'password' },
    lastHeardAt: NOON,
    powerW: 7200,
    connectors: [
      { connectorId: 0, status: 'Available', errorCode: 'NoError', since: NOON },
      { connectorId: 2, status: 'Charging', errorCode: 'NoError', since: NOON },
    ],
    sessions: [
      {
        transactionId: 12,
        connectorId: 1,
        idTag: 'A',
        startedAt: NOON,
        energyWh: 1500,
        quotaEndsAt: '2026-11-30T12:00:01.000Z',
      },
    ],
  };
  const list = (await (await authorized(`${url}/api/chargers`)).json()) as ChargersPage;
  t.strictSame(list.items[0], shown);
  t.strictSame(
    list.items.map(({ id, isConnected, lastHeardAt }) => [id, isConnected, lastHeardAt]),
    [
      ['CP1', true, NOON],
      ['CP2', false, null],
    ],
    'by id',
  );
  const details = (await (await authorized(`${url}/api/chargers/CP1`)).json()) as ChargerDetails;
  const times = { firstSeenAt: NOON, lastSeenAt: '2026-11-30T12:00:01.000Z' };
  t.strictSame(details, {
    ...shown,
    password: 'kept',
    quirks: [{ quirk: 'repeated-start', count: 3, ...times, ...texts }],
    gaps: [
      {
        connectorId: 2,
        from: NOON,
        to: times.lastSeenAt,
        energyWh: 1500,
      },
    ],
  });
});

void t.test('chargers come in pages by id, those connected alone if asked for', async (t) => {
  const ids = ['CP1', 'CP2', 'CP3'];
  const chargePoints = ids.toReversed().map((id) => charger(id));
  const url = await listening(t, { chargers: madeUpChargers({ chargePoints, connected: ['CP2'] }) });
  const idsOf = async (query: string) => {
    const { items, next } = (await (await authorized(`${url}/api/chargers?${query}`)).json()) as ChargersPage;
    return [items.map(({ id }) => id), next];
  };
  t.strictSame(await idsOf('limit=2'), [['CP1', 'CP2'], 'CP2']);
  t.strictSame(await idsOf('limit=2&after=CP2'), [['CP3'], null]);
  t.strictSame(await idsOf('connected=true'), [['CP2'], null]);
  t.strictSame(await idsOf('connected=false'), [['CP1', 'CP3'], null]);
});

void t.test(
  'a charger that nobody knows is a 404 on each of its paths, with the id that was meant',
  async (t) => {
    const url = await listening(t, { chargers: madeUpChargers({ closest: 'CP1' }) });
    for (const path of ['', '/trace', '/recording']) {
      const response = await authorized(`${url}/api/chargers/CP9${path}`);
      t.equal(response.status, 404, path);
      t.strictSame(await response.json(), {
        type: 'urn:kwota:problem:chargerUnknown',
        title: 'There is no such charger',
        status: 404,
        detail: 'there is no charger "CP9"',
        hint: 'did you mean "CP1"?',
      });
    }
    const alone = await listening(t);
    const problem = (await (await authorized(`${alone}/api/chargers/CP9`)).json()) as Problem;
    t.match(problem.hint, 'kwota chargers list');
  },
);

void t.test(
  'an id is what its encoded text says: slashes, blanks, percent signs, any alphabet',
  async (t) => {
    const ids = [
      'A/B',
      'a b',
      '100%',
      '%2F',
      'x%2Fy',
      'naïve',
      '充電',
      'a?b#c',
      '__proto__',
      'a:b',
      '..a',
      "'",
    ];
    const url = await listening(t, {
      chargers: madeUpChargers({ chargePoints: ids.map((id) => charger(id)) }),
    });
    for (const id of ids) {
      for (const path of ['', '/trace', '/recording']) {
        const response = await authorized(`${url}/api/chargers/${encodeURIComponent(id)}${path}`);
        t.equal(response.status, 200, `${id}${path}`);
        t.match(await response.text(), path === '/trace' ? 'u001b' : JSON.stringify(id).slice(1, -1));
      }
    }
  },
);

void t.test('paths that are written to do harm are unknown chargers or nothing at all', async (t) => {
  const url = await listening(t, { chargers: madeUpChargers({ chargePoints: [charger('CP1')] }) });
  const { port } = new URL(url);
  for (const path of [
    '/api/chargers/..%2F..%2Fetc%2Fpasswd',
    '/api/chargers/%00',
    '/api/chargers/%E0%A4%A',
    '/api/chargers/%zz',
    '/api/chargers/constructor',
    '/api/chargers/__proto__/trace',
    '/api/chargers/CP1%0d%0aset-cookie:x/recording',
    `/api/chargers/${'x'.repeat(10_000)}`,
    '/api/chargers/../../etc/passwd',
    '/api/chargers/%2e%2e/trace',
  ]) {
    const answer = await rawGet(Number(port), path);
    t.match(answer, /^HTTP\/1\.1 404 /, path);
    t.notMatch(answer.split('\r\n\r\n')[0] ?? '', 'set-cookie', 'and no header is made of it');
  }
});

/** As a client that normalises nothing. */
async function rawGet(port: number, path: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
  socket.write(
    `GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TOKEN}\r\nconnection: close\r\n\r\n`,
  );
  await once(socket, 'close');
  return answer;
}
