// The requests that contract.test.ts makes of the routes of chargers, health and the document. Not part of the program.
import type { ContractGroup } from '../contract-group.test-kit.ts';
import { charger, madeUpChargers } from '../server.test-kit.ts';

const FORGOTTEN: Readonly<Record<string, 'connected' | 'charging'>> = { CP2: 'connected', CP3: 'charging' };

const OK = { problem: null } as const;
const KNOWN = { params: { id: 'CP1' }, problem: null } as const;
const UNKNOWN = { params: { id: 'CP9' }, problem: 'chargerUnknown' } as const;

export const chargerContract: ContractGroup = {
  parts: () => ({
    chargers: madeUpChargers({ chargePoints: [charger('CP1'), charger('CP2'), charger('CP3')] }),
    chargerAdmin: {
      approve: (id) => Promise.resolve(id),
      forget: (id) => Promise.resolve(FORGOTTEN[id] ?? 'forgotten'),
    },
    chargerPasswords: {
      set: () => Promise.resolve(),
      clear: () => Promise.resolve(),
      rotate: () => Promise.reject(new Error('see the requests of commands')),
    },
  }),
  requests: {
    'GET /api/health': [OK],
    'GET /api/openapi.json': [OK],
    'GET /api/docs': [OK],
    'GET /api/chargers': [OK, { query: '?limit=1&after=A&connected=false', problem: null }],
    'GET /api/chargers/{id}': [KNOWN, UNKNOWN],
    'POST /api/chargers/{id}/approve': [
      KNOWN,
      { params: { id: 'CP9' }, body: { inAdvance: true }, problem: null },
      { ...UNKNOWN, body: {} },
    ],
    'DELETE /api/chargers/{id}': [
      KNOWN,
      UNKNOWN,
      { params: { id: 'CP2' }, problem: 'chargerConnected' },
      { params: { id: 'CP3' }, problem: 'chargerCharging' },
    ],
    'PUT /api/chargers/{id}/password': [KNOWN, UNKNOWN],
    'DELETE /api/chargers/{id}/password': [KNOWN, UNKNOWN],
    'GET /api/chargers/{id}/trace': [KNOWN, UNKNOWN],
    'GET /api/chargers/{id}/recording': [KNOWN, UNKNOWN],
  },
};
