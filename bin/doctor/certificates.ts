// Whether the certificates of the configuration can be used, and for how long.
import {
  CertificateError,
  readCertificates,
  type CertificatePaths,
} from '../../src/files/certificate-files.ts';
import { finding, type Finding } from './finding.ts';

const MS_PER_DAY = 86_400_000;
const SOON_DAYS = 30;

/** Null where the section names none. */
export async function checkCertificates(
  section: string,
  paths: CertificatePaths,
  nowMs: number,
): Promise<Finding | null> {
  try {
    const found = await readCertificates(section, paths);
    return found === null ? null : expiry(`${section}.cert`, found.expiresMs, nowMs);
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    return finding('bad', 'tls', error.message, error.hint);
  }
}

function expiry(key: string, expiresMs: number, nowMs: number): Finding {
  const date = new Date(expiresMs).toISOString().slice(0, 'YYYY-MM-DD'.length);
  const days = Math.floor((expiresMs - nowMs) / MS_PER_DAY);
  const hint = 'put a new one in its place; kwota takes it while it runs';
  if (days < 0) return finding('bad', 'tls', `${key} has expired on ${date}`, hint);
  if (days < SOON_DAYS) return finding('warning', 'tls', `${key} expires on ${date}, in ${days} days`, hint);
  return finding('ok', 'tls', `${key} is good until ${date}`);
}
