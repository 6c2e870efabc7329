// The message set is complete, and strict validation is strict.
import t from 'tap';
import {
  centralSystemActions,
  chargePointActions,
  isCentralSystemAction,
  isChargePointAction,
} from './messages.ts';
import { strictErrors } from './strict.ts';

t.test('every action has schemas in both directions that refuse an unknown member', (t) => {
  for (const action of new Set([...chargePointActions, ...centralSystemActions])) {
    for (const direction of ['request', 'response'] as const) {
      const errors = strictErrors(action, direction, { nobodyKnowsThis: 1 });
      t.match(errors.join('; '), 'nobodyKnowsThis', `${action} ${direction}`);
    }
  }
  t.end();
});

t.test('unknown members are refused in nested objects too', (t) => {
  const idTagInfo = { status: 'Accepted' };
  t.strictSame(strictErrors('Authorize', 'response', { idTagInfo }), []);
  t.match(strictErrors('Authorize', 'response', { idTagInfo: { ...idTagInfo, more: 1 } }), [/more/]);
  t.end();
});

t.test('formats and enums are enforced', (t) => {
  t.strictSame(strictErrors('Heartbeat', 'response', { currentTime: '2026-11-30T12:00:00Z' }), []);
  t.equal(strictErrors('Heartbeat', 'response', { currentTime: 'noon' }).length, 1);
  t.match(strictErrors('Reset', 'request', { type: 'Softly' }), [/type.*Hard/]);
  t.end();
});

t.test('names are recognised to the letter', (t) => {
  t.ok(isChargePointAction('Heartbeat'));
  t.notOk(isChargePointAction('heartbeat'));
  t.notOk(isChargePointAction('__proto__'));
  t.ok(isCentralSystemAction('GetLog'));
  t.notOk(isCentralSystemAction('Heartbeat'));
  t.equal(chargePointActions.length + centralSystemActions.length, 40);
  t.end();
});
