// What keeps kwota from doing its work, as alarms: a store that takes nothing, files that cannot be written. They end by themselves,
// but for a damaged store: then they say how it is put back.
import { wayBack } from './backup/kept-backups.ts';
import type { Alarms } from './csms/alarms.ts';
import type { LiveViews } from './files/live-views.ts';
import { every, type CancelTimer, type Clock } from './runtime/clock.ts';
import type { Store } from './store/store.ts';

const LOOK_EVERY_MS = 1_000;
const STORE = 'store';
const FILES = 'shared-files';

export interface TroubleParts {
  readonly dataDir: string;
  readonly store: Store;
  readonly views: LiveViews;
  readonly alarms: Alarms;
  readonly clock: Clock;
}

/** From its start on, `store` and `shared-files` are alarms while they fail. */
export function watchTrouble({ dataDir, store, views, alarms, clock }: TroubleParts): CancelTimer {
  const tellStore = () => {
    const { reason, damage } = store.health();
    const remedy = damage === null ? '' : `; stop kwota; ${wayBack(damage, dataDir)}`;
    if (reason === null) alarms.clear(STORE, 'DATA');
    else alarms.raise(STORE, 'DATA', `nothing can be stored: ${reason}${remedy}`);
  };
  store.onHealth(tellStore);
  return every(clock, LOOK_EVERY_MS, () => {
    tellStore();
    const failing = views.failing();
    if (failing.length === 0) alarms.clear(FILES, 'DATA');
    else alarms.raise(FILES, 'DATA', failing.join('; '));
  });
}
