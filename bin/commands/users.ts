// `kwota users …`: who may charge, as text for people or JSON for programs.
import { createInterface } from 'node:readline/promises';
import type { Grant, UserChange } from '../../src/api/contract/users.ts';
import { kWhOf } from '../../src/domain/energy.ts';
import { printable, printableJson } from '../../src/runtime/printable.ts';
import type { ApiOptions } from '../api-access.ts';
import { CommandError } from '../command-error.ts';
import { table } from '../table.ts';
import { readUserList } from '../user-list.ts';
import type { DeskUser, ServerDesk, UsersDesk } from '../users-desk.ts';
import { withUsersDesk } from '../users-access.ts';

export interface UsersOptions extends ApiOptions {
  readonly json?: boolean;
}

export interface UserFieldOptions extends UsersOptions {
  readonly name?: string;
  readonly surname?: string;
  /** kWh. */
  readonly quota?: number;
  readonly unlimited?: boolean;
  readonly account?: string;
  readonly expires?: string;
}

export interface GrantOptions extends UsersOptions {
  readonly month?: string;
  readonly note?: string;
}

export interface EnrollOptions extends UserFieldOptions {
  readonly charger?: string;
  /** In seconds. */
  readonly wait: number;
}

export async function runUsersList(options: UsersOptions): Promise<void> {
  await withUsersDesk(options, async (desk) => {
    const users = await desk.list();
    print(options, { items: users }, () => listText(users, desk.server !== null));
  });
}

export async function runUsersAdd(idTag: string, options: UserFieldOptions): Promise<void> {
  await withUsersDesk(options, async (desk) => {
    const user = await desk.add(idTag, fieldsOf(options));
    print(options, user, () => `added: ${userText(user)}\n`);
  });
}

export async function runUsersSet(idTag: string, options: UserFieldOptions): Promise<void> {
  const fields = fieldsOf(options);
  if (Object.keys(fields).length === 0)
    throw new CommandError('nothing is asked for', 'name what to change, for example --quota 200');
  await change(idTag, fields, options);
}

export async function runUsersBlock(idTag: string, isBlocked: boolean, options: UsersOptions): Promise<void> {
  await change(idTag, { isBlocked }, options);
}

async function change(idTag: string, fields: UserChange, options: UsersOptions): Promise<void> {
  await withUsersDesk(options, async (desk) => {
    const user = await desk.change(idTag, fields);
    print(options, user, () => `changed: ${userText(user)}\n`);
  });
}

export async function runUsersRemove(idTag: string, options: UsersOptions): Promise<void> {
  await withUsersDesk(options, async (desk) => {
    await desk.remove(idTag);
    print(options, { removed: idTag }, () => `removed: ${idTag}\n`);
  });
}

export async function runUsersImport(file: string, options: UsersOptions): Promise<void> {
  const list = await readUserList(file);
  await withUsersDesk(options, async (desk) => {
    const counts = await desk.import(list);
    const { added, changed, unchanged } = counts;
    print(options, counts, () => `${added} added, ${changed} changed, ${unchanged} unchanged\n`);
  });
}

export async function runUsersGrant(idTag: string, kWh: number, options: GrantOptions): Promise<void> {
  await withServer(options, async (server) => {
    const { month, note } = options;
    const grant = await server.grant(idTag, {
      kWh,
      ...(month === undefined ? {} : { month }),
      ...(note === undefined ? {} : { note }),
    });
    print(options, grant, () => `granted: ${kWhOf(grant.wh)} kWh to ${grant.idTag} for ${grant.month}\n`);
  });
}

export async function runUsersGrants(idTag: string, options: UsersOptions): Promise<void> {
  await withServer(options, async (server) => {
    const grants = await server.grants(idTag);
    print(options, { items: grants }, () => grantsText(grants));
  });
}

export async function runUsersRevoke(idTag: string, grantId: string, options: UsersOptions): Promise<void> {
  await withServer(options, async (server) => {
    const grant = await server.revoke(idTag, grantId);
    print(options, grant, () => `taken back: ${kWhOf(-grant.wh)} kWh of ${grant.idTag} for ${grant.month}\n`);
  });
}

export async function runUsersEnroll(options: EnrollOptions): Promise<void> {
  await withServer(options, async (server, desk) => {
    const where = options.charger === undefined ? 'at any charger' : `at ${options.charger}`;
    tell(`Hold the card to the reader ${where} (${options.wait} s) …`);
    const card = await server.nextUnknownTag(options.charger, options.wait);
    tell(`${card.idTag} was shown at ${card.chargerId}`);
    for (const { idTag, likeness } of card.suggestions) tell(`it may be the card of ${idTag} (${likeness})`);
    const user = await desk.add(card.idTag, await askedFields(options));
    print(options, user, () => `enrolled: ${userText(user)}\n`);
  });
}

async function withServer(
  options: UsersOptions,
  run: (server: ServerDesk, desk: UsersDesk) => Promise<void>,
): Promise<void> {
  await withUsersDesk(options, async (desk) => {
    if (desk.server) return run(desk.server, desk);
    throw new CommandError(
      'no server runs, and this needs one: grants and cards shown are not in users1.csv',
      'start one with kwota serve, name another folder with --data, or use --url and --token',
    );
  });
}

/** What the options leave open is asked where somebody sits at a terminal. */
async function askedFields(options: EnrollOptions): Promise<UserChange> {
  const fields = fieldsOf(options);
  const isOpen = options.name === undefined && options.quota === undefined && options.unlimited !== true;
  if (!isOpen || !process.stdin.isTTY) return fields;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const name = await terminal.question('Name: ');
    const surname = await terminal.question('Surname: ');
    const quota = await terminal.question('kWh a month (empty: unlimited): ');
    const limit = quota.trim() === '' ? { isUnlimited: true } : { quotaKwh: Number(quota.replace(',', '.')) };
    return { ...fields, name, surname, ...limit };
  } finally {
    terminal.close();
  }
}

function fieldsOf({ name, surname, quota, unlimited, account, expires }: UserFieldOptions): UserChange {
  return {
    ...(name === undefined ? {} : { name }),
    ...(surname === undefined ? {} : { surname }),
    ...(quota === undefined ? {} : { quotaKwh: quota }),
    ...(unlimited === undefined ? {} : { isUnlimited: unlimited }),
    ...(account === undefined ? {} : { account: account === '' ? null : account }),
    ...(expires === undefined ? {} : { expires: expires === '' ? null : expires }),
  };
}

function listText(users: readonly DeskUser[], hasUsage: boolean): string {
  if (users.length === 0) return 'no users: every card is refused\n';
  const heading = ['ID TAG', 'NAME', 'QUOTA KWH', ...(hasUsage ? ['USED', 'LEFT'] : []), 'ACCOUNT', 'STATE'];
  const rows = users.map((user) => [
    user.idTag,
    `${user.name} ${user.surname}`.trim(),
    user.isUnlimited ? 'unlimited' : String(user.quotaKwh),
    ...(hasUsage ? [amount(user.usedWh), amount(user.leftWh)] : []),
    user.account ?? '-',
    stateOf(user),
  ]);
  return table([heading, ...rows], process.stdout.columns || Infinity);
}

function amount(wh: number | null | undefined): string {
  return typeof wh === 'number' ? kWhOf(wh).toFixed(3) : '-';
}

function stateOf({ isBlocked, expires, running = 0 }: DeskUser): string {
  const words = [
    ...(isBlocked ? ['blocked'] : []),
    ...(running > 0 ? ['charging'] : []),
    ...(expires === null ? [] : [`until ${expires}`]),
  ];
  return words.join(', ') || '-';
}

function userText(user: DeskUser): string {
  const name = `${user.name} ${user.surname}`.trim();
  const quota = user.isUnlimited ? 'unlimited' : `${user.quotaKwh} kWh a month`;
  const state = stateOf(user);
  return [`${user.idTag}${name === '' ? '' : ` (${name})`}`, quota, ...(state === '-' ? [] : [state])].join(
    ', ',
  );
}

function grantsText(grants: readonly Grant[]): string {
  if (grants.length === 0) return 'no grants\n';
  const heading = ['MONTH', 'KWH', 'AT', 'BY', 'ID', 'NOTE'];
  const rows = grants.map(({ month, wh, at, by, id, note, revokes }) => [
    ...[month, String(kWhOf(wh)), at, by, id],
    revokes === null ? (note ?? '-') : `takes back ${revokes}`,
  ]);
  return table([heading, ...rows], process.stdout.columns || Infinity);
}

function print(options: UsersOptions, value: object, text: () => string): void {
  // Line by line: each is made harmless for a terminal, and the line ends stay.
  const lines = () => text().split('\n').map(printable).join('\n');
  process.stdout.write(options.json === true ? `${printableJson(value, 2)}\n` : lines());
}

/** For who waits; stdout is the answer's. */
function tell(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}
