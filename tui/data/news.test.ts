// What is said at once, whatever screen is seen.
import t from 'tap';
import { ago, madeUpSite, madeUpUser } from '../../test/kit/made-up-site.ts';
import { newsOf } from './news.ts';

const at = ago(0);

t.test('a quota that nears its end is told with the name of the user, the account, or the card', (t) => {
  const warning = { kind: 'warning', at, idTag: 'A', account: null, percent: 95, usedWh: 95_000, limitWh: 100_000 } as const;
  t.same(newsOf(warning, [madeUpUser('A', 'Ada Schmidt', 100, 95)]), {
    kind: 'warning',
    text: 'Ada Schmidt 95 % used, 5.0 kWh left',
  });
  t.equal(newsOf(warning, [])?.text, 'A 95 % used, 5.0 kWh left');
  t.equal(newsOf({ ...warning, account: 'pool' }, [])?.text, 'pool 95 % used, 5.0 kWh left');
  t.end();
});

t.test('an alarm is told when it begins and when it is over', (t) => {
  const alarm = { id: 'disk', message: 'the disk is nearly full', since: at };
  t.match(newsOf({ kind: 'alarm', at, isActive: true, alarm }, []), { kind: 'failed', text: alarm.message });
  t.match(newsOf({ kind: 'alarm', at, isActive: false, alarm }, []), { kind: 'info', text: /^over: / });
  t.end();
});

t.test('what happens all the time is not told', (t) => {
  const [session] = madeUpSite.sessions ?? [];
  t.equal(session && newsOf({ kind: 'session', at, session }, []), null);
  t.equal(newsOf({ kind: 'usage', at, month: '2026-11' }, []), null);
  t.end();
});
