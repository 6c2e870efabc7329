// Who may charge: every reason against it, alone and beside the others, and the value on its other side.
import t from 'tap';
import { decide, type AuthorizationFacts } from './authorization.ts';
import { sampleUser } from './sample.fixture.ts';

const FACTS: AuthorizationFacts = {
  user: sampleUser('A'),
  acceptsUnknownTags: false,
  leftWh: 1,
  today: '2026-11-30',
  isForbiddenSecond: false,
};

const status = (changed: Partial<AuthorizationFacts>) => {
  const decision = decide({ ...FACTS, ...changed });
  return 'reason' in decision ? `${decision.status} ${decision.reason}` : decision.status;
};

void t.test('each reason alone, and its other side', (t) => {
  t.equal(status({}), 'Accepted');
  t.equal(status({ user: null }), 'Invalid unknownTag');
  t.equal(status({ user: null, acceptsUnknownTags: true }), 'Accepted');
  t.equal(status({ user: sampleUser('A', { isBlocked: true }) }), 'Blocked blocked');
  t.equal(status({ leftWh: 0 }), 'Blocked quotaUsedUp');
  t.equal(status({ leftWh: -500 }), 'Blocked quotaUsedUp');
  t.equal(status({ leftWh: null }), 'Accepted', 'unlimited');
  t.equal(status({ user: sampleUser('A', { expires: '2026-11-29' }) }), 'Expired expired');
  t.equal(status({ user: sampleUser('A', { expires: '2026-11-30' }) }), 'Accepted', 'good on its last day');
  t.equal(status({ isForbiddenSecond: true }), 'ConcurrentTx concurrentSession');
  t.end();
});

void t.test('of several reasons, the one that matters most', (t) => {
  const user = sampleUser('A', { isBlocked: true, expires: '2020-01-01', isUnlimited: true });
  t.equal(status({ user, leftWh: null }), 'Blocked blocked', 'blocked, although unlimited');
  t.equal(status({ user: sampleUser('A', { expires: '2020-01-01' }), leftWh: 0 }), 'Blocked quotaUsedUp');
  t.equal(
    status({ user: sampleUser('A', { expires: '2020-01-01' }), isForbiddenSecond: true }),
    'Expired expired',
  );
  t.equal(status({ leftWh: 0, isForbiddenSecond: true }), 'Blocked quotaUsedUp');
  t.equal(status({ user: null, leftWh: 0, isForbiddenSecond: true }), 'Invalid unknownTag');
  t.end();
});
