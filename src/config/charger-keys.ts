// The keys of chargers.settings: what may be said about a single charger, or those that a pattern fits.
import { DEFAULT_LADDER } from '../domain/stop-ladder.ts';
import { key, live, optionalKey, type Keys } from './key.ts';
import { list, number, oneOf, pairs, rung, secret, text } from './kind.ts';

const MAX_RUNGS = 20;
/** Keys of `configure`, here and for all chargers. */
export const MAX_CONFIGURE_KEYS = 50;

const PASSWORD_MIN_LENGTH = 8;
const PASSWORD_MAX_LENGTH = 200;

/** In the order of config.yaml. */
export const chargerKeys = {
  energyUnit: live(
    key(
      oneOf('auto', 'Wh', 'kWh'),
      'auto',
      'Unit of the energy register; auto believes the unit tag of each sample, and the standard (Wh) where there is none.',
    ),
  ),
  startStopUnit: live(
    key(
      oneOf('auto', 'Wh', 'kWh'),
      'auto',
      'Unit of meterStart and meterStop; auto is Wh, as the standard has it.',
    ),
  ),
  timeFormat: live(
    key(
      oneOf('s', 'ms'),
      's',
      'How a charger is told the time: whole seconds, or with three digits of fraction; the other is tried when it hangs up on it.',
    ),
  ),
  maxPowerKw: live(
    optionalKey(
      number(0.1, 10_000),
      '22',
      'The most that one connector can give, in kW; a register that moves faster is flagged.',
    ),
  ),
  stopLadder: live(
    key(
      list(rung(), MAX_RUNGS),
      DEFAULT_LADDER,
      'What is done to end a session that may not go on, one after the other, with the seconds to wait before each, until it has ended.',
    ),
  ),
  localStart: live(
    key(
      oneOf('allow', 'forbid'),
      'allow',
      'forbid switches off what lets a charger start without asking: its own list and cache of cards, also while offline, whatever configure says.',
    ),
  ),
  configure: live(
    key(
      pairs(MAX_CONFIGURE_KEYS),
      {},
      'Configuration keys of OCPP for this charger, beside and before those of configure.',
    ),
  ),
  auth: live(
    optionalKey(
      oneOf('none', 'optional', 'required'),
      'required',
      'Whether this charger has to show who it is; optional looks at a password only where one is sent. Unset: required where ocpp.auth asks for it or a password is set, else none.',
    ),
  ),
  password: live(
    optionalKey(
      secret(PASSWORD_MIN_LENGTH, PASSWORD_MAX_LENGTH),
      '${GARAGE_PASSWORD}',
      'The AuthorizationKey of this charger for HTTP Basic, as text or in hexadecimal, or what kwota chargers hash-password made of it.',
    ),
  ),
  certificateName: live(
    optionalKey(
      text(255),
      'SN-4711',
      'The common name in the certificate of this charger, where that is not its id.',
    ),
  ),
  brand: live(optionalKey(text(100), 'LIVOLTEK', 'Shown instead of the vendor that the charger reports.')),
} satisfies Keys;
