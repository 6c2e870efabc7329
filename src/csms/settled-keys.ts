// What became of each setting and question at a charger, so that it is not tried again before its firmware changes. On record with the charger.
import type { Journal } from './journal.ts';

export class SettledKeys {
  readonly #journal: Journal;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** Undefined: not tried with this firmware. */
  answerTo(chargePointId: string, what: string): string | undefined {
    const { firmwareVersion, refusals } = this.#journal.live.chargePoint(chargePointId) ?? {};
    return refusals?.firmwareVersion === firmwareVersion ? refusals?.answers[what] : undefined;
  }

  has(chargePointId: string, what: string): boolean {
    return this.answerTo(chargePointId, what) !== undefined;
  }

  remember(chargePointId: string, what: string, answer: string): void {
    const chargePoint = this.#journal.live.chargePoint(chargePointId);
    if (!chargePoint) return;
    const { firmwareVersion, refusals } = chargePoint;
    const before = refusals?.firmwareVersion === firmwareVersion ? refusals.answers : {};
    const answers = { ...before, [what]: answer };
    this.#journal.putChargePoint({ ...chargePoint, refusals: { firmwareVersion, answers } });
  }

  /** It has taken effect after all: should it be lost again, it is tried again. */
  forget(chargePointId: string, what: string): void {
    const chargePoint = this.#journal.live.chargePoint(chargePointId);
    if (!chargePoint?.refusals || !this.has(chargePointId, what)) return;
    const { firmwareVersion, answers } = chargePoint.refusals;
    const left = Object.fromEntries(Object.entries(answers).filter(([one]) => one !== what));
    this.#journal.putChargePoint({ ...chargePoint, refusals: { firmwareVersion, answers: left } });
  }
}
