// Sessions over the API: which are listed, which one is meant, and what a person may do to them.
import t from 'tap';
import { sampleSession } from '../../domain/sample.fixture.ts';
import type { Session as Shown, SessionDetails, StopResult } from '../contract/sessions.ts';
import type { Problem } from '../contract/problem.ts';
import { authorized, listening, NOON_MS } from '../server.test-kit.ts';
import { endedSession, madeUpSessions } from '../site.test-kit.ts';

const HOUR_MS = 3_600_000;

const SESSIONS = [
  endedSession(1, { startedMs: NOON_MS - 2 * HOUR_MS, energyByDay: { '2026-10-31': 5 } }),
  sampleSession(2, { chargePointId: 'CP2', idTag: 'B', startedMs: NOON_MS - HOUR_MS }),
  sampleSession(3, { energyByDay: { '2026-11-30': 500 } }),
  sampleSession(3, { chargePointId: 'CP2', idTag: 'B' }),
];

const post = { method: 'POST' };
const jsonOf = async <T>(url: string, init?: RequestInit) =>
  (await (await authorized(url, init)).json()) as T;

void t.test('sessions are listed newest first, filtered, a page at a time', async (t) => {
  const url = await listening(t, { sessions: madeUpSessions(SESSIONS) });
  const list = async (query: string) => {
    const page = await jsonOf<{ items: Shown[]; next: string | null }>(`${url}/api/sessions?${query}`);
    return { ids: page.items.map((one) => `${one.chargerId}/${one.transactionId}`), next: page.next };
  };
  const all = ['CP2/3', 'CP1/3', 'CP2/2', 'CP1/1'];
  t.same(await list(''), { ids: all, next: null });
  t.same((await list('status=running')).ids, all.slice(0, 3));
  t.same((await list('status=ended')).ids, ['CP1/1']);
  t.same((await list('charger=CP2&idTag=B')).ids, ['CP2/3', 'CP2/2']);
  t.same((await list('idTag=b')).ids, [], 'to the letter');
  t.same((await list('month=2026-11')).ids, ['CP1/3', 'CP1/1']);
  t.match(await (await authorized(`${url}/api/sessions?month=2026-13`)).json(), {
    status: 400,
    detail: /^month must have another form: Started, or .* `2026-11`\.$/,
  });
  const [from, to] = [NOON_MS - HOUR_MS, NOON_MS].map((at) => new Date(at).toISOString());
  t.same((await list(`from=${from}&to=${to}`)).ids, ['CP2/2']);
  const paged: string[] = [];
  for (let next: string | null = ''; next !== null;) {
    const page = await list(`limit=1${next === '' ? '' : `&after=${encodeURIComponent(next)}`}`);
    paged.push(...page.ids);
    ({ next } = page);
  }
  t.same(paged, all);
});

void t.test('as CSV all sessions that were asked for come on one page, formulas made harmless', async (t) => {
  const odd = sampleSession(9, { idTag: '=1+1', startedMs: NOON_MS + HOUR_MS });
  const url = await listening(t, { sessions: madeUpSessions([...SESSIONS, odd]) });
  const csv = async (query: string) => {
    const response = await authorized(`${url}/api/sessions${query}`, { headers: { accept: 'text/csv' } });
    t.match(response.headers.get('content-type'), 'text/csv');
    return (await response.text()).trimEnd().split('\r\n');
  };
  const [heading, newest, ...others] = await csv('?limit=1');
  t.match(heading, /^transactionId,chargerId,connectorId,idTag,userName,.*,evidence,reason,flags$/);
  t.match(newest, /^9,CP1,1,'=1\+1,/);
  t.equal(others.length, SESSIONS.length);
  t.match(
    others.at(-1),
    /^1,CP1,1,A,Ada Example,Accepted,2026-11-30T10:00:00.000Z,2026-11-30T10:01:00.000Z,500,1000,1500,meterStop,Local,$/,
  );
  t.same((await csv('?status=ended')).length, 2);
});

void t.test('a session is shown with all that is known of it', async (t) => {
  const rung = { step: 'remoteStop', atMs: NOON_MS, answer: 'Accepted' } as const;
  const stop = { reason: 'operator', sinceMs: NOON_MS, climbed: 1, by: 'Ada' } as const;
  const url = await listening(t, {
    sessions: madeUpSessions([
      sampleSession(7, { stop, stopRungs: [rung], energyByDay: { '2026-11-30': 5 } }),
    ]),
  });
  const at = '2026-11-30T12:00:00.000Z';
  t.same(await jsonOf<SessionDetails>(`${url}/api/sessions/7`), {
    transactionId: 7,
    chargerId: 'CP1',
    connectorId: 1,
    idTag: 'A',
    userName: 'Ada Example',
    status: 'running',
    authorization: 'Accepted',
    startedAt: at,
    meterStartWh: 1000,
    meterWh: 1000,
    energyWh: 5,
    powerW: 7200,
    connectorStatus: 'Charging',
    leftWh: 8500,
    flags: [],
    quotaEndsAt: '2026-11-30T12:00:01.000Z',
    stop: { reason: 'operator', since: at, climbed: 1, by: 'Ada' },
    end: null,
    origin: 'start',
    energyByDay: { '2026-11-30': 5 },
    rungs: [{ step: 'remoteStop', at, answer: 'Accepted' }],
    chargerIds: [],
    limit: null,
    suspectedUnit: null,
  });
});

void t.test(
  'an id that several chargers have is a problem with the choices, and the charger decides',
  async (t) => {
    const sessions = madeUpSessions(SESSIONS);
    const url = await listening(t, { sessions });
    const problem = await jsonOf<Problem>(`${url}/api/sessions/3`);
    t.match(problem, { status: 409, type: 'urn:kwota:problem:sessionAmbiguous', hint: /charger=ID/ });
    t.same(
      problem.errors?.map(({ message }) => message),
      ['CP1', 'CP2'],
    );
    t.match(await jsonOf(`${url}/api/sessions/3?charger=CP2`), { chargerId: 'CP2' });
    t.match(await jsonOf(`${url}/api/sessions/3?charger=CP9`), { status: 404 });
    await authorized(`${url}/api/sessions/3/stop?charger=CP2`, post);
    t.same(sessions.asked, ['stop CP2/3 by admin']);
  },
);

void t.test('what came of a stop is told', async (t) => {
  for (const [answer, told] of [
    [
      { kind: 'asked', step: 'remoteStop', answer: 'Rejected' },
      { outcome: 'asked', answer: 'Rejected' },
    ],
    [{ kind: 'offline' }, { outcome: 'offline', step: null, answer: null }],
    [{ kind: 'ended' }, { outcome: 'ended' }],
  ] as const) {
    const url = await listening(t, { sessions: madeUpSessions(SESSIONS, { stop: answer }) });
    t.match(await jsonOf<StopResult>(`${url}/api/sessions/2/stop`, post), told);
  }
});

void t.test(
  'a close passes on the register and the name of who asks; a refusal says what is wrong',
  async (t) => {
    const close = (body: object) => ({
      ...post,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
    const sessions = madeUpSessions(SESSIONS);
    const url = await listening(t, { sessions });
    await authorized(`${url}/api/sessions/2/close`, close({ meterStopWh: 1500.5 }));
    await authorized(`${url}/api/sessions/2/close`, close({}));
    t.same(sessions.asked, ['close CP2/2 at 1500.5 by admin', 'close CP2/2 at null by admin']);
    for (const [kind, said] of [
      ['belowLast', /1.500 kWh already/],
      ['beyondPower', /no charger gives so much/],
    ] as const) {
      const refusing = madeUpSessions(SESSIONS, { close: { kind, lastWh: 1500 } });
      const other = await listening(t, { sessions: refusing });
      t.match(await jsonOf(`${other}/api/sessions/2/close`, close({ meterStopWh: 1 })), {
        status: 422,
        detail: said,
      });
    }
  },
);
