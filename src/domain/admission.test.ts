// Which chargers are let in: each rule, with each thing that may be known of a charger.
import t from 'tap';
import { admissionOf, type UnknownChargers } from './admission.ts';
import { newChargePoint } from './charge-point.ts';

const met = newChargePoint('CP1', 0);

void t.test('a charger that nobody knows is let in, waits or is turned away, as the site says', (t) => {
  const verdicts = (['accept', 'pending', 'reject'] as const).map((rule) =>
    admissionOf(rule, undefined, false),
  );
  t.strictSame(verdicts, ['new', 'pending', 'rejected']);
  t.end();
});

void t.test('what was let in once stays in, under any rule', (t) => {
  for (const rule of ['accept', 'pending', 'reject'] satisfies UnknownChargers[]) {
    t.equal(admissionOf(rule, met, false), 'accepted', `${rule}: known before there were rules`);
    t.equal(admissionOf(rule, { ...met, admission: 'accepted' }, false), 'accepted', `${rule}: approved`);
    t.equal(
      admissionOf(rule, { ...met, admission: 'new' }, false),
      'new',
      `${rule}: let in by an earlier rule`,
    );
    t.equal(admissionOf(rule, undefined, true), 'accepted', `${rule}: configured`);
    t.equal(
      admissionOf(rule, { ...met, admission: 'pending' }, true),
      'accepted',
      `${rule}: configured since`,
    );
  }
  t.end();
});

void t.test('a charger that waits follows the rule when the rule changes', (t) => {
  const waiting = { ...met, admission: 'pending' } as const;
  t.equal(admissionOf('accept', waiting, false), 'new');
  t.equal(admissionOf('pending', waiting, false), 'pending');
  t.equal(admissionOf('reject', waiting, false), 'rejected');
  t.end();
});
