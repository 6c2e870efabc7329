// The requests that contract.test.ts makes of the routes of webhooks. Not part of the program.
import type { ContractGroup } from '../contract-group.test-kit.ts';
import { madeUpWebhook } from '../webhooks.test-kit.ts';

const OF_ONE = [
  { params: { name: 'on-call' }, problem: null },
  { params: { name: 'absent' }, problem: 'webhookUnknown' },
] as const;

export const webhookContract: ContractGroup = {
  parts: () => ({ webhooks: madeUpWebhook('on-call') }),
  requests: {
    'GET /api/webhooks': [{ problem: null }, { query: '?limit=1', problem: null }],
    'POST /api/webhooks/{name}/test': OF_ONE,
    'POST /api/webhooks/{name}/retry': OF_ONE,
    'POST /api/webhooks/{name}/drop': OF_ONE,
  },
};
