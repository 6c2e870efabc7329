// A few chargers that live through a list of steps: what they send, in which order, and what it has to come to.
import {
  bucket,
  cutTo,
  KINDS,
  startStopValue,
  timestamp,
  withId,
  type ChargerKind,
  type Style,
} from './model-charger.ts';
import type { ModelSession } from './model-session.ts';
import { isSamePlace, mayBeNewestFirst, type Message, type Step } from './model-step.ts';

interface Place {
  readonly kind: ChargerKind;
  /** What the car has drawn through the register that samples show, and the one of meterStart and meterStop. */
  sampleWh: number;
  startStopWh: number;
  /** When energy was last added to the registers. */
  atMs: number;
  /** What the samples' register showed when it was told last. */
  toldWh: number;
  session: ModelSession | null;
  buckets: object[];
  ended: ModelSession | null;
  held: Message | null;
}

const MAX_W = 22_000;
/** A wallbox after some years. Far more than flows in a run, so that lifetime and session registers cannot be mixed up. */
const LIFETIME_WH = 50_000_000;
/** Below this, a register that begins anew could not be told from one that jitters. */
const MIN_RESET_WH = 1000;
/** What a register that began anew shows at its first sample: surely less than half of MIN_RESET_WH. */
const MAX_AFTER_RESET_WH = 400;
/** Where start and stop count otherwise than the samples, a longer tail looks like another meter's: see closedEnergy. */
const MAX_MIXED_TAIL_WH = 1500;
/** A register creeps on while nobody charges. */
const IDLE_WH = 3;

export class ModelWorld {
  /** In the order of their starts. */
  readonly sessions: ModelSession[] = [];
  /** What chargers have to deliver, in the order in which they will. */
  readonly queues = new Map<string, Message[]>();
  /** What happened, for the record. */
  readonly happened = new Map<string, number>();
  readonly #places: Place[];
  readonly #offline = new Set<string>();
  readonly #beganMs: number;
  /** Started, and neither stopped nor followed by another, as far as the central system was told. */
  readonly #toldRunning = new Set<ModelSession>();

  /** Indexes of KINDS, the present, and when the second month begins. */
  constructor(kinds: readonly number[], atMs: number) {
    this.#beganMs = atMs;
    this.#places = kinds.map((index) => {
      const kind = KINDS[index]!;
      const startStopWh = kind.startStop === 'lifetime' ? LIFETIME_WH : 0;
      const sampleWh = kind.samples === 'lifetime' ? LIFETIME_WH : 0;
      const empty = { toldWh: sampleWh, session: null, buckets: [], ended: null, held: null };
      return { kind, sampleWh, startStopWh, atMs, ...empty };
    });
  }

  isOffline(chargePointId: string): boolean {
    return this.#offline.has(chargePointId);
  }

  runningIds(): number[] {
    return [...this.#toldRunning].map((session) => session.transactionId);
  }

  /** The world at `atMs`, after the step. What a charger has to say about it is in its queue. */
  take(step: Step, atMs: number): void {
    const place = this.#places[step.place % this.#places.length]!;
    this.#charge(place, step.power, atMs);
    if (place.session) this.#takeCharging(place, place.session, step, atMs);
    else if (step.action === 'start') this.#start(place, step, atMs);
    else if (step.action === 'sampleAfterStop' && place.ended && !place.held)
      this.#sampleAfterStop(place, place.ended, step.style, atMs);
    const { kind } = place;
    if (step.action === 'releaseStop') this.#release(place);
    else if (step.action === 'boot') this.#boot(kind);
    // Without a clock nobody can know when a queue was filled.
    else if (step.action === 'goOffline' && kind.clock !== '1970') this.#goOffline(kind.chargePointId);
    else if (step.action === 'comeBack') this.#comeBack(kind.chargePointId, false);
    else if (step.action === 'comeBackNewestFirst') this.#comeBack(kind.chargePointId, true);
  }

  #takeCharging(place: Place, session: ModelSession, step: Step, atMs: number): void {
    if (step.action === 'sample') this.#sample(place, session, step.style, atMs);
    else if (step.action === 'stop' || step.action === 'holdStop') this.#stop(place, session, step, atMs);
    else if (step.action === 'loseStop') this.#loseStop(place);
    else if (step.action === 'resetRegister') this.#reset(place, session, step.style, atMs);
    else if (step.action === 'startWhileOpen') {
      this.#note('startWhileOpen');
      this.#start(place, step, atMs);
    }
  }

  /** Everybody is online, and every stop that was held back is told. */
  settle(): void {
    for (const place of this.#places) this.#release(place);
    this.#offline.clear();
  }

  #note(what: string, count = 1): void {
    this.happened.set(what, (this.happened.get(what) ?? 0) + count);
  }

  #goOffline(chargePointId: string): void {
    if (this.#offline.has(chargePointId)) return;
    this.#offline.add(chargePointId);
    this.#note('offline');
  }

  #comeBack(chargePointId: string, isNewestFirst: boolean): void {
    if (!this.#offline.delete(chargePointId)) return;
    const queue = this.queues.get(chargePointId) ?? [];
    if (queue.length > 0) this.#note('queueDelivered');
    if (!isNewestFirst || !mayBeNewestFirst(queue)) return;
    // What belongs to one session stays in order: a charger needs the answer to its start for the rest.
    const sessions = new Set(queue.flatMap(({ session }) => session ?? []).reverse());
    // A status is told as it is, not as it was: those of the past are left out.
    const reordered = [...sessions].flatMap((session) => queue.filter((one) => one.session === session));
    if (sessions.size > 1) this.#note('newestFirst');
    this.queues.set(
      chargePointId,
      reordered.map((message) => ({ ...message, payload: () => message.payload(true) })),
    );
  }

  #charge(place: Place, power: number, atMs: number): void {
    const seconds = (atMs - place.atMs) / 1000;
    const drawn = Math.floor((MAX_W * power * seconds) / 100 / 3600);
    const wh = place.session ? drawn : Math.min(IDLE_WH, drawn);
    place.atMs = atMs;
    const isMixed = place.kind.samples !== place.kind.startStop;
    // Such a charger samples often enough; the model draws less instead.
    const most = isMixed && place.session ? MAX_MIXED_TAIL_WH - (place.sampleWh - place.toldWh) : wh;
    const added = Math.max(0, Math.min(wh, most));
    // A session register stands still, or starts anew anyhow.
    if (place.session || place.kind.samples === 'lifetime') place.sampleWh += added;
    if (place.session || place.kind.startStop === 'lifetime') place.startStopWh += added;
  }

  #start(place: Place, step: Step, atMs: number): void {
    const { kind } = place;
    const { chargePointId, connectorId } = kind;
    if (kind.samples === 'session') place.sampleWh = 0;
    if (kind.startStop === 'session') place.startStopWh = 0;
    place.toldWh = place.sampleWh;
    const session: ModelSession = {
      ...{ chargePointId, connectorId, idTag: step.idTag, isMixed: kind.samples !== kind.startStop },
      start: { wh: cutTo(place.startStopWh, kind.stopStepWh), atMs },
      ...{ samples: [], end: null, transactionId: 0 },
    };
    const open = this.sessions.findLast((other) => isSamePlace(other, session));
    if (open && !open.end) open.end = session.start;
    place.session = session;
    place.ended = null;
    place.buckets = [bucketAt(place, session.start.atMs, this.#beganMs, 'Transaction.Begin')];
    this.sessions.push(session);
    this.#note('start');
    const payload = {
      connectorId,
      idTag: step.idTag,
      meterStart: startStopValue(kind, session.start.wh, step.style),
      timestamp: timestamp(kind, atMs, this.#beganMs),
    };
    this.#send('StartTransaction', kind, session, () => payload, {
      // Two starts of a clock in 1970 may look alike: the engine takes the second for news once energy has flowed.
      isRepeatable: kind.clock !== '1970',
      left: () => {
        for (const other of this.#toldRunning) {
          // One from a queue that is older ends nothing.
          if (isSamePlace(other, session) && other.start.atMs <= atMs) this.#toldRunning.delete(other);
        }
        this.#toldRunning.add(session);
      },
    });
    this.#status(kind, 'Charging');
  }

  /** The charge ends, and its StopTransaction never comes. */
  #loseStop(place: Place): void {
    place.session = null;
    this.#note('stopLost');
  }

  #sample(place: Place, session: ModelSession, style: Style, atMs: number): void {
    const { kind } = place;
    const { chargePointId, connectorId } = kind;
    if (kind.forgetsSamplesOffline && this.#offline.has(chargePointId)) {
      this.#note('sampleForgotten');
      return;
    }
    const wh = cutTo(place.sampleWh, kind.sampleStepWh);
    place.toldWh = place.sampleWh;
    session.samples.push({ wh, atMs });
    const value = this.#bucket(place, session, style, atMs, wh);
    place.buckets.push(value);
    // Without a clock a sample without its id may be any session's.
    const idStyle = kind.clock === '1970' ? { ...style, id: 'named' as const } : style;
    this.#note(`id:${idStyle.id}`);
    this.#note(`bucket:${style.bucket}`);
    this.#send('MeterValues', kind, session, (isNamed) => {
      const payload = { connectorId, meterValue: [value] };
      return withId(payload, session.transactionId, isNamed ? { ...style, id: 'named' } : idStyle);
    });
  }

  #bucket(place: Place, session: ModelSession, style: Style, atMs: number, wh: number): object {
    const beginWh = session.isMixed || place.kind.samples === 'session' ? 0 : session.start.wh;
    return {
      timestamp: timestamp(place.kind, atMs, this.#beganMs),
      sampledValue: bucket(place.kind, wh, beginWh, style),
    };
  }

  #stop(place: Place, session: ModelSession, step: Step, atMs: number): void {
    const { kind } = place;
    // Without a clock and before all samples, Transaction.Begin in the data counts as told now: the month is not exact.
    const isUnclear = kind.clock === '1970' && session.samples.length === 0;
    const data: object[] = step.hasData ? place.buckets.slice(isUnclear ? 1 : 0) : [];
    if (step.hasData) {
      const wh = cutTo(place.sampleWh, kind.sampleStepWh);
      session.samples.push({ wh, atMs });
      data.push(bucketAt(place, atMs, this.#beganMs, 'Transaction.End'));
      this.#note('transactionData');
    }
    const end = { wh: cutTo(place.startStopWh, kind.stopStepWh), atMs };
    session.end = end;
    place.session = null;
    place.ended = session;
    const base = {
      meterStop: startStopValue(kind, end.wh, step.style),
      timestamp: timestamp(kind, atMs, this.#beganMs),
      ...(step.style.isTextual ? { idTag: step.idTag, reason: 'EVDisconnected' } : {}),
      ...(data.length > 0 ? { transactionData: data } : {}),
    };
    // Without a clock nobody can know when a late stop happened.
    const isHeld = step.action === 'holdStop' && kind.clock !== '1970';
    const message = this.#message(
      'StopTransaction',
      kind,
      session,
      (isNamed) => {
        const isOnly =
          !isHeld &&
          !isNamed &&
          kind.clock !== '1970' &&
          [...this.#toldRunning].filter((other) => other.chargePointId === kind.chargePointId).length === 1 &&
          this.#toldRunning.has(session);
        const style = isOnly ? step.style : { ...step.style, id: 'named' as const };
        if (style.id !== 'named' && style.id !== 'text') this.#note('stopWithoutId');
        return withId(base, session.transactionId, style);
      },
      { left: () => void this.#toldRunning.delete(session) },
    );
    if (isHeld && !place.held) {
      place.held = message;
      this.#note('stopHeld');
      return;
    }
    this.#queue(message);
    this.#note('stop');
    this.#status(kind, 'Available');
  }

  #release(place: Place): void {
    if (!place.held) return;
    if (place.session && place.held.session !== place.session) this.#note('stopAfterNextStart');
    this.#queue(place.held);
    place.held = null;
  }

  /** What the register shows after the end is nobody's. */
  #sampleAfterStop(place: Place, session: ModelSession, style: Style, atMs: number): void {
    const { kind } = place;
    const wh = cutTo(place.sampleWh, kind.sampleStepWh);
    const value = this.#bucket(place, session, style, atMs, wh);
    this.#note('sampleAfterStop');
    const { connectorId } = kind;
    const named = kind.clock === '1970' ? { ...style, id: 'named' as const } : style;
    this.#send('MeterValues', kind, session, (isNamed) =>
      withId(
        { connectorId, meterValue: [value] },
        session.transactionId,
        isNamed ? { ...style, id: 'named' } : named,
      ),
    );
  }

  /** The charger reboots in mid-charge: its register begins anew, and the first sample after shows a little. */
  #reset(place: Place, session: ModelSession, style: Style, atMs: number): void {
    const { kind } = place;
    const shown = session.samples.at(-1)?.wh ?? (session.isMixed ? 0 : session.start.wh);
    // Two registers that begin anew leave nobody who knows; what is never told cannot be booked.
    if (session.isMixed || shown < MIN_RESET_WH) return;
    if (kind.forgetsSamplesOffline && this.#offline.has(kind.chargePointId)) return;
    place.sampleWh = (place.sampleWh % MAX_AFTER_RESET_WH) + 1;
    place.startStopWh = place.sampleWh;
    this.#note('reset');
    this.#boot(kind);
    this.#sample(place, session, style, atMs);
  }

  #boot(kind: ChargerKind): void {
    this.#note('boot');
    const payload = { chargePointVendor: 'Müller', chargePointModel: kind.chargePointId };
    this.#send('BootNotification', kind, null, () => payload, { isRepeatable: false });
  }

  #status(kind: ChargerKind, status: string): void {
    const payload = { connectorId: kind.connectorId, status, errorCode: 'NoError' };
    // Without a timestamp an old one would be taken for the present.
    this.#send('StatusNotification', kind, null, () => payload, { isRepeatable: false });
  }

  #send(
    action: string,
    kind: ChargerKind,
    session: ModelSession | null,
    payload: Message['payload'],
    more: Partial<Message> = {},
  ): void {
    this.#queue(this.#message(action, kind, session, payload, more));
  }

  #message(
    action: string,
    { chargePointId }: ChargerKind,
    session: ModelSession | null,
    payload: Message['payload'],
    more: Partial<Message>,
  ): Message {
    return { chargePointId, action, session, payload, isRepeatable: true, left: () => undefined, ...more };
  }

  #queue(message: Message): void {
    const queue = this.queues.get(message.chargePointId);
    if (queue) queue.push(message);
    else this.queues.set(message.chargePointId, [message]);
  }
}

/** The register at the begin or the end of a transaction, as transactionData has it. */
function bucketAt(place: Place, atMs: number, bootedMs: number, context: string): object {
  const { kind, sampleWh } = place;
  const style = { bucket: 'plain', id: 'named', isTextual: false } as const;
  const wh = cutTo(sampleWh, kind.sampleStepWh);
  const sampledValue = bucket(kind, wh, 0, style).map((value) => ({ ...value, context }));
  return { timestamp: timestamp(kind, atMs, bootedMs), sampledValue };
}
