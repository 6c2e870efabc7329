// The line in which people's commands to one charger wait: kept apart from what kwota sends by itself, which waits for one of them at most.

/** Most that wait at one charger; more are refused. */
const MAX_WAITING = 100;

/** Runs when its turn has come; must not reject. */
type Task = () => Promise<void>;

export class Turns {
  /** By charger; absent where nothing is under way. */
  readonly #waiting = new Map<string, Task[]>();

  /** Runs it when all that came before it have ended. Returns how to leave the line before that; null: the line is full. */
  take(chargePointId: string, task: Task): (() => void) | null {
    const waiting = this.#waiting.get(chargePointId);
    if (waiting === undefined) {
      this.#waiting.set(chargePointId, []);
      void this.#run(chargePointId, task);
      return () => undefined;
    }
    if (waiting.length >= MAX_WAITING) return null;
    waiting.push(task);
    return () => {
      const place = waiting.indexOf(task);
      if (place >= 0) waiting.splice(place, 1);
    };
  }

  async #run(chargePointId: string, first: Task): Promise<void> {
    const waiting = this.#waiting.get(chargePointId);
    for (let task: Task | undefined = first; task; task = waiting?.shift()) await task();
    this.#waiting.delete(chargePointId);
  }
}
