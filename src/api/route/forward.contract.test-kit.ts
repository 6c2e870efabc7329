// The requests that contract.test.ts makes of the routes of forwarding. Not part of the program.
import type { ContractGroup } from '../contract-group.test-kit.ts';
import { madeUpForwarding, parkedOne } from '../forward.test-kit.ts';

const OK = { problem: null } as const;

const CHOICES = [
  { body: { all: true }, problem: null },
  { body: { ids: ['absent'] }, problem: 'parkedUnknown' },
  { body: {}, problem: 'parkedNotChosen' },
] as const;

export const forwardContract: ContractGroup = {
  parts: () => ({ forward: madeUpForwarding([parkedOne(1), parkedOne(2)]) }),
  requests: {
    'GET /api/forward': [OK],
    'GET /api/forward/parked': [OK, { query: '?limit=1', problem: null }],
    'POST /api/forward/pause': [OK],
    'POST /api/forward/resume': [OK],
    'POST /api/forward/parked/retry': CHOICES,
    'POST /api/forward/parked/drop': CHOICES,
  },
};

export const forwardOffContract: ContractGroup = {
  parts: () => ({ forward: { url: null, forwarding: null } }),
  requests: {
    'GET /api/forward': [OK],
    'GET /api/forward/parked': [OK],
    'POST /api/forward/pause': [{ problem: 'forwardOff' }],
    'POST /api/forward/resume': [{ problem: 'forwardOff' }],
    'POST /api/forward/parked/retry': [{ body: { all: true }, problem: 'forwardOff' }],
    'POST /api/forward/parked/drop': [{ body: { all: true }, problem: 'forwardOff' }],
  },
};
