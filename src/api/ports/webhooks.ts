// What the API needs of webhooks; joined in src/webhooks.ts.

export interface WebhookStanding {
  readonly name: string;
  /** Without what may be secret. */
  readonly url: string;
  readonly isSigned: boolean;
  readonly waiting: number;
  readonly oldestMs: number | null;
  readonly parked: readonly {
    readonly notice: {
      readonly id: string;
      readonly event: 'began' | 'changed' | 'over' | 'test';
      readonly atMs: number;
      readonly alarm: { readonly id: string; readonly message: string };
    };
    readonly refusal: { readonly status: number; readonly reason: string };
  }[];
  readonly delivered: number;
  readonly failed: number;
  readonly lastDeliveredMs: number | null;
  readonly lastError: { readonly atMs: number; readonly reason: string } | null;
  readonly nextTryMs: number | null;
}

export interface ToldProgram {
  readonly name: string;
  status(): WebhookStanding;
  /** Sends something that is no alarm, now and once. */
  test(): Promise<{ readonly kind: 'delivered' } | { readonly kind: string; readonly reason: string }>;
  /** Sends what is parked, and what waits, now; returns how many were parked. */
  retry(by: string): number;
  /** Gives up what is parked; returns how many. */
  drop(by: string): number;
}

export interface WebhookPort {
  /** As configured. */
  all(): readonly ToldProgram[];
}
