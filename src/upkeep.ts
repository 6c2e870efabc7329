// What is done now and then, whether or not a charger speaks: forgetting what is old, ending what nobody ends. Part of the composition root.
import type { Config } from './config/schema.ts';
import type { Services } from './csms/services.ts';
import { every, type CancelTimer, type Clock } from './runtime/clock.ts';
import type { Store } from './store/store.ts';

const FORGET_EVERY_MS = 3_600_000;
const END_ABANDONED_EVERY_MS = 60_000;
const KEEP_QUIRKS_EVERY_MS = 60_000;
const MS_PER_DAY = 86_400_000;

/** Old data is forgotten at once as well. */
export function startUpkeep(
  { config, clock }: { readonly config: Config; readonly clock: Clock },
  { quirks, sessions }: Pick<Services, 'quirks' | 'sessions'>,
  store: Pick<Store, 'forgetReadingsBefore' | 'forgetTracesBefore'>,
): CancelTimer {
  const forget = () => {
    store.forgetReadingsBefore(clock.now() - config.data.readingsDays * MS_PER_DAY);
    store.forgetTracesBefore(clock.now() - config.trace.days * MS_PER_DAY);
  };
  forget();
  const timers = [
    every(clock, FORGET_EVERY_MS, forget),
    every(clock, KEEP_QUIRKS_EVERY_MS, () => quirks.flush()),
    every(clock, END_ABANDONED_EVERY_MS, () => sessions.endAbandoned(clock.now())),
  ];
  return () => {
    for (const cancel of timers) cancel();
  };
}
