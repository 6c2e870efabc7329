// Forwarding that a test makes up, as the API's port. Not part of the program.
import { readingIdText } from '../domain/reading-id.ts';
import type { ForwardPort, ParkedOne } from './ports/forward.ts';
import { NOON_MS } from './server.test-kit.ts';

export function parkedOne(slot: number): ParkedOne {
  return {
    slot,
    state: slot % 2 === 0 ? 'queued' : 'parked',
    reading: { id: slot, chargePointId: 'CP1', at: NOON_MS },
    status: 400,
    reason: '400 unknown charger',
    parkedMs: NOON_MS + 1000 * slot,
  };
}

/** Notes what it is asked to do. */
export function madeUpForwarding(parked: readonly ParkedOne[]): ForwardPort & { readonly asked: string[] } {
  const asked: string[] = [];
  const chosen = (ids: ReadonlySet<string> | null) =>
    parked.filter(({ reading }) => ids?.has(readingIdText(reading.id)) ?? true).length;
  return {
    asked,
    url: 'https://api.example.com/readings',
    forwarding: {
      status: () => ({
        pausedBy: null,
        queued: 7,
        oldestMs: NOON_MS - 60_000,
        parked: parked.length,
        delivered: 42,
        lastDeliveredMs: NOON_MS,
        lastError: { atMs: NOON_MS, reason: 'ECONNREFUSED' },
        nextTryMs: NOON_MS + 1000,
      }),
      parked: () => parked,
      pause: (by) => void asked.push(`pause by ${by}`),
      resume: (by) => void asked.push(`resume by ${by}`),
      retry(ids, by) {
        asked.push(`retry ${ids === null ? 'all' : [...ids].join(' ')} by ${by}`);
        return chosen(ids);
      },
      drop(ids, by) {
        asked.push(`drop ${ids === null ? 'all' : [...ids].join(' ')} by ${by}`);
        return chosen(ids);
      },
    },
  };
}
