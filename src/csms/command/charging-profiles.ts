// Charging profiles that are kept by name, and how one becomes the profile of a CALL. What kwota sets by itself is charging-limits.ts.
import type { Clock, EpochMs } from '../../runtime/clock.ts';
import { MAX_OWN_PROFILE_ID, ownProfileId } from '../restorations.ts';
import type { Journal } from '../journal.ts';
import type { Command, Effect, Payload } from './command.ts';

export interface NamedProfile {
  readonly name: string;
  /** A ChargingProfile of OCPP 1.6 §7.8, less what is known only when it is sent (transactionId). */
  readonly profile: Payload;
  readonly changedMs: EpochMs;
  readonly who: string;
}

/** As stored, one record. */
interface StoredProfiles {
  readonly profiles: readonly NamedProfile[];
}

const MAX_PROFILES = 200;
const NAME = /^[\w][\w .-]{0,62}$/;
const SITE = 'site';

export interface ChargingProfileParts {
  readonly journal: Journal;
  readonly problemsOf: (action: string, payload: unknown) => Promise<readonly string[] | null>;
  readonly clock: Clock;
}

export class ChargingProfiles {
  readonly #parts: ChargingProfileParts;

  constructor(parts: ChargingProfileParts) {
    this.#parts = parts;
  }

  /** By name. */
  all(): readonly NamedProfile[] {
    const stored = this.#parts.journal.live.other('chargingProfiles', SITE) as StoredProfiles | undefined;
    return stored?.profiles ?? [];
  }

  find(name: string): NamedProfile | undefined {
    return this.all().find((one) => one.name === name);
  }

  /** Keeps it, in place of one of the same name. Resolves with what is wrong, and nothing is kept then. */
  async put(name: string, profile: unknown, who: string): Promise<readonly string[]> {
    const { clock, problemsOf } = this.#parts;
    const asSent = { connectorId: 0, csChargingProfiles: profile };
    const problems = (await problemsOf('SetChargingProfile', asSent)) ?? [];
    const wrong = problems.map((problem) =>
      problem.replace(/^csChargingProfiles(?=[. ])\.?/, 'the profile '),
    );
    if (!NAME.test(name)) wrong.push('a name has up to 63 letters, digits, blanks, dots, dashes');
    if (wrong.length > 0) return wrong;
    const kept = profile as Payload;
    if (isOwnId(kept['chargingProfileId'] as number)) return [OWN_ID];
    const others = this.all().filter((one) => one.name !== name);
    if (others.length >= MAX_PROFILES) return [`there are ${MAX_PROFILES} profiles already`];
    const all = [...others, { name, profile: kept, changedMs: clock.now(), who }];
    this.#store(all.sort((a, b) => (a.name < b.name ? -1 : 1)));
    return [];
  }

  /** False: there is none. What chargers have of it stays there until it is cleared. */
  remove(name: string): boolean {
    if (!this.find(name)) return false;
    this.#store(this.all().filter((one) => one.name !== name));
    return true;
  }

  /** SetChargingProfile: `csChargingProfiles` may be a name; connectorId and transactionId are filled in where they are clear. */
  readonly setChargingProfile: Effect = {
    complete: (command) => {
      const profile = this.#resolve(command.payload['csChargingProfiles']);
      return typeof profile === 'string' ? profile : this.#placed(command, profile);
    },
  };

  /** For RemoteStartTransaction: of the transaction to come, which has no id yet (OCPP 1.6 §5.11.1). A string: why not. */
  forStart(chargingProfile: unknown): Payload | string {
    const profile = this.#resolve(chargingProfile);
    if (typeof profile === 'string') return profile;
    if (profile?.['chargingProfilePurpose'] !== 'TxProfile')
      return 'chargingProfile must be a TxProfile, for it is of the transaction that is to start';
    return Object.fromEntries(Object.entries(profile).filter(([key]) => key !== 'transactionId'));
  }

  #resolve(given: unknown): Payload | string | undefined {
    if (typeof given === 'object' && given !== null) return given as Payload;
    if (typeof given !== 'string') return undefined;
    return this.find(given)?.profile ?? `there is no charging profile named ${JSON.stringify(given)}`;
  }

  #placed({ chargePointId, payload }: Command, profile: Payload | undefined): Payload {
    if (profile === undefined) return payload;
    if (profile['chargingProfilePurpose'] !== 'TxProfile')
      return { ...payload, connectorId: payload['connectorId'] ?? 0, csChargingProfiles: profile };
    const running = this.#parts.journal.live.runningOfChargePoint(chargePointId);
    const { connectorId: asked } = payload;
    const meant = asked === undefined ? running : running.filter((one) => one.connectorId === asked);
    const session = meant.length === 1 ? meant[0] : undefined;
    const connectorId = asked ?? session?.connectorId;
    const transactionId = profile['transactionId'] ?? session?.transactionId;
    return {
      ...payload,
      ...(connectorId === undefined ? {} : { connectorId }),
      csChargingProfiles: { ...profile, ...(transactionId === undefined ? {} : { transactionId }) },
    };
  }

  #store(profiles: readonly NamedProfile[]): void {
    const stored: StoredProfiles = { profiles };
    this.#parts.journal.put('chargingProfiles', SITE, stored, null, null);
  }
}

const OWN_ID = `chargingProfileId ${ownProfileId(0)} to ${MAX_OWN_PROFILE_ID} are kwota's own; take another`;

function isOwnId(id: number): boolean {
  return id >= ownProfileId(0) && id <= MAX_OWN_PROFILE_ID;
}
