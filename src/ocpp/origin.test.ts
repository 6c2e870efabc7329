// Where a charger can reach this server again, from what it said and how it came.
import { Duplex } from 'node:stream';
import t from 'tap';
import { originOf } from './origin.ts';

const plain = Object.assign(new Duplex(), { localAddress: '::ffff:10.0.0.5', localPort: 9000 });
const secure = Object.assign(new Duplex(), { localAddress: 'fe80::1', localPort: 9443, encrypted: true });

void t.test('as the charger addressed it, with the port of whoever forwards', (t) => {
  for (const host of ['site-pc', 'site_pc.local:9000', '10.0.0.5:80', '[fe80::1]:9000'])
    t.equal(originOf({ headers: { host } }, plain), `http://${host}`);
  t.equal(
    originOf({ headers: { host: 'ocpp.example', 'x-forwarded-proto': 'https' } }, plain),
    'https://ocpp.example',
  );
  t.equal(originOf({ headers: { host: 'site-pc' } }, secure), 'https://site-pc');
  t.end();
});

void t.test('without a name, or with one that is none, by the address that it came in at', (t) => {
  for (const host of [undefined, '', 'a/b', 'me@host', 'host:99999999', 'a b', '[nothing]', 'x?y', 'x#y'])
    t.equal(originOf({ headers: host === undefined ? {} : { host } }, plain), 'http://10.0.0.5:9000');
  t.equal(originOf({ headers: {} }, secure), 'https://[fe80::1]:9443');
  t.equal(originOf({ headers: {} }, new Duplex()), 'http://127.0.0.1');
  t.end();
});
