// A webhook that a test makes up, as the API's port. Not part of the program.
import type { ToldProgram, WebhookPort } from './ports/webhooks.ts';
import { NOON_MS } from './server.test-kit.ts';

/** Notes what it is asked to do. */
export function madeUpWebhook(
  name: string,
  refusalOfTest: string | null = null,
): WebhookPort & { readonly asked: string[] } {
  const asked: string[] = [];
  const one: ToldProgram = {
    name,
    status: () => ({
      ...{ name, url: 'https://hooks.example.com/kwota', isSigned: true, waiting: 2, oldestMs: NOON_MS },
      parked: [
        {
          notice: {
            ...{ id: 'the-key', event: 'began', atMs: NOON_MS },
            alarm: { id: 'offline/CP1', message: 'CP1 is not connected' },
          },
          refusal: { status: 400, reason: '400 no' },
        },
      ],
      ...{ delivered: 7, failed: 3, lastDeliveredMs: NOON_MS, nextTryMs: NOON_MS + 1000 },
      lastError: { atMs: NOON_MS, reason: 'ECONNREFUSED' },
    }),
    test() {
      asked.push('test');
      if (refusalOfTest === null) return Promise.resolve({ kind: 'delivered' });
      return Promise.resolve({ kind: 'failed', reason: refusalOfTest });
    },
    retry(by) {
      asked.push(`retry by ${by}`);
      return 1;
    },
    drop(by) {
      asked.push(`drop by ${by}`);
      return 1;
    },
  };
  return { asked, all: () => [one] };
}
