// `kwota call`: one operation of OCPP 1.6 to one charger, and its answer.
import { createCommandClient } from '../../src/api/command-client.ts';
import { printableJson } from '../../src/runtime/printable.ts';
import { withApi, type ApiOptions } from '../api-access.ts';

const JSON_INDENT = 2;

export async function runCall(
  id: string,
  action: string,
  payload: object,
  options: ApiOptions,
): Promise<void> {
  await withApi(options, async (_, access) => {
    const answer = await createCommandClient(access).call(id, action, payload);
    process.stdout.write(`${printableJson(answer, JSON_INDENT)}\n`);
  });
}
