// What chargers present for the same key, and how it is cut out of their header.
import t from 'tap';
import { keyBytes, keysMeantBy, passwordsIn } from './authorization-key.ts';

const HEX = '6f43b19a07e2cc1ad0f7314c5b8890aa';

/** Whether who presents these bytes means the key. */
function means(presented: Buffer, key: string): boolean {
  const wanted = keyBytes(key);
  return keysMeantBy(presented).some((one) => one.equals(wanted));
}

void t.test('a key in hexadecimal is understood in each way that chargers present it', (t) => {
  const ways: readonly (readonly [string, Buffer])[] = [
    ['the bytes', Buffer.from(HEX, 'hex')],
    ['the text', Buffer.from(HEX)],
    ['the text in capitals', Buffer.from(HEX.toUpperCase())],
    ['the hexadecimal of the text', Buffer.from(Buffer.from(HEX).toString('hex'))],
  ];
  for (const [way, presented] of ways) {
    t.ok(means(presented, HEX), way);
    t.ok(means(presented, HEX.toUpperCase()), `${way}, configured in capitals`);
    t.notOk(means(presented, HEX.replace('6f', '6e')), `${way}, of another key`);
  }
  t.end();
});

void t.test('a key that was typed as a text is understood as text and as its hexadecimal', (t) => {
  const key = 'Garage-42!';
  t.ok(means(Buffer.from(key), key));
  t.ok(means(Buffer.from(Buffer.from(key).toString('hex')), key));
  t.ok(means(Buffer.from(Buffer.from(key).toString('hex').toUpperCase()), key));
  t.notOk(means(Buffer.from(key.toLowerCase()), key), 'a text is not read in another case');
  t.notOk(means(Buffer.from(''), key));
  t.end();
});

void t.test('letters beyond ASCII are understood in UTF-8 and in Latin-1', (t) => {
  t.ok(means(Buffer.from('Schlüssel', 'utf8'), 'Schlüssel'));
  t.ok(means(Buffer.from('Schlüssel', 'latin1'), 'Schlüssel'));
  t.end();
});

void t.test('a short text that could be hexadecimal is a word', (t) => {
  t.strictSame(keyBytes('dead'), Buffer.from('dead'));
  t.strictSame(keyBytes('deadbee'), Buffer.from('deadbee'), 'an odd number of digits');
  t.end();
});

void t.test('the password is cut out whatever the user and whatever colons there are', (t) => {
  const cut = (text: string) => passwordsIn(Buffer.from(text), ['A:B', 'a:b']).map(String);
  t.strictSame(cut('A:B:secret'), ['secret'], 'the id has a colon');
  t.strictSame(cut('a:b:se:cret'), ['se:cret'], 'and so has the password');
  t.strictSame(cut(':secret'), ['secret'], 'no user');
  t.strictSame(cut('other:secret'), ['secret']);
  t.strictSame(cut('x:y:secret'), ['y:secret', 'secret'], 'either colon may be the one');
  t.strictSame(cut('secret'), []);
  t.strictSame(
    passwordsIn(Buffer.from([0x43, 0x3a, 0xff, 0x00, 0x3a]), ['C']),
    [Buffer.from([0xff, 0x00, 0x3a])],
    'bytes that are no text',
  );
  t.end();
});
