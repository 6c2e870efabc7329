// What keeps kwota from doing its work, as alarms: a store that takes nothing, files that cannot be written. They end by themselves.
import type { Alarms } from './csms/alarms.ts';
import type { LiveViews } from './files/live-views.ts';
import { every, type CancelTimer, type Clock } from './runtime/clock.ts';
import type { Store } from './store/store.ts';

const LOOK_EVERY_MS = 1_000;
const STORE = 'store';
const FILES = 'shared-files';

/** From its start on, `store` and `shared-files` are alarms while they fail. */
export function watchTrouble(store: Store, views: LiveViews, alarms: Alarms, clock: Clock): CancelTimer {
  const tellStore = () => {
    const { reason } = store.health();
    if (reason === null) alarms.clear(STORE, 'DATA');
    else alarms.raise(STORE, 'DATA', `nothing can be stored: ${reason}`);
  };
  store.onHealth(tellStore);
  return every(clock, LOOK_EVERY_MS, () => {
    tellStore();
    const failing = views.failing();
    if (failing.length === 0) alarms.clear(FILES, 'DATA');
    else alarms.raise(FILES, 'DATA', failing.join('; '));
  });
}
