// Which word is near enough to be suggested.
import t from 'tap';
import { closest } from './closest.ts';

const words = ['port', 'host', 'pathPrefix', 'heartbeatInterval', 'callTimeout'];

t.test('a word with up to three mistakes is recognised', (t) => {
  for (const [given, expected] of [
    ['prot', 'port'],
    ['Port', 'port'],
    ['hots', 'host'],
    ['path_prefix', 'pathPrefix'],
    ['heartbeatIntreval', 'heartbeatInterval'],
    ['calTimout', 'callTimeout'],
    ['callTimeoutSec', 'callTimeout'],
  ] as const) {
    t.equal(closest(given, words), expected, given);
  }
  t.end();
});

t.test('a word that is too far from all gets no suggestion', (t) => {
  for (const given of ['', 'x', 'po', 'callTimeoutSecs', 'tokens', 'port'.repeat(100)]) {
    t.equal(closest(given, words), null, given);
  }
  t.equal(closest('port', []), null);
  t.end();
});

t.test('of several the nearest is suggested', (t) => {
  t.equal(closest('levle', ['lever', 'level']), 'level');
  t.end();
});
