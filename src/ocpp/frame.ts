// OCPP-J framing: text ↔ CALL, CALLRESULT, CALLERROR. Knows no action's payload and no socket; broken text goes to frame-repair.ts.
import type { QuirkId } from '../domain/quirk.ts';
import type { OcppErrorCode } from './errors.ts';
import { salvageHead, salvagePayload, scanMessages } from './frame-repair.ts';

/** Longest message id that is echoed, in UTF-16 code units; the specification says 36, chargers exceed it. */
const MAX_MESSAGE_ID_LENGTH = 512;

/** Longest action name that is looked at. */
const MAX_ACTION_LENGTH = 128;

/** Longest description sent in a CALLERROR (OCPP-J 1.6, clause 4.2.3). */
const MAX_DESCRIPTION_LENGTH = 255;

/** How much of a broken text is kept for the operator, in UTF-16 code units. */
export const MAX_RAW_LENGTH = 2_000;

/** Echoed with its type: some chargers send JSON numbers and compare strictly. */
export type MessageId = string | number;

export interface CallFrame {
  readonly kind: 'call';
  readonly id: MessageId;
  readonly action: string;
  /** As it came; a missing or null payload is `{}`. */
  readonly payload: unknown;
  /** The beginning of the text when it was broken; only what a search could find is in the payload. */
  readonly raw?: string;
}

export interface ResultFrame {
  readonly kind: 'result';
  readonly id: MessageId;
  readonly payload: unknown;
}

export interface ErrorFrame {
  readonly kind: 'error';
  readonly id: MessageId;
  /** Any spelling. */
  readonly code: string;
  readonly description: string;
}

export interface ProblemFrame {
  readonly kind: 'problem';
  readonly problem: 'notJson' | 'notArray' | 'messageType' | 'messageId' | 'action' | 'tooManyMessages';
  /** What it tried to be: 2 CALL, 3 CALLRESULT, 4 CALLERROR; undefined when unreadable. */
  readonly messageType?: number;
  readonly id?: MessageId;
  readonly action?: string;
  /** The beginning of the text, when it is no JSON. */
  readonly raw?: string;
}

export type Frame = CallFrame | ResultFrame | ErrorFrame | ProblemFrame;

const none: readonly Frame[] = Object.freeze([]);

/**
 * The messages in the text of one WebSocket frame, in order: one, unless the charger breaks the rules; none for a
 * keepalive. `saw` is told what was odd about the text.
 */
export function readFrames(text: string, saw: (quirk: QuirkId) => void = () => undefined): readonly Frame[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    if (!isKeepalive(text)) return readBroken(text, saw);
    saw('keepalive-text');
    return none;
  }
  if (typeof parsed !== 'string' || !isKeepalive(parsed)) return [toFrame(parsed)];
  saw('keepalive-text');
  return none;
}

/** Some chargers send empty text, others the word `pong`, as a sign of life. */
function isKeepalive(text: string): boolean {
  return text.length < 32 && /^\s*(?:p[io]ng)?\s*$/i.test(text);
}

function readBroken(text: string, saw: (quirk: QuirkId) => void): readonly Frame[] {
  const { messages, unfinished, hasMore } = scanMessages(text);
  const frames = messages.map(readMended);
  if (unfinished !== '') frames.push(salvage(unfinished));
  if (hasMore) frames.push({ kind: 'problem', problem: 'tooManyMessages' });
  if (frames.length === 0) {
    frames.push({ kind: 'problem', problem: 'notJson', raw: text.slice(0, MAX_RAW_LENGTH) });
  }
  if (frames.length > 1) saw('joined-messages');
  // A frame that keeps its raw text was not mended: what is wrong with it is seen when it is answered.
  else if (frames.every((frame) => !('raw' in frame))) saw('broken-json');
  return frames;
}

function readMended(text: string): Frame {
  try {
    return toFrame(JSON.parse(text));
  } catch {
    return salvage(text);
  }
}

/** A transaction message is never refused: it is handed on with what a search finds. Of others only the head is read, for an answer. */
function salvage(text: string): Frame {
  const raw = text.slice(0, MAX_RAW_LENGTH);
  const head = salvageHead(text);
  if (head === undefined) return { kind: 'problem', problem: 'notJson', raw };
  const { id, action } = head;
  const payload = action === undefined ? undefined : salvagePayload(action, text);
  if (action === undefined || payload === undefined)
    return { kind: 'problem', problem: 'notJson', ...head, raw };
  return { kind: 'call', id, action, payload, raw };
}

/** Sorts a parsed JSON value into the kinds of frame. */
function toFrame(parsed: unknown): Frame {
  if (!Array.isArray(parsed)) return { kind: 'problem', problem: 'notArray' };
  const message: readonly unknown[] = parsed;
  const messageType = Number(message[0]);
  const id = message[1];
  if (!isMessageId(id)) return { kind: 'problem', problem: 'messageId', messageType };
  switch (messageType) {
    case 2: {
      const action = message[2];
      if (typeof action !== 'string' || action === '' || action.length > MAX_ACTION_LENGTH) {
        return { kind: 'problem', problem: 'action', messageType, id };
      }
      return { kind: 'call', id, action, payload: message[3] ?? {} };
    }
    case 3:
      return { kind: 'result', id, payload: message[2] ?? {} };
    case 4:
      return { kind: 'error', id, code: toText(message[2]), description: toText(message[3]) };
    default:
      return { kind: 'problem', problem: 'messageType', messageType, id };
  }
}

function isMessageId(id: unknown): id is MessageId {
  return typeof id === 'string' ? id.length <= MAX_MESSAGE_ID_LENGTH : Number.isFinite(id);
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The text of a CALL. */
export function callText(id: string, action: string, payload: unknown): string {
  return `[2,${JSON.stringify(id)},"${action}",${JSON.stringify(payload)}]`;
}

/** The text of a CALLRESULT. */
export function resultText(id: MessageId, payload: unknown): string {
  return `[3,${JSON.stringify(id)},${JSON.stringify(payload)}]`;
}

/** The text of a CALLERROR. */
export function errorText(id: MessageId, code: OcppErrorCode, description: string): string {
  return `[4,${JSON.stringify(id)},"${code}",${JSON.stringify(description.slice(0, MAX_DESCRIPTION_LENGTH))},{}]`;
}
