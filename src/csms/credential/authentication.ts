// Whether who connects is the charger that it says it is: the site's way, the charger's own settings and what is kept of its
// password, together. What the wire looks like, and what is answered, is the OCPP layer's matter.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../runtime/clock.ts';
import type { Alarms } from '../alarms.ts';
import { keyBytes, keysMeantBy, passwordsIn } from './authorization-key.ts';
import { isPassword, parsePasswordHash, type PasswordHash } from './password-hash.ts';
import { WrongPasswords } from './wrong-passwords.ts';

/** What the configuration says of a charger; null: it does not say. */
export interface ChargerAuth {
  readonly auth: 'none' | 'optional' | 'required' | null;
  /** The password itself, or a hash of it. */
  readonly password: string | null;
  /** The common name of its certificate, where that is not its id. */
  readonly certificateName: string | null;
}

export interface AuthRules {
  readonly site: 'none' | 'basic' | 'certificate';
  readonly of: (chargePointId: string) => ChargerAuth;
}

/** Passwords that kwota keeps itself. */
export interface KeptPasswords {
  /** None: what the configuration says counts. */
  of(chargePointId: string): readonly KeptPassword[];
  /** One of those above was presented. */
  used(chargePointId: string, password: KeptPassword): void;
}

export interface KeptPassword {
  readonly hash: PasswordHash;
  /** Whether the configured password still counts beside it. */
  readonly isUnproven: boolean;
}

export interface Offered {
  readonly address: string;
  /** The id as it was written, where that is not the canonical one. */
  readonly writtenId: string;
  /** Decoded, `user:password`; null: none. */
  readonly basic: Buffer | null;
  /** Names in a client certificate that the site's authority has signed; null: none. */
  readonly certificateNames: readonly string[] | null;
}

export type AuthVerdict =
  | { readonly isAllowed: true; readonly by: 'nothing' | 'password' | 'certificate' }
  | {
      readonly isAllowed: false;
      readonly why:
        'noPassword' | 'wrongPassword' | 'passwordUnknown' | 'noCertificate' | 'otherCertificate' | 'busy';
    }
  | { readonly isAllowed: false; readonly why: 'paused'; readonly forMs: number };

const OPEN: AuthVerdict = { isAllowed: true, by: 'nothing' };

/** Costly comparisons at the same time: the threads are needed for files as well. */
const HASHED_AT_ONCE = 2;
/** Those that wait for one; a charger gives up sooner than the last of them would be through. */
const HASHED_WAITING_MAX = 500;
/** Wrong credentials that are remembered, so that who sends the same again costs nothing. */
const REFUSED_MAX = 10_000;
const HMAC_KEY_BYTES = 32;

export interface AuthenticationParts {
  readonly rules: AuthRules;
  readonly kept: KeptPasswords;
  readonly alarms: Alarms;
  readonly clock: Clock;
}

export class Authentication {
  readonly #parts: AuthenticationParts;
  readonly #wrong: WrongPasswords;
  /** Credentials are remembered by a digest that is worth nothing outside of this process. */
  readonly #hmacKey = randomBytes(HMAC_KEY_BYTES);
  readonly #accepted = new Map<string, Buffer>();
  readonly #refused = new Set<string>();
  readonly #waiting: (() => void)[] = [];
  #hashing = 0;

  constructor(parts: AuthenticationParts) {
    this.#parts = parts;
    this.#wrong = new WrongPasswords(parts.clock);
  }

  /** Never rejects. */
  async verify(chargePointId: string, offered: Offered): Promise<AuthVerdict> {
    const { rules, kept } = this.#parts;
    const own = rules.of(chargePointId);
    const passwords = kept.of(chargePointId);
    // A new key that the charger may never have taken asks nobody for a password.
    const isProven = passwords.some(({ isUnproven }) => !isUnproven);
    const isAsked = rules.site !== 'none' || own.password !== null || isProven;
    const auth = own.auth ?? (isAsked ? 'required' : 'none');
    if (auth === 'none') {
      if (own.auth === null) await this.#lookForNewKey(chargePointId, offered);
      return OPEN;
    }
    if (offered.certificateNames !== null) {
      const isOwn = isNamed(offered.certificateNames, own.certificateName ?? chargePointId);
      if (isOwn) return { isAllowed: true, by: 'certificate' };
      if (rules.site === 'certificate') return { isAllowed: false, why: 'otherCertificate' };
    }
    if (rules.site === 'certificate' && auth === 'required')
      return { isAllowed: false, why: 'noCertificate' };
    if (offered.basic === null) return auth === 'optional' ? OPEN : { isAllowed: false, why: 'noPassword' };
    if (own.password === null && passwords.length === 0) {
      return auth === 'optional' ? OPEN : { isAllowed: false, why: 'passwordUnknown' };
    }
    return this.#verifyPassword(chargePointId, offered, offered.basic, own.password);
  }

  /** To be called when a password was changed. */
  forget(chargePointId: string): void {
    this.#accepted.delete(chargePointId);
    this.#refused.clear();
  }

  /** A charger that was given its first key is let in whatever it presents, until it has used it. */
  async #lookForNewKey(chargePointId: string, { basic, writtenId }: Offered): Promise<void> {
    if (basic === null || this.#parts.kept.of(chargePointId).length === 0) return;
    await this.#isRight(chargePointId, writtenId, basic, null);
  }

  async #verifyPassword(
    id: string,
    offered: Offered,
    basic: Buffer,
    configured: string | null,
  ): Promise<AuthVerdict> {
    const { alarms } = this.#parts;
    const { address } = offered;
    const forMs = this.#wrong.pausedMs(address, id);
    if (forMs > 0) return { isAllowed: false, why: 'paused', forMs };
    // Counted before it is compared: a hundred at once are a hundred guesses.
    const isPauseDue = this.#wrong.tried(address, id);
    const isRight = await this.#isRight(id, offered.writtenId, basic, configured);
    if (isRight !== false) this.#wrong.right(address, id);
    if (isRight === null) return { isAllowed: false, why: 'busy' };
    if (isRight) {
      alarms.clear(`password/${id}`, 'AUTH');
      return { isAllowed: true, by: 'password' };
    }
    if (isPauseDue) {
      const message = `${id} at ${address} offers wrong passwords; set the password there, or kwota chargers password`;
      alarms.raise(`password/${id}`, 'AUTH', message);
    }
    return { isAllowed: false, why: 'wrongPassword' };
  }

  /** Null: too many wait to be compared. */
  async #isRight(
    id: string,
    writtenId: string,
    basic: Buffer,
    configured: string | null,
  ): Promise<boolean | null> {
    // With the configured password in it: when that changes, what was verified before is worth nothing.
    const about = JSON.stringify([id, configured]);
    const digest = createHmac('sha256', this.#hmacKey).update(about).update(basic).digest();
    const accepted = this.#accepted.get(id);
    if (accepted !== undefined && timingSafeEqual(accepted, digest)) return true;
    const refused = digest.toString('base64');
    if (this.#refused.has(refused)) return false;
    const keys = passwordsIn(basic, [id, writtenId]).flatMap((password) => keysMeantBy(password));
    const isRight = await this.#isAnyRight(id, keys, configured);
    if (isRight === true) this.#accepted.set(id, digest);
    else if (isRight === false) this.#refuse(refused);
    return isRight;
  }

  #refuse(digest: string): void {
    this.#refused.add(digest);
    const [oldest] = this.#refused;
    if (this.#refused.size > REFUSED_MAX && oldest !== undefined) this.#refused.delete(oldest);
  }

  async #isAnyRight(id: string, keys: readonly Buffer[], configured: string | null): Promise<boolean | null> {
    const { kept } = this.#parts;
    const passwords = kept.of(id);
    const doesConfiguredCount = passwords.every(({ isUnproven }) => isUnproven);
    const hash = configured === null ? null : parsePasswordHash(configured);
    if (doesConfiguredCount && configured !== null && hash === null && this.#isPlain(keys, configured))
      return true;
    for (const password of passwords) {
      const isRight = await this.#isHashed(keys, password.hash);
      if (isRight) kept.used(id, password);
      if (isRight !== false) return isRight;
    }
    return doesConfiguredCount && hash !== null ? this.#isHashed(keys, hash) : false;
  }

  /** Compared by digests: of equal length, whatever the password's. */
  #isPlain(keys: readonly Buffer[], configured: string): boolean {
    const digestOf = (key: Buffer) => createHmac('sha256', this.#hmacKey).update(key).digest();
    const wanted = digestOf(keyBytes(configured));
    return keys.filter((key) => timingSafeEqual(digestOf(key), wanted)).length > 0;
  }

  async #isHashed(keys: readonly Buffer[], hash: PasswordHash): Promise<boolean | null> {
    for (const key of keys) {
      if (!(await this.#turn())) return null;
      try {
        if (await isPassword(key, hash)) return true;
      } finally {
        this.#hashing -= 1;
        this.#waiting.shift()?.();
      }
    }
    return false;
  }

  /** Resolves with false when too many wait already. */
  async #turn(): Promise<boolean> {
    if (this.#hashing >= HASHED_AT_ONCE) {
      if (this.#waiting.length >= HASHED_WAITING_MAX) return false;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#hashing += 1;
    return true;
  }
}

/** Certificates write a name in any case. */
function isNamed(names: readonly string[], name: string): boolean {
  return names.some((one) => one.toLowerCase() === name.toLowerCase());
}
