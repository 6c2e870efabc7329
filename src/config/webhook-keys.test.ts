// alarms.webhooks as it is written: what may be left out, what is missed, and that a secret is in no message.
import t from 'tap';
import { loadConfig } from './load.ts';

function load(yaml: string, env: Record<string, string> = {}) {
  const file = { path: 'config.yaml', text: yaml };
  return loadConfig({ flags: {}, env, file, machine: { cwd: '/site', timeZone: 'UTC' } });
}

function problems(yaml: string): string[] {
  const result = load(yaml);
  return 'problems' in result ? result.problems.map(({ message }) => message) : [];
}

t.test('a webhook needs a name and an address; the rest has defaults', (t) => {
  const yaml =
    'alarms: {webhooks: [{name: a, url: http://x/}, {name: b, url: http://y/, secret: "${S}", events: [over]}]}';
  t.match(load(yaml, { S: 'sixteen-or-longer' }), {
    config: {
      alarms: {
        webhooks: [
          { name: 'a', url: 'http://x/', secret: 'none', headers: {}, events: ['began', 'over'] },
          { name: 'b', secret: 'sixteen-or-longer', events: ['over'] },
        ],
      },
    },
  });
  t.strictSame(problems('alarms: {webhooks: [{name: a}]}'), ['alarms.webhooks[0] needs url']);
  t.strictSame(problems('alarms: {webhooks: [{}]}'), ['alarms.webhooks[0] needs name and url']);
  t.match(problems('alarms: {webhooks: [{name: a, url: http://x/}, {name: a, url: http://y/}]}'), [
    /same name/,
  ]);
  t.end();
});

t.test('a secret that is too short is not shown', (t) => {
  const found = problems('alarms: {webhooks: [{name: a, url: http://x/, secret: hunter2}]}');
  t.match(found, [/alarms\.webhooks\[0\]\.secret must be .*, or none, not this text/]);
  t.notMatch(found.join(), 'hunter2');
  t.end();
});
