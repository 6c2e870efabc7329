// The requests that contract.test.ts makes of the routes of chargers, health and the document. Not part of the program.
import type { ContractGroup } from '../contract-group.test-kit.ts';
import { charger, madeUpChargers } from '../server.test-kit.ts';

const OK = { problem: null } as const;
const KNOWN = { params: { id: 'CP1' }, problem: null } as const;
const UNKNOWN = { params: { id: 'CP9' }, problem: 'chargerUnknown' } as const;

export const chargerContract: ContractGroup = {
  parts: () => ({ chargers: madeUpChargers({ chargePoints: [charger('CP1')] }) }),
  requests: {
    'GET /api/health': [OK],
    'GET /api/openapi.json': [OK],
    'GET /api/docs': [OK],
    'GET /api/chargers': [OK, { query: '?limit=1&after=A&connected=false', problem: null }],
    'GET /api/chargers/{id}': [KNOWN, UNKNOWN],
    'GET /api/chargers/{id}/trace': [KNOWN, UNKNOWN],
    'GET /api/chargers/{id}/recording': [KNOWN, UNKNOWN],
  },
};
