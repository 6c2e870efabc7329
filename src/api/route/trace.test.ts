// The trace over HTTP: which lines are asked for, and how they are told.
import t, { type Test } from 'tap';
import type { TracePage } from '../contract/chargers.ts';
import type { Problem } from '../contract/problem.ts';
import { authorized, charger, listening, madeUpChargers } from '../server.test-kit.ts';

const open = async (t: Test) => {
  const chargers = madeUpChargers({ chargePoints: [charger('CP1')] });
  const url = await listening(t, { chargers });
  return { asked: chargers.asked, trace: `${url}/api/chargers/CP1/trace` };
};

void t.test('lines are told with their number, time, kind and text as it stood on the wire', async (t) => {
  const { trace } = await open(t);
  const { items } = (await (await authorized(trace)).json()) as TracePage;
  t.strictSame(items, [
    { seq: 7, at: '2026-11-30T12:00:00.000Z', kind: 'in', text: '[2,"\u001b[31m","CP1"]' },
  ]);
});

void t.test('the newest 500 lines are asked for, unless the question says more', async (t) => {
  const { trace, asked } = await open(t);
  for (const query of ['', '?limit=5000', '?after=0', '?after=41&limit=1']) {
    t.equal((await authorized(`${trace}${query}`)).status, 200, query);
  }
  t.strictSame(asked, [
    { chargePointId: 'CP1', limit: 500 },
    { chargePointId: 'CP1', limit: 5000 },
    { chargePointId: 'CP1', limit: 500, afterSeq: 0 },
    { chargePointId: 'CP1', limit: 1, afterSeq: 41 },
  ]);
});

void t.test(
  'a full page after a line tells where to go on; the newest lines have none after them',
  async (t) => {
    const { trace } = await open(t);
    const nextOf = async (query: string) =>
      ((await (await authorized(`${trace}?${query}`)).json()) as TracePage).next;
    t.equal(await nextOf('after=6&limit=1'), '7');
    t.equal(await nextOf('after=6&limit=2'), null);
    t.equal(await nextOf('limit=1'), null);
  },
);

void t.test('a number that is none, or out of bounds, is refused by its name', async (t) => {
  const { trace, asked } = await open(t);
  for (const [query, name] of [
    ['limit=0', 'limit'],
    ['limit=5001', 'limit'],
    ['limit=', 'limit'],
    ['limit=ten', 'limit'],
    ['limit=1e3', 'limit'],
    ['after=-1', 'after'],
    ['after=1.5', 'after'],
    ['after=99999999999999999999', 'after'],
  ] as const) {
    const response = await authorized(`${trace}?${query}`);
    t.equal(response.status, 400, query);
    const problem = (await response.json()) as Problem;
    t.equal(problem.type, 'urn:kwota:problem:badParameter');
    t.match(problem.detail, new RegExp(`^${name} is a whole number from \\d+ to \\d+$`));
  }
  t.strictSame(asked, [], 'nothing was read');
});
