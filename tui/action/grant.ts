// Extra kWh for this month, and taking them back.
import type { Grant } from '../../src/api/contract/users.ts';
import type { Account } from '../data/accounts.ts';
import type { Desk } from '../desk/desk.ts';
import { confirm } from '../dialog/confirm.ts';
import { openForm, type Refusal, type Values } from '../dialog/form.ts';
import { openMenu } from '../dialog/menu.ts';
import { kwh } from '../text/figures.ts';
import { msOf } from '../text/times.ts';
import { kwhOfWh, whOfText } from '../text/typed-figures.ts';

/** `kWh`: what is asked for already, to be looked at and sent. */
export function askGrant(desk: Desk, account: Account, kWh = ''): void {
  const { name, leftWh, limitWh, users } = account;
  const { snapshot, times } = desk.world();
  const month = snapshot.overview ? times.month(snapshot.overview.month) : 'this month';
  const ids = new Map<string, string>();
  openForm(desk, {
    title: `Grant extra kWh to ${name}`,
    text: [
      `For ${month}: gone when the month turns, whether used or not.`,
      leftWh === null || limitWh === null
        ? `${name} has no limit: a grant changes nothing.`
        : `${kwh(leftWh)} are left of ${kwh(limitWh)}.`,
      ...(users.every(({ isBlocked }) => isBlocked) ? [`${name} is blocked, and stays so.`] : []),
    ],
    fields: [
      {
        ...{ name: 'kWh', label: 'kWh', value: kWh },
        problem: (text) => ((whOfText(text) ?? 0) > 0 ? null : 'it is a figure more than 0, like 20 or 12.5'),
      },
      { name: 'note', label: 'Why (for the books)', value: '' },
    ],
    waiting: 'granting',
    send: (_, values) => grant(desk, account, values, sameId(desk, ids, values)),
  });
}

/** The same for the same request: the server grants nothing twice, unless it was started anew in between. */
function sameId(desk: Desk, ids: Map<string, string>, values: Values): string {
  const request = JSON.stringify(values);
  const id = ids.get(request) ?? desk.newId();
  ids.set(request, id);
  return id;
}

async function grant(
  desk: Desk,
  { name, users: [{ idTag }] }: Account,
  { kWh = '', note = '' }: Values,
  id: string,
): Promise<Refusal | null> {
  const request = { kWh: kwhOfWh(whOfText(kWh) ?? 0), ...(note === '' ? {} : { note }) };
  const answer = await desk.ask(({ users }) => users.grant(idTag, request, id));
  if (answer.isGood) {
    desk.say('done', `${kwh(answer.value.wh)} granted to ${name}`);
    readAnew(desk);
    return null;
  }
  const { code, message, hint } = answer.error;
  if (code === 'noServer')
    return {
      problem: `${message}: it may be granted all the same. Look what is granted by now before Enter asks again.`,
    };
  return { problem: `${message}; ${hint}.` };
}

function readAnew(desk: Desk): void {
  desk.read('users');
  desk.read('account');
}

/** Grants of this month that count. */
export function grantsToTakeBack(grants: readonly Grant[], month: string): readonly Grant[] {
  const revoked = new Set(grants.map(({ revokes }) => revokes));
  return grants.filter((one) => one.month === month && one.revokes === null && !revoked.has(one.id));
}

const SHOWN = 9;

export function askTakeBack(desk: Desk, { name }: Account, grants: readonly Grant[]): void {
  const { times, nowMs } = desk.world();
  openMenu(desk, {
    title: `Take a grant of ${name} back`,
    items: grants.slice(0, SHOWN).map((one, index) => ({
      key: String(index + 1),
      label: `${kwh(one.wh)} of ${times.short(msOf(one.at) ?? 0, nowMs)}${one.note === null ? '' : `, ${one.note}`}`,
      run: () => askTakeBackOf(desk, name, one),
    })),
  });
}

function askTakeBackOf(desk: Desk, name: string, { id, idTag, wh, by }: Grant): void {
  confirm(desk, {
    title: `Take ${kwh(wh)} back from ${name}?`,
    text: [`Granted by ${by}. If nothing is left then, what charges on this quota is stopped.`],
    verb: 'Take back',
    run: () =>
      desk.request({
        what: `take ${kwh(wh)} back from ${name}`,
        ask: ({ users }) => users.revoke(idTag, id),
        told: () => ({ isDone: true, text: `${kwh(wh)} are taken back from ${name}` }),
        after: () => readAnew(desk),
      }),
  });
}
