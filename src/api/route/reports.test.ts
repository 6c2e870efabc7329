// Reports over the API: three views as JSON and CSV, in Wh and kWh.
import t from 'tap';
import { createReportClient } from '../report-client.ts';
import { madeUpReports } from '../reports.test-kit.ts';
import { authorized, listening, TOKEN_OF } from '../server.test-kit.ts';

const TOTAL = { sessions: 2, sessionsWh: 1200, entriesWh: -100, usedWh: 1100 };

void t.test('a month by card, unless told otherwise, with its total', async (t) => {
  const url = await listening(t, { reports: madeUpReports() });
  const report = await createReportClient({ url, token: TOKEN_OF.viewer }).energy();
  t.strictSame(report, {
    ...{ month: '2026-11', from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z', by: 'user' },
    total: TOTAL,
    users: [
      {
        ...{ idTag: '=1+1', name: '', account: null, isKnown: false },
        ...{
          sessions: 1,
          sessionsWh: 700,
          entriesWh: 0,
          usedWh: 700,
          grantedWh: 0,
          quotaWh: null,
          leftWh: null,
        },
      },
      {
        ...{ idTag: 'A', name: 'Ada Example', account: 'flat', isKnown: true },
        ...{ sessions: 1, sessionsWh: 500, entriesWh: -100, usedWh: 400 },
        ...{ grantedWh: 0, quotaWh: 10_000, leftWh: 9600 },
      },
    ],
    chargers: null,
    sessions: null,
  });
});

void t.test('by charger and by session, with the same total', async (t) => {
  const url = await listening(t, { reports: madeUpReports() });
  const client = createReportClient({ url, token: TOKEN_OF.viewer });
  const byCharger = await client.energy({ by: 'charger' });
  t.strictSame(byCharger.total, TOTAL);
  t.strictSame(byCharger.chargers, [
    { chargerId: 'CP1', sessions: 1, sessionsWh: 500 },
    { chargerId: 'CP2', sessions: 1, sessionsWh: 700 },
  ]);
  t.equal(byCharger.users, null);
  const bySession = await client.energy({ by: 'session', month: '2026-11' });
  t.strictSame(bySession.total, TOTAL);
  t.strictSame(bySession.sessions, [
    {
      ...{ transactionId: 1, chargerId: 'CP1', connectorId: 1, idTag: 'A', userName: 'Ada Example' },
      ...{ startedAt: '2026-11-30T12:00:00.000Z', endedAt: '2026-11-30T12:01:00.000Z' },
      ...{ evidence: 'meterStop', sessionsWh: 500, totalWh: 500 },
    },
    {
      ...{ transactionId: 2, chargerId: 'CP2', connectorId: 1, idTag: '=1+1', userName: 'Ada Example' },
      ...{
        startedAt: '2026-11-30T12:00:00.000Z',
        endedAt: null,
        evidence: null,
        sessionsWh: 700,
        totalWh: 1000,
      },
    },
  ]);
});

void t.test('as CSV in kWh, and no tag is a formula', async (t) => {
  const url = await listening(t, { reports: madeUpReports() });
  const client = createReportClient({ url, token: TOKEN_OF.viewer });
  t.same((await client.energyCsv()).split('\r\n'), [
    'idTag,name,account,isKnown,sessions,sessionsKwh,entriesKwh,usedKwh,grantedKwh,quotaKwh,leftKwh',
    "'=1+1,,,false,1,0.7,0,0.7,0,,",
    'A,Ada Example,flat,true,1,0.5,-0.1,0.4,0,10,9.6',
    '',
  ]);
  t.same((await client.energyCsv({ by: 'charger', month: '2026-12' })).split('\r\n'), [
    'chargerId,sessions,usedKwh',
    'CP2,1,0.3',
    '',
  ]);
  t.same((await client.energyCsv({ by: 'session' })).split('\r\n'), [
    'transactionId,chargerId,connectorId,idTag,userName,startedAt,endedAt,evidence,usedKwh,totalKwh',
    '1,CP1,1,A,Ada Example,2026-11-30T12:00:00.000Z,2026-11-30T12:01:00.000Z,meterStop,0.5,0.5',
    "2,CP2,1,'=1+1,Ada Example,2026-11-30T12:00:00.000Z,,,0.7,1",
    '',
  ]);
});

void t.test('a month or view that there is not is a problem', async (t) => {
  const url = await listening(t, { reports: madeUpReports() });
  for (const query of ['month=2026-13', 'month=november', 'by=moon'])
    t.equal((await authorized(`${url}/api/reports/energy?${query}`)).status, 400, query);
});
