// The requests that contract.test.ts makes of the routes of what is watched: overview, log, measures. Not part of the program.
import type { ContractGroup } from '../contract-group.test-kit.ts';
import { madeUpLog, madeUpOverview, madeUpPerformance } from '../observe.test-kit.ts';

const OK = { problem: null } as const;

export const observeContract: ContractGroup = {
  parts: () => ({ overview: madeUpOverview(), logLines: madeUpLog(), performance: madeUpPerformance() }),
  requests: {
    'GET /api/overview': [OK],
    'GET /api/logs': [OK, { query: '?level=warn&tag=METER&charger=CP1&after=0&limit=1', problem: null }],
    'GET /api/performance': [OK],
  },
};
