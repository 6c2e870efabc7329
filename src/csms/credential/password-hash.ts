// How a charger's password is kept: as a hash that costs time to guess, or a plain digest where nobody could guess the key anyway.
import { createHash, randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { keyBytes } from './authorization-key.ts';

const COST = { N: 16_384, r: 8, p: 1 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** What a hash in a file may ask of this machine: 128 MiB, and some seconds. */
const MAX_N = 131_072;
const MAX_R = 8;
const MAX_P = 4;

const FORM = /^scrypt:(\d{1,6}):(\d{1,2}):(\d):([\w-]{8,64}):([\w-]{22,88})$/;

/** A password that can be compared with. */
export type PasswordHash =
  | {
      readonly kind: 'scrypt';
      readonly N: number;
      readonly r: number;
      readonly p: number;
      /** base64url */
      readonly salt: string;
      readonly hash: string;
    }
  /** Of a key of 16 random bytes or more: it needs no costly hash. */
  | { readonly kind: 'sha256'; readonly salt: string; readonly hash: string };

/** Null: the text is no hash that this program writes. */
export function parsePasswordHash(text: string): PasswordHash | null {
  const [, n = '', r = '', p = '', salt = '', hash = ''] = FORM.exec(text) ?? [];
  const cost = { N: Number(n), r: Number(r), p: Number(p) };
  const isPowerOf2 = cost.N > 1 && (cost.N & (cost.N - 1)) === 0;
  if (!isPowerOf2 || cost.N > MAX_N || cost.r < 1 || cost.r > MAX_R || cost.p < 1 || cost.p > MAX_P)
    return null;
  return { kind: 'scrypt', ...cost, salt, hash };
}

/** As config.yaml takes it. */
export function passwordHashText(hash: PasswordHash): string {
  return hash.kind === 'scrypt'
    ? ['scrypt', hash.N, hash.r, hash.p, hash.salt, hash.hash].join(':')
    : ['sha256', hash.salt, hash.hash].join(':');
}

/** Of a password that somebody thought of. */
export async function hashPassword(text: string): Promise<PasswordHash> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(keyBytes(text), salt, HASH_BYTES, COST);
  return { kind: 'scrypt', ...COST, salt: salt.toString('base64url'), hash: hash.toString('base64url') };
}

/** Of a key of at least 16 random bytes, in hexadecimal. */
export function hashRandomKey(hex: string): PasswordHash {
  const salt = randomBytes(SALT_BYTES);
  const hash = digest(keyBytes(hex), salt);
  return { kind: 'sha256', salt: salt.toString('base64url'), hash: hash.toString('base64url') };
}

/** How long it takes says nothing of how much is right. */
export async function isPassword(key: Buffer, kept: PasswordHash): Promise<boolean> {
  const salt = Buffer.from(kept.salt, 'base64url');
  const hash = Buffer.from(kept.hash, 'base64url');
  const found = kept.kind === 'sha256' ? digest(key, salt) : await derive(key, salt, hash.length, kept);
  return found.length === hash.length && timingSafeEqual(found, hash);
}

function digest(key: Buffer, salt: Buffer): Buffer {
  return createHash('sha256').update(salt).update(key).digest();
}

function derive(key: Buffer, salt: Buffer, length: number, { N, r, p }: ScryptOptions): Promise<Buffer> {
  const maxmem = 256 * (N ?? 1) * (r ?? 1);
  return new Promise((resolve, reject) => {
    scrypt(key, salt, length, { N, r, p, maxmem } as ScryptOptions, (error, found) => {
      if (error) reject(error);
      else resolve(found);
    });
  });
}
