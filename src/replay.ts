// The other composition root: a recording through the real engine, on a store in memory, by the recorded clock. The same
// recording always gives the same report: no time, chance or place of the machine that runs it goes in.
import { begin, putUsersInForce, type Services } from './csms/services.ts';
import type { NextTransactionId } from './csms/transaction-ids.ts';
import { parseTimestamp } from './domain/timestamp.ts';
import type { User } from './domain/user.ts';
import { createEngine, type Engine } from './engine.ts';
import { readFrames, type CallFrame, type Frame } from './ocpp/frame.ts';
import { createRouter, type Router } from './ocpp/inbound.ts';
import {
  readTalk,
  tagStatusOf,
  transactionIdOf,
  type RecordedLine,
  type RecordedTalk,
} from './recorded-talk.ts';
import type { Recording } from './recording.ts';
import { createReplayClock, type ReplayClock } from './replay-clock.ts';
import { createReplayRemote, type ReplayRemote } from './replay-remote.ts';
import { reportOf, type OtherAnswer, type ReplayReport } from './replay-report.ts';
import { every } from './runtime/clock.ts';
import { silentLog } from './runtime/log.ts';
import { createMemoryStore } from './store/memory.ts';

/** As the server does it. */
const END_ABANDONED_EVERY_MS = 60_000;

/** Runs the recording; `users` take the place of those in its header. */
export async function replay(recording: Recording, users?: readonly User[]): Promise<ReplayReport> {
  const run = new ReplayRun(recording, users ?? recording.header.users.map(withoutName));
  return run.toItsEnd();
}

function withoutName(user: Omit<User, 'name' | 'surname'>): User {
  return { ...user, name: '', surname: '' };
}

class ReplayRun {
  readonly #recording: Recording;
  readonly #talk: RecordedTalk;
  readonly #clock: ReplayClock;
  readonly #remote: ReplayRemote;
  readonly #engine: Engine;
  readonly #otherAnswers: OtherAnswer[] = [];
  /** Null while the charger is not connected. */
  #router: Router | null = null;
  /** What the recorded server answered to the StartTransaction that is being handled. */
  #announcedId: number | undefined;
  /** By the payload of StartTransaction. */
  readonly #idByStart = new Map<string, number>();
  #messages = 0;
  #unreadable = 0;

  constructor(recording: Recording, users: readonly User[]) {
    const { config, lines, header } = recording;
    this.#recording = recording;
    this.#talk = readTalk(lines);
    this.#clock = createReplayClock(lines[0]?.atMs ?? parseTimestamp(header.madeAt) ?? 0);
    const clock = this.#clock;
    this.#remote = createReplayRemote({
      recorded: this.#talk.calls,
      isConnected: () => this.#router !== null,
      callTimeoutMs: config.ocpp.callTimeout * 1000,
      clock,
    });
    const store = createMemoryStore();
    this.#engine = createEngine({
      config,
      store,
      loaded: store.load(0),
      remote: this.#remote,
      nextTransactionId: this.#idSource(),
      clock,
      log: silentLog,
    });
    const { services, calendar } = this.#engine;
    putUsersInForce(services, users);
    begin(services, {}, calendar, clock.now(), silentLog);
  }

  async toItsEnd(): Promise<ReplayReport> {
    const { services, calendar } = this.#engine;
    const clock = this.#clock;
    this.#watchMonth();
    every(clock, END_ABANDONED_EVERY_MS, () => services.sessions.endAbandoned(clock.now()));
    for (const recorded of this.#talk.lines) {
      await clock.moveTo(recorded.line.atMs);
      this.#take(recorded);
      // What follows from it at once, such as a stop, comes before the next line.
      await clock.moveTo(clock.now());
    }
    await services.journal.durable();
    return reportOf({
      recording: this.#recording,
      services,
      calendar,
      nowMs: clock.now(),
      messages: this.#messages,
      unreadable: this.#unreadable,
      otherAnswers: this.#otherAnswers,
      calls: this.#remote.sent(),
    });
  }

  /** Looks at midnight, where the server looks every few seconds: a silent year would be millions of looks. */
  #watchMonth(): void {
    const { services, calendar } = this.#engine;
    const clock = this.#clock;
    const month = calendar.monthAt(clock.now());
    clock.after(calendar.dayAt(clock.now()).endMs - clock.now(), () => {
      if (calendar.monthAt(clock.now()) !== month) services.enforcer.reviewAll();
      this.#watchMonth();
    });
  }

  #take({ line, frames, oddities }: RecordedLine): void {
    const { services } = this.#engine;
    const { chargePointId } = this.#recording.header;
    if (line.kind === 'connected') this.#connect(services, chargePointId);
    else if (line.kind === 'disconnected') this.#disconnect(services, chargePointId);
    else if (line.kind === 'in') {
      // A trace may begin in the middle of a connection.
      const router = this.#router ?? this.#connect(services, chargePointId);
      services.chargePoints.heard(chargePointId, this.#clock.now());
      for (const quirk of oddities) services.quirks.seen(chargePointId, quirk, this.#clock.now());
      for (const frame of frames) this.#receive(router, frame);
    }
  }

  #connect({ chargePoints, enforcer, quirks }: Services, chargePointId: string): Router {
    const router = createRouter(
      chargePointId,
      this.#engine.routes,
      this.#clock,
      silentLog,
      (id, quirk, atMs) => quirks.seen(id, quirk, atMs),
    );
    this.#router = router;
    chargePoints.connected(chargePointId);
    enforcer.reviewChargePoint(chargePointId);
    return router;
  }

  #disconnect({ chargePoints }: Services, chargePointId: string): void {
    this.#router = null;
    chargePoints.disconnected(chargePointId);
  }

  #receive(router: Router, frame: Frame): void {
    if (frame.kind === 'problem') {
      this.#unreadable += 1;
      router.answerProblem(frame);
    } else if (frame.kind === 'call') {
      this.#messages += 1;
      this.#answer(router, frame);
    }
  }

  #answer(router: Router, call: CallFrame): void {
    const recorded = this.#talk.answers.get(call);
    if (call.action === 'StartTransaction') this.#announcedId = this.#announcedFor(call);
    const { text } = router.answer(call, this.#clock.now());
    this.#announcedId = undefined;
    if (recorded === undefined || (call.action !== 'Authorize' && call.action !== 'StartTransaction')) return;
    const was = tagStatusOf(recorded);
    const is = tagStatusOf(readFrames(text)[0]);
    if (was !== is) this.#otherAnswers.push({ atMs: this.#clock.now(), call, recorded: was, replayed: is });
  }

  #announcedFor(call: CallFrame): number | undefined {
    const answer = this.#talk.answers.get(call);
    return transactionIdOf(answer) ?? this.#idByStart.get(JSON.stringify(call.payload));
  }

  /**
   * The ids that the recorded server gave out, so that later messages fit: also for a StartTransaction whose answer was
   * lost and that was sent again. Where the recording tells none, the first that nobody has.
   */
  #idSource(): NextTransactionId {
    const given = new Set<number>();
    for (const [{ action, payload }, answer] of this.#talk.answers) {
      const id = action === 'StartTransaction' ? transactionIdOf(answer) : null;
      if (id === null) continue;
      given.add(id);
      this.#idByStart.set(JSON.stringify(payload), id);
    }
    let next = 1;
    return (isTaken) => {
      const announced = this.#announcedId;
      if (announced !== undefined && !isTaken(announced)) return announced;
      while (given.has(next) || isTaken(next)) next += 1;
      return next;
    };
  }
}
