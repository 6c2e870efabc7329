// The admin token: made at the first start, readable by the owner alone; local commands and the dashboard use it.
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const NAME = join('.kwota', 'admin-token');
const BYTES = 32;
const OWNER_ONLY = 0o600;

/** Makes `.kwota/admin-token` in the data folder unless it exists. Returns the token. */
export async function ensureAdminToken(dataDir: string): Promise<string> {
  const path = join(dataDir, NAME);
  const token = randomBytes(BYTES).toString('base64url');
  try {
    await writeFile(path, `${token}\n`, { mode: OWNER_ONLY, flag: 'wx' });
    return token;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    return (await readFile(path, 'utf8')).trim();
  }
}
