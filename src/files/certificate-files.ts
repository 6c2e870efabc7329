// The certificate files of a TLS port: read and checked when it opens, and again when one of them changes. What cannot be
// taken changes nothing: the certificates in use stay, with an alarm. It opens no port.
import { X509Certificate, createPrivateKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { every, type Clock } from '../runtime/clock.ts';
import type { Log, LogTag } from '../runtime/log.ts';
import { FileError } from './file-error.ts';
import { identify } from './file-identity.ts';
import { watchFile } from './watch.ts';

/** Of files that are replaced one after the other: time for the second one. */
const SETTLE_MS = 1_000;
const LOOK_EVERY_MS = 1_000;
const LOOK_AT_EXPIRY_EVERY_MS = 6 * 3_600_000;
const MAX_BYTES = 1_048_576;
const MS_PER_DAY = 86_400_000;

/** Long enough before for somebody to get a new one. */
const EXPIRES_SOON_DAYS = 14;

/** Files that make no TLS port. `hint` says what to do about it. */
export class CertificateError extends Error {
  readonly code: 'incomplete' | 'unreadable' | 'noCertificate' | 'noKey' | 'otherKey' | 'unusable';
  readonly hint: string;

  constructor(code: CertificateError['code'], message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CertificateError';
    this.code = code;
    this.hint = hint;
  }
}

/** Absolute paths; null: not set. */
export interface CertificatePaths {
  readonly cert: string | null;
  readonly key: string | null;
  readonly ca?: string | null;
}

/** In PEM. */
export interface Certificates {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca: Buffer | null;
  /** When the server's own runs out. */
  readonly expiresMs: number;
}

export interface CertificateFilesParts {
  /** Of the configuration, such as `ocpp.tls`. */
  readonly section: string;
  readonly paths: CertificatePaths;
  readonly clock: Clock;
  readonly log: Log;
  readonly alarms: {
    raise(id: string, tag: LogTag, message: string): void;
    clear(id: string, tag: LogTag): void;
  };
}

export interface CertificateFiles {
  readonly certificates: Certificates;
  /** Told what the files hold when they have changed and are good. */
  onRenewed(listener: (certificates: Certificates) => void): void;
  close(): void;
}

/** Null where the section names none; throws a CertificateError. */
export async function openCertificateFiles(parts: CertificateFilesParts): Promise<CertificateFiles | null> {
  const { section, paths, clock, log, alarms } = parts;
  // Before they are read: what changes meanwhile is a change. Whether they can be read shows when they are.
  const seen = await Promise.all(
    pathsOf(paths).map(async (path) => ({ path, known: await identify(path).catch(() => null) })),
  );
  const first = await readCertificates(section, paths);
  if (first === null) return null;
  const [unusable, expiry] = [`certificate-files/${section}`, `certificate-expiry/${section}`];
  const listeners: ((certificates: Certificates) => void)[] = [];
  let current = first;
  let cancelSettling: (() => void) | null = null;
  let isClosed = false;

  const lookAtExpiry = () => {
    const left = Math.floor((current.expiresMs - clock.now()) / MS_PER_DAY);
    if (left >= EXPIRES_SOON_DAYS) alarms.clear(expiry, 'CONNECT');
    else
      alarms.raise(
        expiry,
        'CONNECT',
        `${section}.cert ${left < 0 ? 'has expired' : `expires in ${left} days`}`,
      );
  };
  const readAgain = async () => {
    try {
      const found = await readCertificates(section, paths);
      if (found === null || isClosed) return;
      current = found;
      for (const listener of listeners) listener(found);
      alarms.clear(unusable, 'CONNECT');
      log.info('CONNECT', 'certificates renewed', {
        section,
        expires: new Date(found.expiresMs).toISOString(),
      });
      lookAtExpiry();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (!isClosed) alarms.raise(unusable, 'CONNECT', `${message}; the certificates in use stay`);
    }
  };
  const changed = () => {
    cancelSettling?.();
    cancelSettling = clock.after(SETTLE_MS, () => void readAgain());
  };
  const options = { clock, pollIntervalMs: LOOK_EVERY_MS, maxBytes: MAX_BYTES, onProblem: changed };
  const watches = seen.map(({ path, known }) => watchFile(path, { ...options, known }, changed));
  const cancelExpiry = every(clock, LOOK_AT_EXPIRY_EVERY_MS, lookAtExpiry);
  lookAtExpiry();
  return {
    certificates: first,
    onRenewed: (listener) => void listeners.push(listener),
    close() {
      isClosed = true;
      cancelSettling?.();
      cancelExpiry();
      for (const watch of watches) watch.close();
    },
  };
}

/** Null where neither certificate nor key is named; throws a CertificateError. */
export async function readCertificates(
  section: string,
  paths: CertificatePaths,
): Promise<Certificates | null> {
  if (paths.cert === null && paths.key === null) {
    if (typeof paths.ca === 'string') throw incomplete(section);
    return null;
  }
  if (paths.cert === null || paths.key === null) throw incomplete(section);
  // One after the other: of several that cannot be read, the first is told, and always the same.
  const cert = await readPem(`${section}.cert`, paths.cert);
  const key = await readPem(`${section}.key`, paths.key);
  const ca = typeof paths.ca === 'string' ? await readPem(`${section}.ca`, paths.ca) : null;
  const own = certificateIn(`${section}.cert`, cert);
  if (ca !== null) certificateIn(`${section}.ca`, ca);
  if (!own.checkPrivateKey(keyIn(`${section}.key`, key))) {
    const message = `${section}.key is not the key of the certificate in ${section}.cert`;
    throw new CertificateError(
      'otherKey',
      message,
      'the first certificate in the file has to be the server’s own',
    );
  }
  try {
    createSecureContext({ cert, key, ...(ca && { ca }) });
  } catch (cause) {
    const hint = 'the chain or the authority is no PEM that can be used';
    throw new CertificateError('unusable', `${section} makes no TLS: ${reasonOf(cause)}`, hint, { cause });
  }
  return { cert, key, ca, expiresMs: Date.parse(own.validTo) };
}

function pathsOf({ cert, key, ca = null }: CertificatePaths): string[] {
  return [cert, key, ca].filter((path) => path !== null);
}

async function readPem(key: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const { message } = FileError.from(cause, path, `read ${path}`);
    throw new CertificateError(
      'unreadable',
      `${key}: ${message}`,
      'the user who runs kwota has to be able to read it',
      {
        cause,
      },
    );
  }
}

function certificateIn(key: string, pem: Buffer): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    const hint = 'it has to be PEM: -----BEGIN CERTIFICATE-----';
    throw new CertificateError('noCertificate', `${key} holds no certificate`, hint, { cause });
  }
}

function keyIn(key: string, pem: Buffer): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    const hint = 'it has to be PEM without a passphrase: -----BEGIN PRIVATE KEY-----';
    throw new CertificateError('noKey', `${key} holds no private key that can be used`, hint, { cause });
  }
}

function incomplete(section: string): CertificateError {
  const hint = 'set both, or neither and no ca';
  return new CertificateError('incomplete', `${section} needs cert and key`, hint);
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
