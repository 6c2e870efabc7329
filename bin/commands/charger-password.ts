// `kwota chargers password ID` and `hash-password`: what a charger shows of who it is. Passwords come from a terminal or a pipe, never from arguments.
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { createChargerAdminClient } from '../../src/api/charger-admin-client.ts';
import { hashPassword, passwordHashText } from '../../src/csms/credential/password-hash.ts';
import { printable, printableJson } from '../../src/runtime/printable.ts';
import { withApi, type ApiOptions } from '../api-access.ts';
import { CommandError } from '../command-error.ts';

export interface ChargerPasswordOptions extends ApiOptions {
  readonly rotate?: boolean;
  readonly clear?: boolean;
  readonly json?: boolean;
}

const JSON_INDENT = 2;

/** Longer than any password: what is more is no password. */
const MAX_INPUT_LENGTH = 10_000;

/** Answers after which the charger uses the new one, at once or with its next restart. */
const TAKEN: ReadonlySet<string> = new Set(['accepted', 'rebootrequired']);

export async function runChargersPassword(id: string, options: ChargerPasswordOptions): Promise<void> {
  await withApi(options, async (_, access) => {
    const admin = createChargerAdminClient(access);
    if (options.clear === true) {
      await admin.clearPassword(id);
      say(
        options,
        { cleared: id },
        `${id}: no password is kept; that of config.yaml counts, if there is one`,
      );
    } else if (options.rotate === true) {
      const { status } = await admin.rotatePassword(id);
      if (!TAKEN.has(status.trim().toLowerCase())) {
        const hint = 'the old password still counts; kwota trace shows what the charger said';
        throw new CommandError(`${printable(id)} did not take a new password (${printable(status)})`, hint);
      }
      say(options, { charger: id, status }, `${id}: ${status}; the old one counts until the new one is used`);
    } else {
      await admin.setPassword(id, await askedPassword(`password of ${printable(id)}: `));
      say(options, { set: id }, `${id}: password set, it counts when the charger connects next`);
    }
  });
}

export async function runHashPassword(): Promise<void> {
  const hash = await hashPassword(await askedPassword('password: '));
  process.stdout.write(`${passwordHashText(hash)}\n`);
}

function say({ json }: ChargerPasswordOptions, value: object, text: string): void {
  process.stdout.write(json === true ? `${printableJson(value, JSON_INDENT)}\n` : `${printable(text)}\n`);
}

/** Not shown while it is typed; from a pipe, the first line. */
async function askedPassword(question: string): Promise<string> {
  const password = process.stdin.isTTY ? await typedPassword(question) : await pipedPassword();
  if (/^[\x21-\x7e]{8,200}$/.test(password)) return password;
  throw new CommandError(
    'this is no password for a charger',
    'it has 8 to 200 letters, digits and signs without blanks',
  );
}

async function typedPassword(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  process.stderr.write(question);
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}

async function pipedPassword(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += String(chunk);
    if (text.includes('\n') || text.length > MAX_INPUT_LENGTH) break;
  }
  return text.split(/\r?\n/)[0] ?? '';
}
