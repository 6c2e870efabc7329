// The configuration keys of a charger: read from it now, found by typing, changed in a form.
import type { Desk } from '../desk/desk.ts';
import { placeKey, placeOf } from '../desk/ui-state.ts';
import { openForm } from '../dialog/form.ts';
import { pick, type Choice } from '../dialog/pick.ts';
import { plural } from '../text/figures.ts';
import { toldOf } from './answers.ts';
import type { Target } from './charger-actions.ts';

export function askConfiguration(desk: Desk, { charger }: Target): void {
  const { id } = charger;
  const from = placeKey(placeOf(desk.world().ui));
  desk.request({
    what: `${id}: read the configuration`,
    ask: ({ commands }) => commands.call(id, 'GetConfiguration', {}),
    told: (answer) => {
      const keys = keysOf(answer);
      const { ui } = desk.world();
      // Somebody who went on meanwhile is not brought back.
      const isWaiting = ui.dialog === null && placeKey(placeOf(ui)) === from;
      if (isWaiting && keys.length > 0) pickKey(desk, id, keys);
      return { isDone: true, text: `${id} told ${plural(keys.length, 'configuration key')}` };
    },
  });
}

interface ConfigurationKey {
  readonly key: string;
  readonly value: string;
  readonly isReadonly: boolean;
}

/** Of the answer to GetConfiguration (OCPP 1.6 §6.24); what is no key is left out. */
function keysOf(answer: unknown): readonly ConfigurationKey[] {
  const list = (answer as { configurationKey?: unknown } | null)?.configurationKey;
  if (!Array.isArray(list)) return [];
  return (list as readonly unknown[]).flatMap((one) => {
    const { key, value, readonly } = (one ?? {}) as Record<string, unknown>;
    if (typeof key !== 'string') return [];
    return [
      {
        key,
        value: typeof value === 'string' ? value : '',
        isReadonly: readonly === true || readonly === 'true',
      },
    ];
  });
}

function pickKey(desk: Desk, chargerId: string, keys: readonly ConfigurationKey[]): void {
  const choiceOf = ({ key, value, isReadonly }: ConfigurationKey): Choice => ({
    id: key,
    label: key,
    note: `${value}${isReadonly ? '  (read-only)' : ''}`,
  });
  pick(desk, {
    title: `Configuration of ${chargerId}`,
    prompt: 'Key',
    choices: keys.map(choiceOf),
    run: (_, { id }) => {
      const chosen = keys.find(({ key }) => key === id);
      if (chosen?.isReadonly === true)
        desk.say('info', `${id} cannot be changed: the charger says it is read-only`);
      else if (chosen) editKey(desk, chargerId, chosen);
    },
  });
}

function editKey(desk: Desk, chargerId: string, { key, value }: ConfigurationKey): void {
  openForm(desk, {
    title: `${key} of ${chargerId}`,
    fields: [{ name: 'value', label: 'Value', value }],
    run: (_, { value: next = '' }) => {
      const what = `${chargerId}: ${key} = ${next}`;
      desk.request({
        what,
        ask: ({ commands }) => commands.call(chargerId, 'ChangeConfiguration', { key, value: next }),
        told: toldOf(what),
      });
    },
  });
}
