// The requests that contract.test.ts makes of the routes of what is watched: overview, log, measures, reports. Not part of the program.
import type { ContractGroup } from '../contract-group.test-kit.ts';
import { madeUpReports } from '../reports.test-kit.ts';
import { madeUpLog, madeUpOverview, madeUpPerformance } from '../observe.test-kit.ts';

const OK = { problem: null } as const;

/** As Prometheus asks. */
const SCRAPER = 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.1';

export const observeContract: ContractGroup = {
  parts: () => ({
    ...{ overview: madeUpOverview(), logLines: madeUpLog(), performance: madeUpPerformance() },
    reports: madeUpReports(),
    metrics: { text: () => Promise.resolve('kwota_chargers 1\n') },
  }),
  requests: {
    'GET /api/overview': [OK],
    'GET /api/logs': [OK, { query: '?level=warn&tag=METER&charger=CP1&after=0&limit=1', problem: null }],
    'GET /api/performance': [OK],
    'GET /metrics': [OK],
    'GET /api/reports/months': [{ problem: null }],
    'GET /api/reports/energy': [
      OK,
      { query: '?month=2026-12&by=session', problem: null },
      { query: '?by=charger', headers: { accept: 'text/csv' }, problem: null },
    ],
    'GET /api/metrics': [{ headers: { accept: SCRAPER }, problem: null }],
  },
};
