// Which chargers are let in: each rule, with each thing that may be known of a charger.
import t from 'tap';
import { admissionOf, type UnknownChargers } from './admission.ts';

void t.test('a charger that nobody knows is let in, waits or is turned away, as the site says', (t) => {
  const verdicts = (['accept', 'pending', 'reject'] as const).map((rule) => admissionOf(rule, null, false));
  t.strictSame(verdicts, ['new', 'pending', 'rejected']);
  t.end();
});

void t.test('what was let in once stays in, under any rule', (t) => {
  for (const rule of ['accept', 'pending', 'reject'] satisfies UnknownChargers[]) {
    t.equal(admissionOf(rule, 'accepted', false), 'accepted', `${rule}: approved`);
    t.equal(admissionOf(rule, 'new', false), 'new', `${rule}: let in by an earlier rule`);
    t.equal(admissionOf(rule, null, true), 'accepted', `${rule}: configured`);
    t.equal(admissionOf(rule, 'pending', true), 'accepted', `${rule}: configured since`);
  }
  t.end();
});

void t.test('a charger that waits follows the rule when the rule changes', (t) => {
  t.equal(admissionOf('accept', 'pending', false), 'new');
  t.equal(admissionOf('pending', 'pending', false), 'pending');
  t.equal(admissionOf('reject', 'pending', false), 'rejected');
  t.end();
});
