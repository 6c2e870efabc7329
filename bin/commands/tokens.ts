// `kwota tokens list|add|remove`: who else may use the API.
import type { AddedToken, ApiToken, NewToken } from '../../src/api/contract/tokens.ts';
import { createSiteClient } from '../../src/api/site-client.ts';
import { printable, printableJson } from '../../src/runtime/printable.ts';
import { withApi, type ApiOptions } from '../api-access.ts';
import { table } from '../table.ts';
import { timeText } from '../time-text.ts';

export interface TokensOptions extends ApiOptions {
  readonly json?: boolean;
}

export interface AddTokenOptions extends TokensOptions {
  readonly role: NewToken['role'];
}

const JSON_INDENT = 2;

export async function runTokensList(options: TokensOptions): Promise<void> {
  await withApi(options, async (_, access) => {
    const tokens = await createSiteClient(access).tokens();
    show(tokens, options, listText);
  });
}

export async function runTokensAdd(name: string, options: AddTokenOptions): Promise<void> {
  await withApi(options, async (_, access) => {
    const added = await createSiteClient(access).addToken({ name, role: options.role });
    show(added, options, addedText);
  });
}

export async function runTokensRemove(name: string, options: TokensOptions): Promise<void> {
  await withApi(options, async (_, access) => {
    await createSiteClient(access).removeToken(name);
    show({ removed: name }, options, () => `${printable(name)}: removed, it opens nothing any more\n`);
  });
}

function show<T>(value: T, { json }: TokensOptions, textOf: (value: T) => string): void {
  process.stdout.write(json ? `${printableJson(value, JSON_INDENT)}\n` : textOf(value));
}

function listText(tokens: readonly ApiToken[]): string {
  if (tokens.length === 0) return 'no token was added; the admin token of the data folder is always there\n';
  const rows = tokens.map(({ name, role, createdAt, by }) => [name, role, timeText(createdAt), by]);
  return table([['NAME', 'ROLE', 'ADDED', 'BY'], ...rows], process.stdout.columns || Infinity);
}

/** The token alone on a line of its own, so that it is easy to copy; what else is said goes where no pipe takes it. */
function addedText({ name, role, token }: AddedToken): string {
  process.stderr.write(`the token of ${printable(name)} (${role}); it is shown this once:\n`);
  return `${token}\n`;
}
