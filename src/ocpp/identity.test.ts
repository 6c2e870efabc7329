// Which charge point id a path names.
import t from 'tap';
import { identify, isPlainPath, MAX_ID_LENGTH, shownPath } from './identity.ts';

const named: [situation: string, path: string, id: string, prefix?: string][] = [
  ['a plain path', '/CP1', 'CP1'],
  ['a trailing slash', '/CP1/', 'CP1'],
  ['many slashes', '///CP1//', 'CP1'],
  ['inner slashes', '/SCHNEIDER//EVlinkProAC', 'SCHNEIDER/EVlinkProAC'],
  ['the common prefix ocpp', '/ocpp/CP1', 'CP1'],
  ['a charger that is called ocpp', '/ocpp', 'ocpp'],
  ['the path of SteVe', '/steve/websocket/CentralSystemService/CP1', 'CP1'],
  ['another prefix while none is configured', '/central/CP1', 'central/CP1'],
  ['the configured prefix', '/a/b/CP1', 'CP1', '/a/b/'],
  ['the common prefix while another is configured', '/ocpp/CP1', 'ocpp/CP1', 'a'],
  ['a name that only begins like the prefix', '/abc/CP1', 'abc/CP1', 'ab'],
  ['a query', '/CP1?token=x/y', 'CP1'],
  ['a fragment', '/CP1#x', 'CP1'],
  ['an encoded blank and dot', '/TACW%201142.1', 'TACW 1142.1'],
  ['encoded blanks around', '/%20CP1%20', 'CP1'],
  ['an encoded slash', '/A%2FB', 'A/B'],
  ['an escape that is none', '/CP%zz', 'CP%zz'],
  ['an escape that is no UTF-8', '/CP%E7', 'CP%E7'],
  ['UTF-8', '/%C3%87-1', 'Ç-1'],
  ['the absolute form', 'http://host:9000/CP1', 'CP1'],
  ['the longest id', `/${'x'.repeat(MAX_ID_LENGTH)}`, 'x'.repeat(MAX_ID_LENGTH)],
  ['a name that JavaScript knows', '/__proto__', '__proto__'],
];

for (const [situation, path, id, prefix] of named) {
  t.test(`${situation} names a charger`, (t) => {
    t.strictSame(identify(path, prefix), { ok: true, id });
    t.end();
  });
}

const refused: [situation: string, path: string, problem: string, prefix?: string][] = [
  ['the root', '/', 'missing'],
  ['nothing but slashes', '//', 'missing'],
  ['the configured prefix alone', '/a/', 'missing', 'a'],
  ['an encoded blank', '/%20', 'missing'],
  ['a line break', '/CP%0A1', 'unprintable'],
  ['a NUL', '/CP%001', 'unprintable'],
  ['an invisible direction mark', '/CP%E2%80%AE1', 'unprintable'],
  ['an id that is too long', `/${'x'.repeat(MAX_ID_LENGTH + 1)}`, 'tooLong'],
];

for (const [situation, path, problem, prefix] of refused) {
  t.test(`${situation} names no charger`, (t) => {
    t.strictSame(identify(path, prefix), { ok: false, problem });
    t.end();
  });
}

const paths: [path: string, id: string, isPlain: boolean][] = [
  ['/CP1', 'CP1', true],
  ['/ocpp/CP1', 'CP1', true],
  ['/BRAND/CP1', 'BRAND/CP1', true],
  ['/CP%201', 'CP 1', true],
  ['//CP1', 'CP1', false],
  ['/CP1/', 'CP1', false],
  ['/CP1?token=1', 'CP1', false],
  ['/CP1%20', 'CP1', false],
];

for (const [path, id, isPlain] of paths) {
  t.test(`around the id in ${path} there is ${isPlain ? 'nothing' : 'something'} to take away`, (t) => {
    t.equal(isPlainPath(path, id), isPlain);
    t.end();
  });
}

t.test('a path is shown without what stands behind it, and not at any length', (t) => {
  t.equal(shownPath('/a/CP1'), '/a/CP1');
  t.equal(shownPath('/CP1?pin=hunter2?x'), '/CP1?***');
  t.equal(shownPath('/CP1#hunter2'), '/CP1?***');
  t.equal(shownPath(undefined), '');
  t.equal(shownPath(`/${'x'.repeat(500)}?hunter2`).length, 204);
  t.end();
});
