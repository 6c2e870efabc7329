// `kwota chargers local-list`: the users sent to a charger as its local authorization list.
import type { LocalListSent } from '../../src/api/contract/commands.ts';
import { createCommandClient } from '../../src/api/command-client.ts';
import { printable, printableJson } from '../../src/runtime/printable.ts';
import { withApi, type ApiOptions } from '../api-access.ts';

export interface LocalListOptions extends ApiOptions {
  readonly json?: boolean;
}

const JSON_INDENT = 2;

export async function runLocalList(id: string, options: LocalListOptions): Promise<void> {
  await withApi(options, async (_, access) => {
    const sent = await createCommandClient(access).sendLocalList(id);
    process.stdout.write(options.json ? `${printableJson(sent, JSON_INDENT)}\n` : sentText(id, sent));
  });
}

function sentText(id: string, { listVersion, entries, messages, tooLong }: LocalListSent): string {
  const left = tooLong === 0 ? '' : `; ${tooLong} left out: OCPP has room for tags of 20 characters`;
  const inMessages = messages === 1 ? 'one message' : `${messages} messages`;
  return `${printable(id)} has ${entries === 1 ? '1 card' : `${entries} cards`}, version ${listVersion}, in ${inMessages}${left}\n`;
}
