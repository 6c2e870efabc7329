// The requests that contract.test.ts makes of the routes of users, grants, usage and unknown tags. Not part of the program.
import type { ContractGroup, ContractRequest } from '../contract-group.test-kit.ts';
import type { CardAnswer, UserPorts } from '../ports/users.ts';
import { BUSY_TAG, madeUpUsers } from '../users.test-kit.ts';

const OK = { problem: null } as const;
const ANY = { 'if-match': '*' };
const A = { idTag: 'A' };
const NOBODY = { idTag: 'NOBODY' };
const BUSY = { idTag: BUSY_TAG };

function edits(body: object): ContractRequest[] {
  return [
    { params: A, headers: ANY, body, problem: null },
    { params: NOBODY, headers: ANY, body, problem: 'userUnknown' },
    { params: A, headers: ANY, body: { quotaKwh: -1 }, problem: 'userInvalid' },
    { params: BUSY, headers: ANY, body, problem: 'usersFileNotEdited' },
  ];
}

export const userContract: ContractGroup = {
  parts() {
    const users = madeUpUsers();
    // The request that succeeds is made again, with other headers.
    const remove: UserPorts['remove'] = (idTag, etag, by) =>
      idTag === BUSY_TAG ? users.remove(idTag, etag, by) : Promise.resolve({ ok: true, value: null });
    return { users: { ...users, nextCard: nextCards(), remove } };
  },
  requests: {
    'GET /api/users': [OK, { query: '?limit=1&search=a&blocked=false', problem: null }],
    'GET /api/users/{idTag}': [
      { params: A, problem: null },
      { params: NOBODY, problem: 'userUnknown' },
    ],
    'POST /api/users': [
      { body: { idTag: 'C', quotaKwh: 1 }, problem: null },
      { body: { idTag: 'A', quotaKwh: 1 }, problem: 'userExists' },
      { body: { idTag: 'D' }, problem: 'userInvalid' },
      { body: { idTag: `${BUSY_TAG}-NEW`, quotaKwh: 1 }, problem: 'usersFileNotEdited' },
    ],
    'POST /api/users/import': [
      { body: { items: [{ idTag: 'A', quotaKwh: 1 }] }, problem: null },
      { body: { items: [{ idTag: 'D' }] }, problem: 'userInvalid' },
      { body: { items: [{ idTag: BUSY_TAG, quotaKwh: 1 }] }, problem: 'usersFileNotEdited' },
    ],
    'PUT /api/users/{idTag}': edits({ quotaKwh: 1 }),
    'PATCH /api/users/{idTag}': edits({ name: 'Ada' }),
    'GET /api/users/{idTag}/grants': [
      { params: A, query: '?month=2026-11&limit=1', problem: null },
      { params: NOBODY, problem: 'userUnknown' },
    ],
    'POST /api/users/{idTag}/grants': [
      { params: A, body: { kWh: 1, note: 'guests' }, problem: null },
      { params: NOBODY, body: { kWh: 1 }, problem: 'userUnknown' },
      { params: A, body: { kWh: -1 }, problem: 'userInvalid' },
    ],
    'POST /api/users/{idTag}/grants/{grantId}/revoke': [
      { params: { ...A, grantId: 'GRANT1' }, problem: null },
      { params: { ...A, grantId: 'GRANT0' }, problem: 'grantRevoked' },
      { params: { ...A, grantId: 'OTHER' }, problem: 'grantUnknown' },
    ],
    'POST /api/users/enroll': [
      { body: { quotaKwh: 1, waitSeconds: 1 }, problem: null },
      { body: { quotaKwh: 1, chargerId: 'CP1' }, problem: 'userExists' },
      { body: { quotaKwh: 1 }, problem: 'noCardShown' },
      { body: { quotaKwh: 1 }, problem: 'enrolmentBusy' },
      { body: {}, problem: 'userInvalid' },
      { body: { quotaKwh: 1 }, problem: 'usersFileNotEdited' },
    ],
    'GET /api/users/{idTag}/months': [
      { params: A, query: '?limit=1', problem: null },
      { params: NOBODY, problem: 'userUnknown' },
    ],
    'GET /api/usage': [OK, { query: '?month=2026-10', problem: null }],
    'GET /api/usage/accounts': [OK],
    'GET /api/unknown-tags': [OK],
    'POST /api/unknown-tags/next': [
      { body: { waitSeconds: 1 }, problem: null },
      { body: { chargerId: 'CP1' }, problem: 'noCardShown' },
      { body: {}, problem: 'enrolmentBusy' },
    ],
    'DELETE /api/users/{idTag}': [
      { params: A, headers: ANY, problem: null },
      { params: NOBODY, headers: ANY, problem: 'userUnknown' },
      { params: BUSY, headers: ANY, problem: 'usersFileNotEdited' },
    ],
  },
};

/** What waiting comes to, one request after the other. */
function nextCards(): () => Promise<CardAnswer> {
  const card = (idTag: string): CardAnswer => ({ kind: 'card', tag: { idTag } });
  const none = { kind: 'none' } as const;
  const busy = { kind: 'busy' } as const;
  const answers = [
    ...[card('NEW'), card('NEW'), none, busy, card(`${BUSY_TAG}-NEW`)],
    ...[card('NEW'), none, busy],
  ];
  let asked = 0;
  return () => Promise.resolve(answers[asked++] ?? none);
}
