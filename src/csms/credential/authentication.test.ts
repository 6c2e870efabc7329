// Who is let in with what: each policy with each kind of credential, and what guessing leads to.
import t from 'tap';
import { createManualClock } from '../../runtime/manual-clock.ts';
import { silentLog } from '../../runtime/log.ts';
import { Alarms } from '../alarms.ts';
import {
  Authentication,
  type AuthRules,
  type ChargerAuth,
  type KeptPassword,
  type Offered,
} from './authentication.ts';
import { hashPassword, hashRandomKey, passwordHashText } from './password-hash.ts';
import { PAUSE_MS, WRONG_PASSWORDS_MAX } from './wrong-passwords.ts';

const UNSET: ChargerAuth = { auth: null, password: null, certificateName: null };

interface Site {
  readonly site?: AuthRules['site'];
  readonly own?: Partial<ChargerAuth>;
  readonly kept?: KeptPassword[];
}

function siteWith({ site = 'none', own = {}, kept = [] }: Site) {
  const clock = createManualClock();
  const alarms = new Alarms(clock, silentLog);
  const used: KeptPassword[] = [];
  const authentication = new Authentication({
    rules: { site, of: () => ({ ...UNSET, ...own }) },
    kept: { of: () => kept, used: (_, password) => used.push(password) },
    ...{ alarms, clock },
  });
  const offer = async (offered: Partial<Offered> = {}, id = 'CP1') => {
    const whole = { address: '10.0.0.1', writtenId: id, basic: null, certificateNames: null, ...offered };
    const verdict = await authentication.verify(id, whole);
    return verdict.isAllowed ? verdict.by : verdict.why;
  };
  return { offer, clock, alarms, used, authentication };
}

const basic = (password: string | Buffer, user = 'CP1') =>
  Buffer.concat([Buffer.from(`${user}:`), Buffer.from(password as string)]);

void t.test('each policy with each credential', async (t) => {
  const own = { password: 'garage-42' };
  const right = { basic: basic('garage-42') };
  const wrong = { basic: basic('garage-43') };
  const rows: readonly (readonly [string, Site, Partial<Offered>, string])[] = [
    ['nothing is asked', {}, {}, 'nothing'],
    ['nothing is asked, whatever is sent', {}, wrong, 'nothing'],
    ['a password that is set is asked for', { own }, {}, 'noPassword'],
    ['the right one', { own }, right, 'password'],
    ['a wrong one', { own }, wrong, 'wrongPassword'],
    ['switched off for the charger', { site: 'basic', own: { ...own, auth: 'none' } }, wrong, 'nothing'],
    ['optional, none sent', { own: { ...own, auth: 'optional' } }, {}, 'nothing'],
    ['optional, a wrong one sent', { own: { ...own, auth: 'optional' } }, wrong, 'wrongPassword'],
    ['optional, and none is known', { own: { auth: 'optional' } }, wrong, 'nothing'],
    ['the site asks, none is known', { site: 'basic' }, right, 'passwordUnknown'],
    ['the site asks, none is sent', { site: 'basic' }, {}, 'noPassword'],
    ['a certificate of its own', { site: 'certificate' }, { certificateNames: ['cp1'] }, 'certificate'],
    ['a certificate of another', { site: 'certificate' }, { certificateNames: ['CP2'] }, 'otherCertificate'],
    ['no certificate', { site: 'certificate', own }, right, 'noCertificate'],
    [
      'a certificate with the name that is set',
      { site: 'certificate', own: { certificateName: 'SN-1' } },
      { certificateNames: ['SN-1'] },
      'certificate',
    ],
    [
      'its id does not count then',
      { site: 'certificate', own: { certificateName: 'SN-1' } },
      { certificateNames: ['CP1'] },
      'otherCertificate',
    ],
    ['certificates are optional for it', { site: 'certificate', own: { auth: 'optional' } }, {}, 'nothing'],
    [
      'where passwords are asked for, its certificate is as good',
      { own },
      { certificateNames: ['CP1'] },
      'certificate',
    ],
    ['and that of another is none', { own }, { certificateNames: ['CP2'] }, 'noPassword'],
  ];
  for (const [situation, site, offered, expected] of rows)
    t.equal(await siteWith(site).offer(offered), expected, situation);
});

void t.test('a hash in the configuration is as good as the password', async (t) => {
  const password = passwordHashText(await hashPassword('garage-42'));
  const { offer } = siteWith({ own: { password } });
  t.equal(await offer({ basic: basic('garage-43') }), 'wrongPassword');
  t.equal(await offer({ basic: basic(password) }), 'wrongPassword', 'the hash itself opens nothing');
  t.equal(await offer({ basic: basic('garage-42') }), 'password');
  t.equal(await offer({ basic: basic('garage-42', 'someone') }), 'password', 'whatever the user');
});

void t.test('what was verified once is not hashed again, and other credentials are', async (t) => {
  const password = passwordHashText(await hashPassword('garage-42'));
  const { offer, authentication } = siteWith({ own: { password } });
  await offer({ basic: basic('garage-42') });
  const costOf = async (credentials: Buffer) => {
    const before = process.cpuUsage();
    await offer({ basic: credentials });
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  // The least of several: what else this process does meanwhile is in it.
  let cached = Infinity;
  for (let n = 0; n < 5; n += 1) cached = Math.min(cached, await costOf(basic('garage-42')));
  authentication.forget('CP1');
  const hashed = await costOf(basic('garage-42'));
  t.ok(cached < hashed / 2, `${cached} µs against ${hashed} µs`);
});

void t.test(
  'a password that changes in the configuration counts at once, and the old one no more',
  async (t) => {
    const own = { password: 'garage-42' };
    const { offer } = siteWith({ own });
    t.equal(await offer({ basic: basic('garage-42') }), 'password');
    t.equal(await offer({ basic: basic('garage-43') }), 'wrongPassword');
    own.password = 'garage-43';
    t.equal(await offer({ basic: basic('garage-42') }), 'wrongPassword');
    t.equal(await offer({ basic: basic('garage-43') }), 'password');
  },
);

void t.test('after ten wrong passwords an address has to wait, for this charger only', async (t) => {
  const { offer, clock, alarms } = siteWith({ own: { password: 'garage-42' } });
  const guess = (n: number, address = '10.0.0.1', id = 'CP1') =>
    offer({ address, basic: basic(`guess-${n}`, id) }, id);
  for (let n = 1; n < WRONG_PASSWORDS_MAX; n += 1) t.equal(await guess(n), 'wrongPassword');
  t.equal(await offer({ basic: basic('garage-42') }), 'password', 'the right one starts the count again');
  t.strictSame(alarms.active(), []);
  for (let n = 1; n <= WRONG_PASSWORDS_MAX; n += 1) t.equal(await guess(n), 'wrongPassword');
  t.match(alarms.active(), [{ id: 'password/CP1', message: /10\.0\.0\.1 offers wrong passwords/ }]);
  t.equal(
    await offer({ basic: basic('garage-42') }),
    'paused',
    'the right one as well: else it could be guessed on',
  );
  t.equal(await offer({ address: '10.0.0.2', basic: basic('garage-42') }), 'password', 'not from elsewhere');
  t.strictSame(alarms.active(), [], 'the charger is there');
  t.equal(await offer({ basic: basic('garage-42', 'CP2') }, 'CP2'), 'password', 'and not another charger');
  clock.advance(PAUSE_MS - 1);
  t.equal(await offer({ basic: basic('garage-42') }), 'paused');
  clock.advance(1);
  t.equal(await offer({ basic: basic('garage-42') }), 'password');
});

void t.test('a hundred guesses at once are no more than ten', async (t) => {
  const password = passwordHashText(await hashPassword('garage-42'));
  const { offer } = siteWith({ own: { password } });
  const guesses = Array.from({ length: 100 }, (_, n) => offer({ basic: basic(`guess-${n}`) }));
  const outcomes = Map.groupBy(await Promise.all(guesses), (outcome) => outcome);
  t.equal(outcomes.get('wrongPassword')?.length, WRONG_PASSWORDS_MAX);
  t.equal(outcomes.get('paused')?.length, 100 - WRONG_PASSWORDS_MAX);
});

void t.test('a new key and the configured password both count until the new one was used', async (t) => {
  const given: KeptPassword = { hash: hashRandomKey('6f43b19a07e2cc1ad0f7314c5b8890aa'), isUnproven: true };
  const own = { password: 'garage-42' };
  const kept = [given];
  const { offer, used } = siteWith({ own, kept });
  t.equal(await offer({ basic: basic('garage-42') }), 'password');
  t.strictSame(used, []);
  t.equal(await offer({ basic: basic(Buffer.from('6f43b19a07e2cc1ad0f7314c5b8890aa', 'hex')) }), 'password');
  t.strictSame(used, [given]);
  const proven = siteWith({ own, kept: [{ ...given, isUnproven: false }] });
  t.equal(await proven.offer({ basic: basic('garage-42') }), 'wrongPassword', 'the configured one is over');
  t.equal(await proven.offer({ basic: basic('6f43b19a07e2cc1ad0f7314c5b8890aa') }), 'password');
});

void t.test('a charger that may never have taken its first key is not locked out', async (t) => {
  const given: KeptPassword = { hash: hashRandomKey('6f43b19a07e2cc1ad0f7314c5b8890aa'), isUnproven: true };
  const { offer, used } = siteWith({ kept: [given] });
  t.equal(await offer(), 'nothing');
  t.equal(await offer({ basic: basic('factory') }), 'nothing');
  t.strictSame(used, []);
  t.equal(await offer({ basic: basic('6f43b19a07e2cc1ad0f7314c5b8890aa') }), 'nothing');
  t.strictSame(used, [given], 'but it is noticed when it has');
});
