// The meter log over the API: filters, pages and CSV.
import t from 'tap';
import type { Reading } from '../contract/readings.ts';
import { authorized, listening } from '../server.test-kit.ts';
import { madeUpReading, madeUpReadings } from '../site.test-kit.ts';

const READINGS = [1, 2, 3, 4, 5, 6].map((seq) =>
  madeUpReading(seq, seq % 2 === 0 ? { chargePointId: 'CP2', transactionId: 18, userName: '=1+1, "x"' } : {}),
);

void t.test('readings come newest first, filtered, a page at a time', async (t) => {
  // Two at a look: most pages take several.
  const url = await listening(t, { readings: madeUpReadings(READINGS, 2) });
  const ids = async (query: string) => {
    const found: number[] = [];
    for (let next: string | null = ''; next !== null;) {
      const after = next === '' ? '' : `&after=${next}`;
      const response = await authorized(`${url}/api/readings?${query}${after}`);
      const page = (await response.json()) as { items: Reading[]; next: string | null };
      found.push(...page.items.map(({ id }) => Number(id)));
      ({ next } = page);
    }
    return found;
  };
  t.same(await ids('limit=3'), [6, 5, 4, 3, 2, 1]);
  t.same(await ids('charger=CP2&limit=2'), [6, 4, 2]);
  t.same(await ids('transactionId=17'), [5, 3, 1]);
  t.same(await ids('idTag=TAG18&limit=1'), [6, 4, 2]);
  t.same(await ids('charger=CP3'), []);
  const [from, to] = [2, 4].map((seq) => new Date(madeUpReading(seq).at).toISOString());
  t.same(await ids(`from=${from}&to=${to}`), [3, 2]);
});

void t.test('a reading has its units and its time', async (t) => {
  const url = await listening(t, { readings: madeUpReadings(READINGS.slice(0, 1)) });
  t.same(await (await authorized(`${url}/api/readings`)).json(), {
    items: [
      {
        id: '000000000001',
        at: '2026-11-30T12:01:00.000Z',
        chargerId: 'CP1',
        connectorId: 1,
        transactionId: 17,
        userName: 'Ada Example',
        registerWh: 1001,
        powerW: 7200,
        frequencyHz: 50.012,
      },
    ],
    next: null,
  });
});

void t.test('as CSV all of them come in one piece, and no name is a formula', async (t) => {
  const many = Array.from({ length: 2500 }, (_, index) => madeUpReading(index + 1));
  const url = await listening(t, { readings: madeUpReadings(many) });
  const csv = async (from: string, query = '') => {
    const response = await authorized(`${from}/api/readings${query}`, { headers: { accept: 'text/csv' } });
    t.match(response.headers.get('content-type'), 'text/csv');
    return (await response.text()).trimEnd().split('\r\n');
  };
  const lines = await csv(url);
  t.equal(lines[0], 'id,at,chargerId,connectorId,transactionId,userName,registerWh,powerW,frequencyHz');
  t.same(
    lines.slice(1).map((line) => Number.parseInt(line, 16)),
    many.map(({ seq }) => seq).reverse(),
  );
  t.equal((await csv(url, '?limit=7')).length, 8);
  t.equal((await csv(url, '?charger=CP9')).length, 1);
  const odd = await listening(t, { readings: madeUpReadings(READINGS.slice(0, 2)) });
  t.equal(
    (await csv(odd))[1],
    `000000000002,2026-11-30T12:02:00.000Z,CP2,1,18,"'=1+1, ""x""",1002,7200,50.012`,
  );
});
