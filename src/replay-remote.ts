// The charger of a replay, as the engine's CALLs meet it: each is noted, and answered as the recorded charger answered.
import type { Answer, Remote } from './csms/remote.ts';
import { isJsonObject } from './ocpp/v16/lenient.ts';
import { statusIn, type RecordedCall } from './recorded-talk.ts';
import type { Clock } from './runtime/clock.ts';

/** A CALL of the recorded server that is further away is another one. */
const SAME_CALL_MS = 60_000;

/** CALLs that are alike, with the same answer. */
export interface SentCalls {
  readonly action: string;
  readonly payload: object;
  /** In words. */
  readonly answer: string;
  times: number;
  readonly firstMs: number;
  lastMs: number;
}

export interface ReplayRemote extends Remote {
  /** What would have been sent, in the order in which each was sent first. */
  sent(): readonly SentCalls[];
}

export interface ReplayRemoteParts {
  /** Oldest first. */
  readonly recorded: readonly RecordedCall[];
  readonly isConnected: () => boolean;
  readonly callTimeoutMs: number;
  readonly clock: Clock;
}

export function createReplayRemote(parts: ReplayRemoteParts): ReplayRemote {
  const { isConnected, callTimeoutMs, clock } = parts;
  const sent = new Map<string, SentCalls>();
  const recorded = Map.groupBy(parts.recorded, ({ call }) => likenessOf(call.action, call.payload));

  /** Each recorded CALL answers one: the first that is near enough in time. */
  function recordedOutcome(action: string, payload: object): Answer {
    const alike = recorded.get(likenessOf(action, payload)) ?? [];
    const sinceMs = clock.now() - SAME_CALL_MS;
    while (alike[0] && alike[0].atMs < sinceMs) alike.shift();
    const isNear = alike[0] !== undefined && alike[0].atMs <= clock.now() + SAME_CALL_MS;
    const answer = isNear ? alike.shift()?.answer : null;
    if (!answer) return { kind: 'timeout' };
    if (answer.kind === 'error') return answer;
    return { kind: 'result', payload: isJsonObject(answer.payload) ? answer.payload : {} };
  }

  function note(action: string, payload: object, answer: string): void {
    const nowMs = clock.now();
    const key = JSON.stringify([action, payload, answer]);
    const before = sent.get(key);
    if (!before) sent.set(key, { action, payload, answer, times: 1, firstMs: nowMs, lastMs: nowMs });
    else {
      before.times += 1;
      before.lastMs = nowMs;
    }
  }

  return {
    isConnected,
    async call(_, action, payload, isWanted) {
      if (isWanted && !isWanted()) return { kind: 'cancelled' };
      const outcome = recordedOutcome(action, payload);
      note(action, payload, describe(outcome));
      if (outcome.kind === 'timeout')
        await new Promise<void>((resolve) => clock.after(callTimeoutMs, resolve));
      return outcome;
    },
    sent: () => [...sent.values()],
  };
}

/** What two CALLs that mean the same have in common. */
function likenessOf(action: string, payload: unknown): string {
  const { transactionId, connectorId } = isJsonObject(payload) ? payload : {};
  return JSON.stringify([action, transactionId, connectorId]);
}

function describe(outcome: Answer): string {
  if (outcome.kind === 'timeout') return 'not answered';
  if (outcome.kind === 'error') return `${outcome.code} ${outcome.description}`.trim();
  return outcome.kind === 'result' ? statusIn(outcome.payload) : outcome.kind;
}
