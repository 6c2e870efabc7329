// Alarms about the machine that kwota runs on: its disk and its clock. Part of the composition root.
import type { Alarms } from './csms/alarms.ts';
import { freeBytes } from './files/disk-space.ts';
import { every, type CancelTimer, type Clock } from './runtime/clock.ts';
import { watchClock } from './runtime/clock-watch.ts';

const LOOK_EVERY_MS = 60_000;
/** The alarm is over when so much more than the least is free: it does not come and go with each file. */
const RELIEF = 1.1;
/** Nobody runs this program before it was written: such a clock was never set. */
const EARLIEST_MS = Date.UTC(2026, 0, 1);
/** For so long a jump of the clock stands among the alarms. */
const JUMP_SHOWN_MS = 3_600_000;
const MS_PER_MINUTE = 60_000;
const BYTES_PER_MIB = 1024 * 1024;

export interface MachineAlarmParts {
  readonly alarms: Alarms;
  readonly dataDir: string;
  /** Bytes; 0: never an alarm. Asked at each look. */
  readonly minFreeDisk: number;
  readonly clock: Clock;
  /** Of the disk that the folder is on; null: not known. */
  readonly freeBytesOf?: (folder: string) => Promise<number | null>;
}

export function watchMachine(parts: MachineAlarmParts): CancelTimer {
  const cancelClock = watchTime(parts);
  const cancelDisk = watchDisk(parts);
  return () => {
    cancelClock();
    cancelDisk();
  };
}

function watchTime({ alarms, clock }: MachineAlarmParts): CancelTimer {
  let cancelShown: CancelTimer = () => undefined;
  const look = () => {
    const id = 'clock-not-set';
    if (clock.now() >= EARLIEST_MS) {
      alarms.clear(id, 'DATA');
      return;
    }
    const date = new Date(clock.now()).toISOString().slice(0, 10);
    alarms.raise(id, 'DATA', `the clock of this machine says ${date}: set it, energy is booked by it`);
  };
  look();
  const cancelLook = every(clock, LOOK_EVERY_MS, look);
  const cancelWatch = watchClock(clock, (byMs) => {
    const minutes = Math.round(Math.abs(byMs) / MS_PER_MINUTE);
    const what =
      byMs > 0
        ? `went ahead by ${minutes} min at once, or the machine slept`
        : `was set back by ${minutes} min`;
    alarms.raise('clock-jump', 'DATA', `the clock of this machine ${what}; is it right now?`);
    cancelShown();
    cancelShown = clock.after(JUMP_SHOWN_MS, () => alarms.clear('clock-jump', 'DATA'));
  });
  return () => {
    for (const cancel of [cancelLook, cancelWatch, cancelShown]) cancel();
  };
}

function watchDisk(parts: MachineAlarmParts): CancelTimer {
  const { alarms, dataDir, clock, freeBytesOf = freeBytes } = parts;
  let isOver = false;
  let isLow = false;
  const look = async () => {
    const free = await freeBytesOf(dataDir);
    if (isOver || free === null) return;
    isLow = free < parts.minFreeDisk * (isLow ? RELIEF : 1);
    if (!isLow) {
      alarms.clear('disk', 'DATA');
      return;
    }
    // In steps, so that it is not another alarm each minute.
    const mib = Math.floor(free / BYTES_PER_MIB / 100) * 100;
    const left = mib === 0 ? 'less than 100 MiB are' : `about ${mib} MiB are`;
    alarms.raise(
      'disk',
      'DATA',
      `${left} free on the disk of ${dataDir}; when it is full, nothing is acknowledged`,
    );
  };
  void look();
  const cancel = every(clock, LOOK_EVERY_MS, () => void look());
  return () => {
    isOver = true;
    cancel();
  };
}
