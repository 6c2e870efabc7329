// `kwota complete`, which shells ask at every Tab: the program's own words, and names that the running server knows.
import type { Command } from 'commander';
import { createApiClient, type ApiAccess } from '../../src/api/client.ts';
import { createSiteClient } from '../../src/api/site-client.ts';
import { createUserClient } from '../../src/api/user-client.ts';
import { printable } from '../../src/runtime/printable.ts';
import { accessOf } from '../api-access.ts';
import { completionOf, type Candidate, type NameKind } from '../completion.ts';

/** Nobody waits longer for a word. */
const ASK_WITHIN_MS = 1_500;
const MAX_NAMES = 200;

export async function runComplete(program: Command, words: readonly string[]): Promise<void> {
  const { candidates, from, prefix, given } = completionOf(program, words);
  if (from === 'files' || from === 'folders') {
    process.stdout.write(`:${from}\n`);
    return;
  }
  const names = from === null ? candidates : await knownNames(from, given);
  const begun = (words.at(-1) ?? '').slice(prefix.length);
  const lines = names
    // What a terminal would obey is no word to be put on its line.
    .filter(({ value }) => value.startsWith(begun) && printable(value) === value)
    .map(({ value, description }) => `${prefix}${value}\t${printable(description)}\n`);
  // Whatever a server that does not answer still holds open is not waited for.
  process.stdout.write(lines.join(''), () => process.exit(0));
}

/** None where nobody can be asked: a Tab is not the place to complain. */
async function knownNames(from: NameKind, given: Readonly<Record<string, string>>): Promise<Candidate[]> {
  if (from === 'actions') {
    const { centralSystemActions } = await import('../../src/ocpp/v16/messages.ts');
    return centralSystemActions.map((value) => ({ value, description: '' }));
  }
  const late = Promise.withResolvers<Candidate[]>();
  setTimeout(() => late.resolve([]), ASK_WITHIN_MS);
  try {
    const access = accessOf({ ...given, ...tokenOf(given) });
    return await Promise.race([ask[from](access), late.promise]);
  } catch {
    return [];
  }
}

/** As the command itself would get it. */
function tokenOf({ token = process.env['KWOTA_TOKEN'] }: Readonly<Record<string, string>>): {
  token?: string;
} {
  return token === undefined ? {} : { token };
}

const ask: Readonly<Record<Exclude<NameKind, 'actions'>, (access: ApiAccess) => Promise<Candidate[]>>> = {
  async chargers(access) {
    const all = await createApiClient(access).chargers();
    return all
      .slice(0, MAX_NAMES)
      .map(({ id, vendor, model }) => ({ value: id, description: `${vendor} ${model}`.trim() }));
  },
  async users(access) {
    const all = await createUserClient(access).users();
    return all
      .slice(0, MAX_NAMES)
      .map(({ idTag, name, surname }) => ({ value: idTag, description: `${name} ${surname}`.trim() }));
  },
  async sessions(access) {
    const { items } = await createSiteClient(access).sessions({ status: 'running', limit: MAX_NAMES });
    return items.map(({ transactionId, chargerId, userName, idTag }) => ({
      value: String(transactionId),
      description: `${chargerId} ${userName || idTag}`,
    }));
  },
  async tokens(access) {
    return (await createSiteClient(access).tokens()).map(({ name, role }) => ({
      value: name,
      description: role,
    }));
  },
};
