// Authorize: a card is shown at a charger, and may charge or not. What StartTransaction decides is sessions.ts.
import type { AuthorizationStatus } from '../domain/authorization.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Quotas } from './quotas.ts';
import type { ShownCards } from './shown-cards.ts';
import type { UnknownTags } from './unknown-tags.ts';

export interface AuthorizerParts {
  readonly quotas: Quotas;
  readonly cards: ShownCards;
  readonly unknownTags: UnknownTags;
  readonly clock: Clock;
  readonly log: Log;
}

export class Authorizer {
  readonly #parts: AuthorizerParts;

  constructor(parts: AuthorizerParts) {
    this.#parts = parts;
  }

  authorize(chargePointId: string, idTag: string): AuthorizationStatus {
    const { quotas, cards, unknownTags, clock, log } = this.#parts;
    const decision = quotas.decide(idTag, false);
    if (decision.status === 'Accepted') cards.accepted(chargePointId, idTag, clock.now());
    const reason = 'reason' in decision ? decision.reason : undefined;
    const similar = quotas.suggestionsFor(idTag, decision);
    if (decision.status === 'Invalid') unknownTags.seen(chargePointId, idTag, clock.now());
    log.info('AUTH', decision.status, { charger: chargePointId, user: idTag, reason, similar });
    return decision.status;
  }
}
