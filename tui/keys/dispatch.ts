// What a key does: the first table that knows it decides; what is blocked says why. A dialog has all keys.
import type { Desk } from '../desk/desk.ts';
import { blockedBy, type Binding } from './binding.ts';
import type { Press } from './press.ts';

/** Work while a dialog is open as well: nobody is kept, and a spoilt picture is mended. */
const ALWAYS = ['ctrl-c', 'ctrl-l'];

export function dispatch(press: Press, desk: Desk, tables: readonly (readonly Binding[])[]): void {
  const { dialog } = desk.world().ui;
  if (dialog !== null && !ALWAYS.includes(press.name)) {
    dialog.press(press, desk);
    return;
  }
  const binding = tables.flat().find(({ keys }) => keys.includes(press.name));
  if (!binding) return;
  const reason = blockedBy(binding, desk.world());
  if (reason === null) binding.run(desk);
  else desk.say('info', reason);
}
