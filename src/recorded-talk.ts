// What was said in a recording, paired: each message with the answer that it got, by whom and when. It decides nothing.
import type { QuirkId } from './domain/quirk.ts';
import type { TraceLine } from './domain/trace.ts';
import {
  readFrames,
  type CallFrame,
  type ErrorFrame,
  type Frame,
  type MessageId,
  type ResultFrame,
} from './ocpp/frame.ts';
import { isJsonObject } from './ocpp/v16/lenient.ts';

/** A line of the trace with the frames in it; none for what is no message. */
export interface RecordedLine {
  readonly line: TraceLine;
  readonly frames: readonly Frame[];
  /** What was odd about the text. */
  readonly oddities: readonly QuirkId[];
}

type AnswerFrame = ResultFrame | ErrorFrame;

/** A CALL of the central system. */
export interface RecordedCall {
  readonly call: CallFrame;
  readonly atMs: number;
  /** Null: the charger did not answer. */
  answer: AnswerFrame | null;
}

export interface RecordedTalk {
  readonly lines: readonly RecordedLine[];
  /** The answers to the charger's CALLs. */
  readonly answers: ReadonlyMap<CallFrame, AnswerFrame>;
  /** The CALLs of the central system, oldest first. */
  readonly calls: readonly RecordedCall[];
}

export function readTalk(trace: readonly TraceLine[]): RecordedTalk {
  const answers = new Map<CallFrame, AnswerFrame>();
  const calls: RecordedCall[] = [];
  const unansweredIn = new Map<MessageId, CallFrame>();
  const unansweredOut = new Map<MessageId, RecordedCall>();
  const lines = trace.map((line): RecordedLine => {
    if (line.kind === 'connected' || line.kind === 'disconnected') {
      // No answer comes over another connection.
      unansweredIn.clear();
      unansweredOut.clear();
      return { line, frames: [], oddities: [] };
    }
    const oddities: QuirkId[] = [];
    const frames = readFrames(line.text, (quirk) => oddities.push(quirk));
    for (const frame of frames) {
      if (line.kind === 'in' && frame.kind === 'call') unansweredIn.set(frame.id, frame);
      else if (line.kind === 'out' && frame.kind === 'call') {
        const call: RecordedCall = { call: frame, atMs: line.atMs, answer: null };
        calls.push(call);
        unansweredOut.set(frame.id, call);
      } else if (frame.kind === 'result' || frame.kind === 'error') {
        const asked = line.kind === 'in' ? takeOut(unansweredOut, frame.id) : undefined;
        const heard = line.kind === 'out' ? takeOut(unansweredIn, frame.id) : undefined;
        if (asked) asked.answer = frame;
        if (heard) answers.set(heard, frame);
      }
    }
    return { line, frames, oddities };
  });
  return { lines, answers, calls };
}

function takeOut<T>(unanswered: Map<MessageId, T>, id: MessageId): T | undefined {
  const call = unanswered.get(id);
  unanswered.delete(id);
  return call;
}

/** The status of an answer, in words. */
export function statusIn(payload: unknown): string {
  const status = isJsonObject(payload) ? payload['status'] : undefined;
  return typeof status === 'string' ? status : 'no status';
}

/** Of the answer to Authorize or StartTransaction: the status of the tag, or the code of a CALLERROR. */
export function tagStatusOf(frame: Frame | undefined): string {
  if (frame?.kind === 'error') return `CALLERROR ${frame.code}`;
  const info =
    frame?.kind === 'result' && isJsonObject(frame.payload) ? frame.payload['idTagInfo'] : undefined;
  return statusIn(info);
}

/** The id that StartTransaction was answered with, if it is one. */
export function transactionIdOf(frame: Frame | undefined): number | null {
  const id =
    frame?.kind === 'result' && isJsonObject(frame.payload) ? frame.payload['transactionId'] : undefined;
  return typeof id === 'number' && Number.isSafeInteger(id) ? id : null;
}
