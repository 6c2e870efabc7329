// What a key does: the first table that knows it decides; what is blocked says why. A dialog has all keys.
import type { Desk } from '../desk/desk.ts';
import { blockedBy, type Binding } from './binding.ts';
import type { Press } from './press.ts';

export function dispatch(press: Press, desk: Desk, tables: readonly (readonly Binding[])[]): void {
  const { dialog } = desk.world().ui;
  if (dialog !== null) {
    dialog.press(press, desk);
    return;
  }
  const binding = tables.flat().find(({ keys }) => keys.includes(press.name));
  if (!binding) return;
  const reason = blockedBy(binding, desk.world());
  if (reason === null) binding.run(desk);
  else desk.say('info', reason);
}
