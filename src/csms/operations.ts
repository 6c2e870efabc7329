// The operations of the central system joined: what is sent for people, and what each leaves behind in kwota.
import type { SiteCalendar } from '../domain/site-calendar.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import { createChangeAvailability } from './command/availability.ts';
import { ChargingProfiles } from './command/charging-profiles.ts';
import type { Effects } from './command/command.ts';
import { LocalLists } from './command/local-lists.ts';
import { RemoteStarts } from './command/remote-starts.ts';
import { Reservations, type StartedOn } from './command/reservations.ts';
import { Transfers } from './command/transfers.ts';
import { UploadTargets, type UploadUrl } from './command/upload-targets.ts';
import { Commands, type CommandParts } from './commands.ts';
import type { Services } from './services.ts';

export interface OperationParts {
  readonly services: Services;
  readonly calendar: SiteCalendar;
  readonly problemsOf: CommandParts['problemsOf'];
  readonly turnWithinMs: number;
  readonly uploadUrl: UploadUrl;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Operations {
  readonly commands: Commands;
  readonly chargingProfiles: ChargingProfiles;
  readonly localLists: LocalLists;
  readonly remoteStarts: RemoteStarts;
  readonly reservations: Reservations;
  readonly transfers: Transfers;
  readonly uploadTargets: UploadTargets;
  /** To be told of each StartTransaction that has its session. */
  started(start: StartedOn): void;
}

export function createOperations(parts: OperationParts): Operations {
  const { services, calendar, problemsOf, turnWithinMs, uploadUrl, clock, log } = parts;
  const { journal, users, quotas, configurations, remote } = services;
  const chargingProfiles = new ChargingProfiles({ journal, problemsOf, clock });
  const remoteStarts = new RemoteStarts({ journal, users, profiles: chargingProfiles, clock, log });
  const reservations = new Reservations(journal, users, clock);
  const localLists = new LocalLists({ journal, users, quotas, calendar, configurations, clock });
  const uploadTargets = new UploadTargets(clock, uploadUrl);
  const transfers = new Transfers({ journal, targets: uploadTargets, clock });
  const effects: Effects = {
    CancelReservation: reservations.cancelReservation,
    ChangeAvailability: createChangeAvailability(journal),
    GetDiagnostics: transfers.getDiagnostics,
    GetLocalListVersion: localLists.getLocalListVersion,
    GetLog: transfers.getLog,
    RemoteStartTransaction: remoteStarts.remoteStartTransaction,
    ReserveNow: reservations.reserveNow,
    SendLocalList: localLists.sendLocalList,
    SetChargingProfile: chargingProfiles.setChargingProfile,
    SignedUpdateFirmware: transfers.signedUpdateFirmware,
    UpdateFirmware: transfers.updateFirmware,
  };
  return {
    commands: new Commands({ journal, remote, problemsOf, effects, turnWithinMs, clock, log }),
    ...{ chargingProfiles, localLists, remoteStarts, reservations, transfers, uploadTargets },
    started(start) {
      reservations.started(start);
      remoteStarts.started(start);
    },
  };
}
